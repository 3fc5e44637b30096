using Microsoft.Extensions.DependencyInjection;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Derived values in a catalog, against the real descriptors.</summary>
public sealed class DerivedCatalogTests
{
    private static readonly IReadOnlyDictionary<string, ProviderDescriptor> Descriptors =
        new ServiceCollection().AddRotundaProviders().BuildServiceProvider().GetRequiredService<ProviderRegistry>().Descriptors;

    [Fact]
    public void Derived_values_are_written_into_the_templates_of_the_targets_and_named_in_the_plan()
    {
        var catalog = Read("""
            derived:
              pair: "{username}:{value}"
              basic: "Basic {derived.pair:base64}"
              url: "postgresql://{username}:{password:uri}@db/shop"
            targets:
              env: { type: dotenv, path: ./f, keys: { URL: "{derived.url}", AUTH: "{derived.basic}", BRACES: "{{{value}}}" } }
              whole: { type: file, path: ./g, template: '{{"url":"{derived.url:json}"}}' }
              plain: { type: file, path: ./h }
            """, "abcdefghijklmnopqrstuvwxyz@").Catalog!;

        var policy = catalog.Policies["s"];
        Assert.Equal("{(postgresql://{username}:{password:uri}@db/shop)}", (string?)policy.Targets[0].Provider.Settings["keys"]!["URL"]);
        Assert.Equal("{(Basic {({username}:{value}):base64})}", (string?)policy.Targets[0].Provider.Settings["keys"]!["AUTH"]);
        Assert.Equal("{{{value}}}", (string?)policy.Targets[0].Provider.Settings["keys"]!["BRACES"]);
        Assert.Equal(
            """{{"url":"{(postgresql://{username}:{password:uri}@db/shop):json}"}}""",
            (string?)policy.Targets[1].Provider.Settings["template"]);
        Assert.Empty(catalog.Warnings);

        var now = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
        var plan = RotationPlanner.Plan(
            policy,
            AssumedAdoption.Of(policy, Descriptors["generated"], now),
            new PlanRequest(RotationTrigger.Schedule, "a look", "ada", now),
            Descriptors,
            catalog.Hash);
        var titles = plan.Steps.Where(step => step.Kind == StepKinds.Deliver).Select(step => step.Title).Take(3);
        Assert.Equal(
            [
                "Deliver the new value to env, as url and basic",
                "Deliver the new value to whole, as url",
                "Deliver the new value to plain",
            ],
            titles);
    }

    [Theory]
    [InlineData("a: \"x\"", "catalog.yaml:8:5: s.derived.a: has nothing of the secret in it")]
    [InlineData("a: \"{nonsense}\"", "catalog.yaml:8:5: s.derived.a: A template has the unknown placeholder {nonsense}")]
    [InlineData("a: \"{value\"", "catalog.yaml:8:5: s.derived.a: A template has a { that is not closed")]
    [InlineData("a: \"{({value}\"", "catalog.yaml:8:5: s.derived.a: A template has a {( that is not closed")]
    [InlineData("a: \"{({value}):rot13}\"", "catalog.yaml:8:5: s.derived.a: The placeholder {(…):rot13} has an unknown modifier")]
    [InlineData("a: \"{secret.other.username}:{value}\"", "catalog.yaml:8:5: s.derived.a: A template takes what its own secret has")]
    [InlineData("a: \"{derived.b}\"\n  b: \"{value}\"", "catalog.yaml:8:5: s.derived.a: \"b\" stands below it, and one may have only")]
    [InlineData("a: \"{derived.a}\"", "catalog.yaml:8:5: s.derived.a: it has itself in it. Write there what it is made")]
    [InlineData("a: \"{secondary}\"", "catalog.yaml:8:5: s.derived.a: with strategy overlap there is one value at a time")]
    [InlineData("a: \"pg://u:{value}@h/d\"", "catalog.yaml:8:5: s.derived.a: values may have a '@', which breaks the address")]
    [InlineData("A: \"{value:url}\"", "catalog.yaml:8:5: \"A\": A derived value's name is made of lower-case letters")]
    [InlineData("a: [1]", "catalog.yaml:8:8: s.derived.a: must be a text, but")]
    public void What_is_wrong_with_a_derived_value_is_told_once_at_its_line(string derived, string problem) =>
        Assert.Contains(problem, Assert.Single(Problems($"derived:\n  {derived}\n")), StringComparison.Ordinal);

    [Theory]
    // In the place that the derived text stands in, all of it counts.
    [InlineData("{{\"x\":\"{derived.quoted}\"}}", "Write {(…):json}")]
    [InlineData("{{\"x\":\"{derived.quoted:json}\"}}", null)]
    [InlineData("url: {derived.quoted}\nx: y", "Write {(…):yaml}")]
    [InlineData("url: {derived.quoted:yaml}\nx: y", null)]
    [InlineData("http://proxy/?to={derived.quoted}", "Write {(…):url}")]
    [InlineData("{derived.quote}", "there is no derived value \"quote\" above it. Did you mean \"quoted\"?")]
    public void A_derived_value_is_checked_where_it_stands(string template, string? problem)
    {
        var problems = Problems(
            $$"""
            derived: { quoted: 'he said "{value:url}" @ &' }
            targets:
              whole: { type: file, path: ./g, template: {{System.Text.Json.JsonSerializer.Serialize(template)}} }

            """);
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
            Assert.StartsWith("catalog.yaml:9:5: s.targets.whole:", problems[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_env_file_that_cannot_hold_the_derived_text_is_refused()
    {
        var problems = Problems("""
            derived: { dsn: "host=db password={value:libpq}" }
            targets:
              env: { type: dotenv, path: ./f, keys: { DSN: "{derived.dsn}" } }

            """);

        Assert.Contains("no way of quoting is read alike", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Derived_values_that_would_become_endless_are_a_problem_at_their_line()
    {
        var lines = string.Concat(Enumerable.Range(1, 40).Select(at =>
            $"      d{at}: \"{{derived.d{at - 1}}}{{derived.d{at - 1}}}\"\n"));
        var read = CatalogReader.Read(
            $"version: 1\nsecrets:\n  s:\n    provider: {{ type: manual }}\n    derived:\n      d0: \"{{value}}{{value}}\"\n{lines}",
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors);

        Assert.Contains("characters. Use fewer derived values in each other.", read.Problems[0].ToString(), StringComparison.Ordinal);
        var deep = string.Concat(Enumerable.Repeat("{(", 100)) + "{value}" + string.Concat(Enumerable.Repeat("):base64}", 100));
        Assert.Contains("within each other", Assert.Throws<FormatException>(() => TemplateText.Parse(deep)).Message);
    }

    [Fact]
    public void What_is_worth_knowing_of_a_derived_value_is_a_warning()
    {
        var read = CatalogReader.Read(
            """
            version: 1
            secrets:
              s:
                provider: { type: manual }
                derived:
                  used: "redis://:{value}@cache"
                  as-it-is: "redis://:{value:raw}@cache"
                  idle: "{value}"
                targets: { env: { type: dotenv, path: ./f, keys: { A: "{derived.used}", B: "{derived.as-it-is}" } } }
            """,
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors);

        Assert.Empty(read.Problems);
        Assert.Contains(read.Catalog!.Warnings, one => one.StartsWith(
            "catalog.yaml:6:7: s.derived.used: {value} stands as it is in the address, and which characters \"manual\" makes",
            StringComparison.Ordinal));
        Assert.Contains(read.Catalog!.Warnings,
            one => one.Contains("s.derived.idle: no target has {derived.idle}", StringComparison.Ordinal));
        Assert.DoesNotContain(read.Catalog!.Warnings, one => one.Contains("as-it-is", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{ USER: \"{username}\" }", "{ PW: \"{value}\" }", true)]
    [InlineData("{ PW: \"{value}\" }", "{ USER: \"{username}\" }", true)]
    [InlineData("{ USER: \"{username}\", PW: \"{value}\" }", "{ URL: \"{derived.url}\" }", false)]
    [InlineData("{ PW: \"{value}\" }", "{ URL: \"{derived.url}\" }", false)]
    public void A_pair_that_goes_to_one_file_by_two_targets_is_a_warning(string first, string second, bool warns)
    {
        var read = CatalogReader.Read(
            $$"""
            version: 1
            secrets:
              s:
                provider: { type: aws-access-key, user: backup, accessKeyId: AKIAROTUNDAEXAMPLE, secretAccessKey: env:X }
                derived: { url: "s3://{username}:{value:uri}@bucket" }
                targets:
                  one: { type: dotenv, path: ./f, keys: {{first}} }
                  two: { type: dotenv, path: ./f, keys: {{second}} }
                  other: { type: dotenv, path: ./g, keys: { URL: "{derived.url}" } }
            """,
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors);

        Assert.Empty(read.Problems);
        Assert.Equal(warns, read.Catalog!.Warnings.Any(one => one.Contains("in two steps", StringComparison.Ordinal)));
    }

    /// <summary>A plan says where a system writes one key of a pair after the other.</summary>
    [Theory]
    [InlineData("{ ID: \"{username}\", KEY: \"{value}\" }", true)]
    [InlineData("{ BOTH: \"{username}:{value}\" }", false)]
    public void A_plan_says_where_a_pair_is_written_one_after_the_other(string keys, bool says)
    {
        var catalog = CatalogReader.Read(
            $$"""
            version: 1
            secrets:
              s:
                provider: { type: aws-access-key, user: backup, accessKeyId: AKIAROTUNDAEXAMPLE, secretAccessKey: env:X }
                targets: { ci: { type: github-secret, repository: o/r, token: env:Y, keys: {{keys}} } }
            """,
            "catalog.yaml",
            Path.GetTempPath(),
            Descriptors).Catalog!;
        var now = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
        var plan = RotationPlanner.Plan(
            catalog.Policies["s"],
            AssumedAdoption.Of(catalog.Policies["s"], Descriptors["aws-access-key"], now),
            new PlanRequest(RotationTrigger.Schedule, "a look", "ada", now),
            Descriptors,
            catalog.Hash);
        Assert.Equal(
            says,
            plan.Warnings.Any(one => one.StartsWith("ci: GitHub secret writes its keys one after the other", StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Problems(string rest) => [.. Read(rest).Problems.Select(problem => problem.ToString())];

    private static CatalogResult Read(string rest, string alphabet = "abcdefghijklmnopqrstuvwxyz@'\\\"") => CatalogReader.Read(
        $"version: 1\nsecrets:\n s:\n  provider: {{ type: generated }}\n  strategy: overlap\n"
            + $"  value: {{ alphabet: \"{alphabet}\" }}\n"
            + string.Concat(rest.Split('\n').Select(line => $"  {line}\n")),
        "catalog.yaml",
        Path.GetTempPath(),
        Descriptors);
}
