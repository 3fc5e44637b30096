using Rotunda.Api.Head;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Tests;

/// <summary>What a catalog shows by itself is said when it is read, not at a delivery some day.</summary>
public sealed class CatalogLintTests
{
    private const string Generated = "provider: { type: generated }, strategy: overlap";

    [Theory]
    // Values that a target cannot write.
    [InlineData("a'\"bcdefghijklmnop", "{value}", "no way of quoting is read alike")]
    [InlineData("a'$bcdefghijklmnop", "x-{value}", "no way of quoting is read alike")]
    [InlineData("a\\bcdefghijklmnop", "{value}", "a backslash at their end")]
    [InlineData("a\\bcdefghijklmnop", "{value}!", null)]
    [InlineData("a$bcdefghijklmnop", "it's {value}", "no way of quoting is read alike")]
    [InlineData("a'bcdefghijklmnop", "{value}", null)]
    [InlineData("a'\"bcdefghijklmnop", "{value:base64} {value:url}", null)]
    // In an address.
    [InlineData("a@bcdefghijklmnop", "pg://u:{value}@h/d", "may have a '@', which breaks the address")]
    [InlineData("a/bcdefghijklmnop", "pg://u:{password}@h/d", "Write {password:url}")]
    [InlineData("a@bcdefghijklmnop", "pg://u:{value:url}@h/d", null)]
    [InlineData("a~!bcdefghijklmnop", "pg://u:{value}@h/d", null)]
    // Templates.
    [InlineData("abcdefghijklmnop", "{valu}", "the unknown placeholder {valu}")]
    [InlineData("abcdefghijklmnop", "{value:rot13}", "an unknown modifier")]
    [InlineData("abcdefghijklmnop", "{value},{secondary}", "with strategy overlap there is one value at a time")]
    public void Templates_fit_the_alphabet_and_the_strategy(string alphabet, string template, string? problem)
    {
        var quoted = alphabet.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        var problems = Problems($$"""
            version: 1
            secrets:
              s:
                provider: { type: generated }
                strategy: overlap
                value: { length: 64, alphabet: "{{quoted}}" }
                targets: { env: { type: dotenv, path: ./f, keys: { KEY: "{{template.Replace("\"", "\\\"", StringComparison.Ordinal)}}" } } }
            """);
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
            Assert.Contains("catalog.yaml:7:16: s.targets.env: the template", problems[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Base64_values_do_not_stand_in_addresses_and_keys_of_several_lines_not_in_env_files()
    {
        Assert.Contains("breaks the address", Assert.Single(With("value: { format: base64 }", "dotenv", "pg://u:{value}@h")));
        Assert.Contains("line breaks", Assert.Single(With("value: { format: ssh-ecdsa }", "dotenv", "{value}")));
        Assert.Empty(With("value: { format: ssh-ecdsa }", "dotenv", "{value:base64}"));
        Assert.Empty(With("value: { format: hex }", "dotenv", "pg://u:{value}@h"));
    }

    [Fact]
    public void A_second_value_is_there_with_dual_keys() => Assert.Empty(Problems("""
        version: 1
        secrets:
          s:
            provider: { type: generated }
            strategy: dual-key
            targets: { env: { type: dotenv, path: ./f, keys: { KEYS: "{value},{secondary}" } } }
        """));

    [Theory]
    [InlineData("dotenv, path: ./f, keys: { A: \"{value}\" }", "dotenv, path: f, keys: { B: x, A: \"{value}\" }", "writes A of /")]
    [InlineData("dotenv, path: ./f, keys: { A: \"{value}\" }", "dotenv, path: ./f, keys: { B: \"{value}\" }", null)]
    [InlineData("dotenv, path: ./f, keys: { A: \"{value}\" }", "file, path: ./f", "/f, which one.targets.t writes too")]
    [InlineData("file, path: ./f", "file, path: ./g", null)]
    [InlineData(
        "kubernetes-secret, kubeconfig: env:K, secret: app, keys: { A: \"{value}\" }",
        "kubernetes-secret, kubeconfig: env:K, secret: app, keys: { A: \"{value}\" }",
        "writes A of the same place")]
    [InlineData(
        "kubernetes-secret, kubeconfig: env:K, secret: app, keys: { A: \"{value}\" }",
        "kubernetes-secret, kubeconfig: env:K, secret: other, keys: { A: \"{value}\" }",
        null)]
    public void Two_secrets_do_not_write_the_same_place(string one, string other, string? problem)
    {
        var problems = Problems($$"""
            version: 1
            secrets:
              one: { {{Generated}}, targets: { t: { type: {{one}} } } }
              two: { {{Generated}}, targets: { t: { type: {{other}} } } }
            """);
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
            Assert.Contains("two.targets.t:", problems[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_door_by_which_Rotunda_comes_in_is_not_replaced_in_place()
    {
        const string Own = """
            version: 1
            secrets:
              admin:
                provider: { type: postgres, connection: "file:./pg.env#ADMIN_URL", ACCOUNTS }
                strategy: STRATEGY
                targets: { env: { type: dotenv, path: pg.env, keys: { ADMIN_URL: "pg://{username}:{value}@h/d" } } }
            """;
        Assert.Contains(
            "leads to what its own target env writes",
            Assert.Single(Problems(Own.Replace("STRATEGY", "in-place", StringComparison.Ordinal)
                .Replace("ACCOUNTS", "role: admin", StringComparison.Ordinal))),
            StringComparison.Ordinal);
        Assert.Empty(Problems(Own.Replace("STRATEGY", "alternate", StringComparison.Ordinal)
            .Replace("ACCOUNTS", "accounts: [a, b]", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_door_of_another_secret_and_a_missing_folder_are_told_and_the_catalog_is_valid()
    {
        var reading = Read("""
            version: 1
            secrets:
              admin:
                provider: { type: postgres, connection: env:ROOT, role: admin }
                strategy: in-place
                targets: { env: { type: dotenv, path: no/such/pg.env, keys: { ADMIN_URL: "pg://{username}:{value}@h/d" } } }
              orders:
                provider: { type: postgres, connection: "file:no/such/pg.env#ADMIN_URL", accounts: [a, b] }
            """);
        Assert.NotNull(reading.Catalog);
        Assert.Equal(2, reading.Warnings.Count);
        Assert.Contains("orders.provider: file:", reading.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("admin.targets.env writes in place", reading.Warnings[0], StringComparison.Ordinal);
        Assert.Contains("admin.targets.env.path: the folder", reading.Warnings[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("interval: 1d", "window: { days: [sun], from: \"09:00\", to: \"16:00\" }", "opens every 7 days at best")]
    [InlineData("interval: 7d", "window: { days: [sun], from: \"09:00\", to: \"16:00\" }", null)]
    [InlineData("interval: 1d", "window: { days: [mon, thu], from: \"09:00\", to: \"16:00\" }", "opens every 3 days at best")]
    [InlineData("interval: 1d", "window: { days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"16:00\" }", null)]
    [InlineData("interval: 1h", "grace: 2h", "grace and evidence need 2h")]
    public void A_window_and_an_interval_fit_each_other(string interval, string other, string? problem)
    {
        var problems = Problems($$"""
            version: 1
            secrets:
              s:
                provider: { type: generated }
                {{interval}}
                {{other}}
                {{(other.StartsWith("grace", StringComparison.Ordinal) ? "" : "grace: 0s")}}
            """);
        Assert.Equal(problem is null ? 0 : 1, problems.Count);
        Assert.Contains(problem ?? "", problems.Count > 0 ? problems[0] : "", StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_a_secret_is_told_in_one_round()
    {
        var problems = Problems("""
            version: 1
            secrets:
              s:
                provider: { type: generated }
                strategy: alternate
                interval: 1h
                tokenLifetime: 1h
                window: { days: [sun], from: "09:00", to: "16:00" }
                value: { length: 4 }
                targets:
                  a: { type: dotenv, path: f, keys: { KEY: "{nothing}" } }
                  b: { type: file, path: f }
                consumers:
                  c: { type: http }
            """);
        foreach (var part in new[]
        {
            "s.strategy", "s.tokenLifetime", "s.window", "s.value.length", "{nothing}", "s.targets.b: writes", "instances",
        })
        {
            Assert.Contains(problems, problem => problem.Contains(part, StringComparison.Ordinal));
        }
    }

    private static IReadOnlyList<string> With(string value, string type, string template) => Problems($$"""
        version: 1
        secrets:
          s:
            {{Generated.Replace(", ", "\n    ", StringComparison.Ordinal)}}
            {{value}}
            targets: { env: { type: {{type}}, path: ./f, keys: { KEY: "{{template}}" } } }
        """);

    private static IReadOnlyList<string> Problems(string yaml) => Read(yaml).Problems;

    private static CatalogReading Read(string yaml) =>
        CatalogLoader.Read(new CatalogText(yaml, "seen"), "catalog.yaml", Path.GetTempPath(), HeadStores.Embedded);
}
