using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Registry;
using Rotunda.Providers.Targets.ConfigFile;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>What can never work is told when the catalog is read, at its place, against the real descriptors.</summary>
public sealed class FileSettingsCatalogTests
{
    private static readonly IReadOnlyDictionary<string, ProviderDescriptor> Descriptors =
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

    [Theory]
    [InlineData("600", true)]
    [InlineData("\"0640\"", true)]
    [InlineData("0777", true)]
    [InlineData("\"0\"", false)]
    [InlineData("\"0800\"", false)]
    [InlineData("\"00600\"", false)]
    [InlineData("1600", false)]
    [InlineData("rw-r-----", false)]
    public void A_mode_is_three_octal_digits_with_every_kind_of_file(string mode, bool isMode)
    {
        Assert.All(
            (string[])
            [
                $"t: {{ type: file, path: ./f, mode: {mode} }}",
                $"t: {{ type: dotenv, path: ./f, keys: {{ K: value }}, mode: {mode} }}",
                $"t: {{ type: config-file, path: ./f.json, keys: {{ k: value }}, mode: {mode} }}",
            ],
            target =>
            {
                var problems = Problems(target);
                if (isMode)
                {
                    Assert.Empty(problems);
                    return;
                }

                var column = target.IndexOf("mode: ", StringComparison.Ordinal) + 5;
                Assert.StartsWith($"catalog.yaml:6:{column}: s.targets.t.mode: is ", Assert.Single(problems));
                Assert.Contains("Write three octal digits", problems[0], StringComparison.Ordinal);
            });
        Assert.Equal(isMode, Record.Exception(() => new TargetFile("./f", mode.Trim('"'))) is null);
    }

    [Theory]
    [InlineData("./settings", "", "path: The name of ", " does not tell its language. Set 'format' to json, yaml,")]
    [InlineData("./settings.txt", "", "path: The name of ", "settings.txt does not tell its language.")]
    [InlineData("./settings.conf", "", null, null)]
    [InlineData("./settings", ", format: toml", null, null)]
    [InlineData("./appsettings.Production.json", "", null, null)]
    [InlineData("./values.yml", "", null, null)]
    public void A_language_is_told_by_the_name_or_by_its_own_setting(string path, string more, string? at, string? said)
    {
        var problems = Problems($"t: {{ type: config-file, path: {path}, keys: {{ k: value }}{more} }}");
        Assert.Equal(at is null, problems.Count == 0);
        Assert.Contains(at is null ? "" : $"s.targets.t.{at}", string.Join('\n', problems));
        Assert.Contains(said ?? "", string.Join('\n', problems));
    }

    [Theory]
    [InlineData("json", "a.b", "a.b.c", "a.b.c lies in a.b, so both cannot be values.")]
    [InlineData("json", "a.b.c", "a.b", "a.b.c lies in a.b, so both cannot be values.")]
    [InlineData("yaml", "a[0]", "a[0].b", "a[0].b lies in a[0], so both cannot be values.")]
    [InlineData("json", "a.bc", "a.b", null)]
    [InlineData("json", "a[1]", "a[10]", null)]
    [InlineData("toml", "a.b", "a.c", null)]
    [InlineData("properties", "a.b", "a.b.c", null)]
    [InlineData("xml", "/a/b", "/a/b/c", null)]
    [InlineData("json", "a..b", "c", "a..b")]
    [InlineData("xml", "/a[", "/b", "/a[")]
    [InlineData("xml", "count(/a)", "/b", "count(/a)")]
    public void Two_paths_of_which_one_lies_in_the_other_cannot_both_be_values(string language, string one, string two, string? said)
    {
        var problems = Problems($"t: {{ type: config-file, path: ./f.{language}, keys: {{ '{one}': value, '{two}': value }} }}");
        Assert.Equal(said is null ? 0 : 1, problems.Count);
        Assert.Contains(said ?? "", string.Join('\n', problems));
        Assert.All(problems, problem => Assert.StartsWith("catalog.yaml:6:", problem));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_and_nothing_twice()
    {
        var problems = Problems(
            "t: { type: config-file, path: ./f.json, mode: rw, keys: { a: value, a.b: value, a.c: value, 'x[': value } }");
        Assert.Equal(4, problems.Distinct().Count());
        Assert.Equal(4, problems.Count);
    }

    [Theory]
    [InlineData("t: { type: dotenv, path: ./f, keys: {} }", "s.targets.t.keys: is empty. Give at least one line of \"key: value\".")]
    [InlineData("t: { type: config-file, path: ./f.json, keys: {} }", "s.targets.t.keys: is empty. Give at least one line")]
    [InlineData("t: { type: dotenv, path: ./f, keys: { '': value } }", "s.targets.t.keys: has a key of no characters. Name it, or remove")]
    [InlineData("t: { type: pgbouncer, poolers: [], database: d, mode: auth-query }", "s.targets.t.poolers: is empty. Give at least one.")]
    public void A_required_list_or_map_is_not_empty(string target, string said) =>
        Assert.Contains(said, Assert.Single(Problems(target)));

    [Fact]
    public void An_optional_list_may_be_empty() =>
        Assert.Empty(Problems("t: { type: pgbouncer, poolers: [\"127.0.0.1:6432\"], database: d, mode: auth-query, users: [] }"));

    [Theory]
    [InlineData("[s, other]", "the order of group \"g\" names other, which is not in it. Add it to the group, or take it out of the")]
    [InlineData("[s, othr]", "names othr, which is no secret of the catalog. Did you mean \"other\"? Or take it out of the order")]
    [InlineData("[s, s2]", null)]
    public void The_order_of_a_group_names_secrets_that_are_in_it_and_each_is_told_once(string order, string? said)
    {
        const string Generated = "provider: { type: generated }";
        var problems = CatalogReader.Read(
            $"version: 1\ngroups: {{ g: {{ atOnce: 1, order: {order} }} }}\nsecrets:\n s: {{ {Generated}, group: g }}\n"
                + $" s2: {{ {Generated}, group: g }}\n other: {{ {Generated} }}\n",
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors).Problems;

        Assert.Equal(said is null ? 0 : 1, problems.Count);
        Assert.Contains(said ?? "", string.Join('\n', problems));
    }

    /// <summary>The name in the file that a path may mean; none where nothing is near, or where an index is.</summary>
    [Theory]
    [InlineData("json", """{"Database":{"Password":"x","User":"u"}}""", "Database.Pasword", "Password")]
    [InlineData("json", """{"Database":{"Password":"x"}}""", "Databse.Password", "Database")]
    [InlineData("json", """{"Database":{"Password":"x"}}""", "Database.Token", null)]
    [InlineData("json", """{"list":["x"]}""", "list[3]", null)]
    [InlineData("yaml", "db:\n  pass_word: x\n", "db.password", "pass_word")]
    [InlineData("toml", "[db]\npassword = \"x\"\n", "db.passwort", "password")]
    [InlineData("ini", "[db]\npassword = x\n", "db.passwort", "password")]
    [InlineData("properties", "db.password=x\n", "db.pasword", "db.password")]
    public void A_path_that_a_file_lacks_is_told_with_the_name_that_may_be_meant(string language, string text, string path, string? meant)
    {
        var file = ConfigFileSettings.LanguageOf($"/srv/f.{language}", null)!;

        var refused = Assert.Throws<DeliveryException>(
            () => ConfigText.Parse(Encoding.UTF8.GetBytes(text), file).Set(path, "new", adds: false));

        Assert.StartsWith($"/srv/f.{language} has no {path}.", refused.Message);
        Assert.Equal(meant is not null, refused.Message.Contains("Did you mean", StringComparison.Ordinal));
        Assert.Contains(meant is null ? "" : $"Did you mean \"{meant}\" in it?", refused.Message);
    }

    private static IReadOnlyList<string> Problems(string target) => [.. CatalogReader.Read(
        $"version: 1\nsecrets:\n s:\n  provider: {{ type: generated }}\n  targets:\n    {target}\n",
        "catalog.yaml",
        Path.GetTempPath(),
        Descriptors).Problems.Select(problem => problem.ToString())];
}
