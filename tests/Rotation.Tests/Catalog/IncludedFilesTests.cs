using System.Text;
using System.Text.Json;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>A catalog in several files: what an included one may say, where problems are told, and what is read again.</summary>
public sealed class IncludedFilesTests
{
    private const string Main = """
        version: 1
        include: teams/*.yaml
        groups: { payments: { atOnce: 2 } }
        teams: { platform: [anna, ben] }
        defaults:
          grace: 12h
          interval: 30d
          freezes: { year-end: { from: 2026-12-18, to: 2027-01-04 } }
        secrets:
          own: { provider: { type: generated } }
        """;

    [Fact]
    public void Secrets_of_all_files_are_one_catalog_by_the_defaults_of_its_own()
    {
        var result = Read(Main, ("a", "secrets:\n  a: { provider: { type: generated }, group: payments }"),
            ("b", "version: 1\nsecrets:\n  b: { provider: { type: generated }, after: { secret: a }, interval: 60d }"));

        Assert.Empty(result.Problems);
        var policies = result.Catalog!.Policies;
        Assert.Equal(["own", "a", "b"], policies.Keys);
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromDays(30)), (policies["a"].Grace, policies["a"].Interval));
        Assert.Equal(2, policies["a"].Group!.AtOnce);
        Assert.Equal(TimeSpan.FromDays(60), policies["b"].Interval);
        Assert.Equal("year-end", Assert.Single(policies["b"].Freezes).Name);
        Assert.Equal(
            ["conf/catalog.yaml", "conf/teams/a.yaml", "conf/teams/b.yaml"], result.Catalog.Files.Select(file => file.Name));
        Assert.Equal(["b"], result.Catalog.Files[2].Policies.Select(policy => policy.Name));
    }

    [Fact]
    public void A_file_s_defaults_hold_for_its_own_secrets_over_those_of_the_catalog()
    {
        var result = Read(
            Main,
            ("a", """
                defaults:
                  grace: 1h
                  interval: never
                  approval: { before: revoke, from: { teams: [platform] } }
                  freezes: { audit: { from: 2026-11-01, to: 2026-11-05 } }
                secrets:
                  a: { provider: { type: generated } }
                """),
            ("b", "secrets:\n  b: { provider: { type: generated } }"));

        Assert.Empty(result.Problems);
        var (a, b) = (result.Catalog!.Policies["a"], result.Catalog.Policies["b"]);
        Assert.Equal((TimeSpan.FromHours(1), (TimeSpan?)null), (a.Grace, a.Interval));
        Assert.Equal(["anna", "ben"], a.Approval!.People);
        Assert.Equal(["year-end", "audit"], a.Freezes.Select(freeze => freeze.Name));
        Assert.Equal((TimeSpan.FromHours(12), TimeSpan.FromDays(30)), (b.Grace, b.Interval));
        Assert.Null(b.Approval);
    }

    [Fact]
    public void Every_problem_of_every_file_comes_at_once_each_at_its_place()
    {
        var result = Read(
            Main + "\n  twice: { provider: { type: nonsense } }\n",
            ("a", """
                secrets:
                  a: { provider: { type: generated }, after: { secret: nobody } }
                  own: { provider: { type: generated } }
                """),
            ("b", "groups: {}\ninclude: more.yaml\nsecrets:\n  b:\n    provider: { type: generated }\n    intervall: 30d\n"),
            ("c", "secrets: [\n"),
            ("d", "\n"),
            ("e", "version: 2\nsecret: {}\n"));

        Assert.Null(result.Catalog);
        Assert.Equal(
            [
                "conf/catalog.yaml:10:3", "conf/catalog.yaml:11:24", "conf/teams/a.yaml:3:3", "conf/teams/b.yaml:1:1",
                "conf/teams/b.yaml:2:1", "conf/teams/b.yaml:6:5", "conf/teams/c.yaml:2:1", "conf/teams/d.yaml:1:1", "conf/teams/e.yaml:1:1",
                "conf/teams/e.yaml:1:10", "conf/teams/e.yaml:2:1",
            ],
            result.Problems.Select(problem => $"{problem.File}:{problem.Line}:{problem.Column}"));
        var told = string.Join('\n', result.Problems);
        Assert.Contains("own: conf/teams/a.yaml:3:3 has a secret of this name too", told, StringComparison.Ordinal);
        Assert.Contains("own: conf/catalog.yaml:10:3 has a secret of this name too", told, StringComparison.Ordinal);
        Assert.Contains("groups: stands in the catalog's own file only", told, StringComparison.Ordinal);
        Assert.Contains("include: an included file includes no others", told, StringComparison.Ordinal);
        // Its file may be the one that cannot be read.
        Assert.DoesNotContain("nobody", told, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_between_two_files_is_told_where_it_is_mended()
    {
        var result = Read(
            Main,
            ("a", """
                secrets:
                  a:
                    provider: { type: generated }
                    after: { secret: b }
                """),
            ("b", """
                secrets:
                  b:
                    provider: { type: generated }
                    after: { secret: a }
                    was: own
                  c: { provider: { type: generated }, after: { secret: aa } }
                """));

        string[] expected =
        [
            "conf/teams/a.yaml:4:5: a.after: b waits for a in turn",
            "conf/teams/b.yaml:2:3: b.was: the catalog has a secret \"own\" still",
            "conf/teams/b.yaml:4:5: b.after: a waits for b in turn",
            "conf/teams/b.yaml:6:39: c.after: there is no secret \"aa\". Did you mean \"a\"?",
        ];
        Assert.Equal(expected.Length, result.Problems.Count);
        Assert.All(
            expected.Zip(result.Problems), one => Assert.StartsWith(one.First, one.Second.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("include: ../other/*.yaml", "2:10", "leads out of the catalog's folder")]
    [InlineData("include: /etc/*.yaml", "2:10", "is absolute")]
    [InlineData("include: https://example.com/a.yaml", "2:10", "is absolute")]
    [InlineData("include: c:/teams/*.yaml", "2:10", "is absolute")]
    [InlineData("include: 'teams\\*.yaml'", "2:10", "has a backslash")]
    [InlineData("include: teams/**", "2:10", "ends with \"**\"")]
    [InlineData("include: teams/a**/b.yaml", "2:10", "beside other characters")]
    [InlineData("include: teams//a.yaml", "2:10", "names no file")]
    [InlineData("include: [a.yaml, ./a.yaml]", "2:19", "is here twice; the first is on line 2")]
    [InlineData("include: []", "2:10", "is empty")]
    [InlineData("include: ''", "2:10", "is empty")]
    [InlineData("include: { optional: true }", "2:10", "the key \"files\" is missing")]
    [InlineData("include: { files: a.yaml, optional: perhaps }", "2:37", "must be true or false")]
    [InlineData("include: { files: a.yaml, opt: true }", "2:27", "unknown key \"opt\"")]
    [InlineData("include: [[a.yaml]]", "2:11", "must be a text, but is a list")]
    public void A_pattern_that_cannot_be_meant_is_refused_at_its_place(string include, string at, string expected)
    {
        var problem = Assert.Single(Read($"version: 1\n{include}\n").Problems);

        Assert.Equal($"conf/catalog.yaml:{at}", $"{problem.File}:{problem.Line}:{problem.Column}");
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_are_told_in_one_form_with_their_places()
    {
        var patterns = CatalogReader.Includes("version: 1\ninclude:\n  - ./teams/*.yaml\n  - { files: local/**/*.yaml, optional: true }\n");

        Assert.Equal([new("teams/*.yaml", false, 3, 5), new("local/**/*.yaml", true, 4, 7)], patterns);
        Assert.Empty(CatalogReader.Includes("version: 1\ninclude: [\n"));
        Assert.Empty(CatalogReader.Includes("version: 1\nsecrets: {}\n"));
    }

    [Fact]
    public void What_stood_in_the_way_of_a_file_is_a_problem_and_no_name_is_missed_then()
    {
        var source = new CatalogSource(Main + "\n  b: { provider: { type: generated }, after: { secret: a } }", "c.yaml", "/etc/rotunda")
        {
            Troubles = [new CatalogProblem("c.yaml", 2, 10, "include: \"teams/*.yaml\" matches no file.")],
        };

        var problem = Assert.Single(CatalogReader.Read(source, Samples.Descriptors).Problems);
        Assert.Equal("c.yaml:2:10: include: \"teams/*.yaml\" matches no file.", problem.ToString());
    }

    [Fact]
    public void The_hash_is_that_of_the_text_alone_or_of_all_files_by_their_names()
    {
        const string Alone = "version: 1\nsecrets: {}\n";
        var file = ("a", "secrets: {}");

        // As every release has told it.
        Assert.Equal(CatalogFile.HashOf(Encoding.UTF8.GetBytes(Alone)), CatalogHash(Read(Alone)));
        string[] hashes =
        [
            CatalogHash(Read(Main, file)), CatalogHash(Read(Main, ("b", file.Item2))), CatalogHash(Read(Main, ("a", "secrets: {} "))),
            CatalogHash(Read(Main)), CatalogHash(Read(Main + " ", file)),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(hashes[0], CatalogHash(Read(Main, file)));
    }

    [Fact]
    public void Only_what_has_changed_is_read_again_and_all_when_what_holds_for_all_has()
    {
        (string, string)[] files = [("a", Many("a", 3)), ("b", Many("b", 3))];
        var first = Read(Main, files);
        var second = Read(Main, first.Parts, files[0], ("b", Many("b", 4)));
        var third = Read(Main + "\n  more: { provider: { type: generated } }", second.Parts, files);
        var fourth = Read(Main.Replace("grace: 12h", "grace: 13h", StringComparison.Ordinal), third.Parts, files);

        Assert.Same(first.Catalog!.Policies["a-1"], second.Catalog!.Policies["a-1"]);
        Assert.NotSame(first.Catalog.Policies["b-1"], second.Catalog.Policies["b-1"]);
        Assert.Equal(8, second.Catalog.Policies.Count);
        Assert.Same(first.Catalog.Policies["a-1"], third.Catalog!.Policies["a-1"]);
        Assert.NotSame(first.Catalog.Policies["a-1"], fourth.Catalog!.Policies["a-1"]);
        Assert.Equal(TimeSpan.FromHours(13), fourth.Catalog.Policies["a-1"].Grace);
    }

    [Fact]
    public void A_file_that_is_not_read_again_keeps_its_problems_and_its_part_in_the_whole()
    {
        var broken = ("a", "secrets:\n  a: { provider: { type: generated }, interval: soon }");
        var first = Read(Main, broken, ("b", Many("b", 1)));
        var second = Read(Main, first.Parts, broken, ("b", "secrets:\n  own: { provider: { type: generated } }"));
        var third = Read("version: [", second.Parts, broken);
        var fourth = Read(Main, third.Parts, ("a", Many("a", 1)), ("b", Many("b", 1)));

        Assert.Equal(["conf/teams/a.yaml:2:49"], first.Problems.Select(At));
        Assert.Equal(["conf/catalog.yaml:10:3", "conf/teams/a.yaml:2:49", "conf/teams/b.yaml:2:3"], second.Problems.Select(At));
        Assert.Single(third.Problems);
        Assert.Equal(["own", "a-0", "b-0"], fourth.Catalog!.Policies.Keys);
    }

    [Fact]
    public void However_the_secrets_are_split_they_are_the_same_catalog()
    {
        var random = new Random(19);
        for (var turn = 0; turn < 60; turn++)
        {
            var secrets = Enumerable.Range(0, random.Next(1, 30)).Select(number => OneOf(number, random)).ToList();
            var files = Enumerable.Range(0, random.Next(1, 6)).Select(number => $"f{number}").ToList();
            var split = secrets.GroupBy(_ => files[random.Next(files.Count)])
                .Select(file => (file.Key, Text: "secrets:\n" + string.Concat(file.Select(one => one.Yaml))))
                .OrderBy(one => one.Key, StringComparer.Ordinal).ToArray();
            var head = Main[..Main.IndexOf("secrets:", StringComparison.Ordinal)];
            var own = "  own: { provider: { type: generated } }\n";

            var whole = Read(
                head.Replace("include: teams/*.yaml\n", "", StringComparison.Ordinal) + "secrets:\n" + own
                    + string.Concat(secrets.Select(one => one.Yaml)));
            var parts = Read(head + "secrets:\n" + own, split);

            // The same problems of the same secrets, or the same secrets.
            Assert.Equal(
                whole.Problems.Select(problem => problem.Message).Order(StringComparer.Ordinal),
                parts.Problems.Select(problem => problem.Message).Order(StringComparer.Ordinal));
            Assert.Equal(TextOf(whole), TextOf(parts));
            foreach (var problem in parts.Problems)
            {
                var file = problem.File == "conf/catalog.yaml" ? head + "secrets:\n" + own
                    : split.Single(one => problem.File == $"conf/teams/{one.Key}.yaml").Text;
                var named = problem.Message[..problem.Message.IndexOfAny(['.', ':'])];
                var lines = file.Split('\n');
                // It stands at the secret that it names, or below it and before the next one.
                var above = lines.Take(problem.Line).Last(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ');
                Assert.StartsWith($"  {named}:", above, StringComparison.Ordinal);
            }
        }
    }

    private static (string Name, string Yaml) OneOf(int number, Random random)
    {
        var name = $"s-{number}";
        string[] lines =
        [
            random.Next(12) == 0 ? "    interval: soon\n" : "    interval: 30d\n",
            random.Next(3) == 0 ? $"    after: {{ secret: s-{random.Next(12)} }}\n" : "",
            random.Next(4) == 0 ? "    group: payments\n" : "",
            random.Next(6) == 0 ? $"    was: old-{random.Next(4)}\n" : "",
            random.Next(3) == 0 ? $"    targets:\n      env: {{ type: file, path: ./{random.Next(9)}.env }}\n" : "",
            random.Next(15) == 0 ? "    nonsense: 1\n" : "",
        ];
        return (name, $"  {name}:\n    provider: {{ type: generated }}\n{string.Concat(lines)}");
    }

    private static string TextOf(CatalogResult result) => result.Catalog is not { } catalog
        ? ""
        : string.Join(
            '\n',
            catalog.Policies.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => JsonSerializer.Serialize(one.Value)));

    private static string Many(string name, int count) =>
        "secrets:\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"  {name}-{n}: {{ provider: {{ type: generated }} }}\n"));

    private static string At(CatalogProblem problem) => $"{problem.File}:{problem.Line}:{problem.Column}";

    private static string CatalogHash(CatalogResult result) => result.Catalog!.Hash;

    private static CatalogResult Read(string main, params (string Name, string Text)[] files) => Read(main, null, files);

    private static CatalogResult Read(string main, CatalogParts? before, params (string Name, string Text)[] files) => CatalogReader.Read(
        new CatalogSource(main, "conf/catalog.yaml", "/etc/rotunda")
        {
            Included = [.. files.Select(file => new CatalogFile($"teams/{file.Name}.yaml", Encoding.UTF8.GetBytes(file.Text)))],
        },
        Samples.Descriptors,
        before: before);
}
