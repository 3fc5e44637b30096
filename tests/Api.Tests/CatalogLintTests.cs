using Rotunda.CatalogFiles;
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
    [InlineData("a\\bcdefghijklmnop", "{value}", "no way of quoting is read alike")]
    [InlineData("a${}bcdefghijklmnop", "{value}", "for a variable")]
    [InlineData("a$(bcdefghijklmnop", "{value}", null)]
    [InlineData("a$bcdefghijklmnop", "it's {value}", "no way of quoting is read alike")]
    [InlineData("a'bcdefghijklmnop", "{value}", null)]
    [InlineData("a'\"bcdefghijklmnop", "{value:base64} {value:url}", null)]
    // In an address.
    [InlineData("a@bcdefghijklmnop", "pg://u:{value}@h/d", "may have a '@', which breaks the address")]
    [InlineData("a/bcdefghijklmnop", "pg://u:{password}@h/d", "Write {password:url}")]
    [InlineData("a@bcdefghijklmnop", "pg://u:{value:url}@h/d", null)]
    [InlineData("a~!bcdefghijklmnop", "pg://u:{value}@h/d", null)]
    [InlineData("a@bcdefghijklmnop", "pg://u:{value:raw}@h/d", null)]
    [InlineData("a@bcdefghijklmnop", "pg://u:{value:base64}@h/d", "Write {value:url}")]
    [InlineData("a&bcdefghijklmnop", "pg://h/d?password={value}", "Write {value:url}")]
    [InlineData("a&bcdefghijklmnop", "jdbc:postgresql://h/d?password={value}", "Write {value:jdbc}")]
    [InlineData("a;bcdefghijklmnop", "jdbc:sqlserver://h;user=u;password={value}", "Take such characters out")]
    // In connection strings, JSON and YAML.
    [InlineData("a;bcdefghijklmnop", "Host=h;Password={value};Database=d", "Write {value:ado}")]
    [InlineData("abcdefghijklmnopqr", "Host=h;Password={value};Database=d", null)]
    [InlineData("a;bcdefghijklmnop", "Host=h;Password={value:ado};Database=d", null)]
    [InlineData("a'bcdefghijklmnop", "Host=h;Password='{value}';Database=d", "Write {value:ado} without the quotes")]
    [InlineData("a;bcdefghijklmnop", "Host=h;Password='{value:ado}';Database=d", "brings its own quotes")]
    [InlineData("a;bcdefghijklmnop", "Driver={{PostgreSQL}};Pwd={value};Uid=u", "Take such characters out")]
    [InlineData("a'bcdefghijklmnop", "host=h password={value} dbname=d", "Write {value:libpq}")]
    [InlineData("a'bcdefghijklmnop", "host=h password={value:libpq} dbname=d", "no way of quoting is read alike by docker compose")]
    [InlineData("abcdefghijklmnopqr", "host=h password={value:libpq} dbname=d", null)]
    [InlineData("a/bcdefghijklmnop", "AccountName=x;AccountKey={value}==;", null)]
    [InlineData("a\"bcdefghijklmnop", "{{\"key\":\"{value}\"}}", "Write {value:json}")]
    [InlineData("a\"bcdefghijklmnop", "{{\"key\":\"{value:json}\"}}", null)]
    [InlineData("abcdefghijklmnop", "{{\"key\":{value:json}}}", "stands without quotes in JSON")]
    [InlineData("a#bcdefghijklmnop", "password: {value}", "Write {value:yaml}")]
    [InlineData("a#bcdefghijklmnop", "password: {value:yaml}", null)]
    [InlineData("0123456789abcdef", "password: {value}", "may look like a number")]
    [InlineData("a#bcdefghijklmnop", "[{value}] is no JSON", null)]
    [InlineData("a'bcdefghijklmnop", "ALTER USER app PASSWORD '{value}'", "Write {value:sql} without the quotes")]
    // Templates.
    [InlineData("abcdefghijklmnop", "{valu}", "the unknown placeholder {valu}")]
    [InlineData("abcdefghijklmnop", "{value:rot13}", "an unknown modifier")]
    [InlineData("abcdefghijklmnop", "{value} {secondary}", "with strategy overlap there is one value at a time")]
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
        Assert.Contains("look like a number", Assert.Single(With("value: { format: hex }", "dotenv", "pw: {value}")));
    }

    [Theory]
    [InlineData("docker-env", "a'\"$\\bcdefghijklmnop", null)]
    [InlineData("shell", "a'\"$\\bcdefghijklmnop", null)]
    [InlineData("[systemd, shell]", "a'$bcdefghijklmnop", null)]
    [InlineData("[docker-env, shell]", "a!bcdefghijklmnop", null)]
    [InlineData("[docker-env, shell]", "a'bcdefghijklmnop", "read alike by docker run --env-file and a shell")]
    [InlineData("[dotenv, dotenv-expand]", "a$bcdefghijklmnop", "a $ may begin a variable")]
    [InlineData("[docker-env, compose]", "a#bcdefghijklmnop", null)]
    [InlineData("[docker-env, compose]", "a$bcdefghijklmnop", "read alike by docker run --env-file and docker compose")]
    [InlineData("dockr-env", "abcdefghijklmnop", "docker-env")]
    public void The_alphabet_fits_the_readers_of_the_env_file(string dialect, string alphabet, string? problem)
    {
        var quoted = alphabet.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        Expect(problem, Problems($$"""
            version: 1
            secrets:
              s:
                provider: { type: generated }
                strategy: overlap
                value: { length: 64, alphabet: "{{quoted}}" }
                targets: { env: { type: dotenv, path: ./f, dialect: {{dialect}}, keys: { KEY: "{value}" } } }
            """));
    }

    [Theory]
    [InlineData("a'$bcdefghijklmnop", "export PW={value}", "Write {value:shell}")]
    [InlineData("a'bcdefghijklmnop", "export PW='{value}'", "Write {value:shell} without the quotes")]
    [InlineData("a$bcdefghijklmnop", "export PW=\"{value}\"", "Write {value:shell} without the quotes")]
    [InlineData("a'$bcdefghijklmnop", "export PW={value:shell}", null)]
    [InlineData("a$bcdefghijklmnop", "#!/bin/sh\nlogin \"{value}\"", "breaks the shell script")]
    public void A_value_in_a_script_of_a_shell_is_no_code(string alphabet, string template, string? problem) => Expect(
        problem, Problems($$"""
        version: 1
        secrets:
          s:
            provider: { type: generated }
            strategy: overlap
            value: { length: 64, alphabet: "{{alphabet}}" }
            targets: { env: { type: file, path: ./f, template: {{System.Text.Json.JsonSerializer.Serialize(template)}} } }
        """));

    [Theory]
    [InlineData("{value},{secondary}", "Write {values:join:,}")]
    [InlineData("{value:base64};{secondary:base64}", "Write {values:join:,}")]
    [InlineData("{secondary} {value}", "key of no characters")]
    [InlineData("['{value}','{secondary}']", "key of no characters")]
    [InlineData("fixed, {secondary}", "key of no characters")]
    [InlineData("{value},{secondary?}", null)]
    [InlineData("{values:join:,}", null)]
    [InlineData("{secondary}", null)]
    [InlineData("a={value}&b={secondary}", null)]
    public void No_separator_is_left_over_while_there_is_one_value(string template, string? problem) => Expect(problem, Problems($$"""
        version: 1
        secrets:
          s:
            provider: { type: generated }
            strategy: dual-key
            targets: { env: { type: file, path: ./f, template: "{{template}}" } }
        """));

    [Fact]
    public void What_is_encoded_in_base64_twice_is_told_and_is_no_problem()
    {
        var reading = Read("""
            version: 1
            secrets:
              s:
                provider: { type: generated }
                strategy: overlap
                targets: { k: { type: kubernetes-secret, namespace: n, secret: s, keys: { A: "{value:base64}", B: "{value}" } } }
            """);
        Assert.NotNull(reading.Catalog);
        Assert.Contains("s.targets.k: ", Assert.Single(reading.Warnings), StringComparison.Ordinal);
        Assert.Contains("A with :base64 is encoded twice", reading.Warnings[0], StringComparison.Ordinal);
    }

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

    private static void Expect(string? problem, IReadOnlyList<string> problems)
    {
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
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
