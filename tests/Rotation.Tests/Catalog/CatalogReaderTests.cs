using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

public sealed class CatalogReaderTests
{
    internal const string Full = """
        version: 1
        defaults:
          grace: 12h
          retry: { attempts: 3 }
        secrets:
          orders-db:
            description: The orders database
            owner: team-orders
            tags: [database, tier-1]
            strategy: alternate
            provider:
              type: postgres
              connection: file:./admin.env#CONNECTION
              accounts: [app_a, app_b]
              endSessions: true
            store: embedded
            value: { format: text, length: 32, alphabet: "abcdefghijklmnop0123", prefix: "pw-" }
            interval: 30d
            window: { days: [mon, tue], from: "09:00", to: "16:00", timeZone: Europe/Berlin }
            approval: { before: revoke, timeout: 7d }
            evidence: { quietFor: 10m, timeout: 2d, onTimeout: proceed }
            retry: { first: 1s, max: 1m }
            stepTimeout: 1m30s
            current: { id: app_a, value: "file:./app.env#DB_PASSWORD" }
            targets:
              app-env: { type: dotenv, group: 2, confirmTimeout: 1m, path: ./app.env, names: { DB_PASSWORD: value } }
            consumers:
              api: { type: http, check: "https://api.test/health", headers: { Authorization: env:API_TOKEN } }
          jwt:
            provider: { type: generated }
            tokenLifetime: 1h
        """;

    internal static CatalogResult Read(string yaml) => CatalogReader.Read(yaml, "catalog.yaml", "/etc/rotunda", Samples.Descriptors);

    [Fact]
    public void A_full_catalog_is_read_with_everything_in_its_place()
    {
        var result = Read(Full);

        Assert.Empty(result.Problems);
        var policy = result.Catalog!.Policies["orders-db"];
        Assert.Equal("team-orders", policy.Owner);
        Assert.Equal(["database", "tier-1"], policy.Tags);
        Assert.Equal(Strategy.Alternate, policy.Strategy);
        Assert.Equal(new ValueRule(ValueFormat.Text, 32, "abcdefghijklmnop0123", "pw-"), policy.Value);
        Assert.Equal(TimeSpan.FromDays(30), policy.Interval);
        Assert.Equal(TimeSpan.FromHours(12), policy.Grace);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Tuesday], policy.Window!.Days);
        Assert.Equal(new TimeOnly(16, 0), policy.Window.To);
        Assert.Equal(new ApprovalPolicy(ApprovalMoment.Revoke, TimeSpan.FromDays(7)), policy.Approval);
        Assert.Equal(new EvidencePolicy(TimeSpan.FromMinutes(10), TimeSpan.FromDays(2), EvidenceTimeoutAction.Proceed), policy.Evidence);
        Assert.Equal(new RetryBudget(3, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)), policy.Retry);
        Assert.Equal(TimeSpan.FromSeconds(90), policy.StepTimeout);
        Assert.Equal(new CurrentCredential("app_a", "file:/etc/rotunda/app.env#DB_PASSWORD"), policy.Current);
        Assert.Equal(64, result.Catalog.Hash.Length);
        Assert.Equal("/etc/rotunda", result.Catalog.Folder);
    }

    /// <summary>A name is no list of its own letters.</summary>
    [Theory]
    [InlineData("printable", 94, "\"'\\$~!aZ0")]
    [InlineData("letters-and-digits", 62, "aZ09")]
    [InlineData("letters", 52, "azAZ")]
    [InlineData("lowercase", 26, "az")]
    [InlineData("uppercase", 26, "AZ")]
    [InlineData("digits", 10, "09")]
    [InlineData("bcdfghjkBCDFGHJK2345", 20, "bK5")]
    [InlineData("ab", 2, "ab")]
    public void An_alphabet_may_be_called_by_its_name(string name, int count, string some)
    {
        var result = Read($$"""
            version: 1
            secrets:
              jwt:
                provider: { type: generated }
                value: { length: 64, alphabet: {{name}} }
            """);
        Assert.Empty(result.Problems);
        var alphabet = result.Catalog!.Policies["jwt"].Value.Alphabet!;

        Assert.Equal((count, count), (alphabet.Length, alphabet.Distinct().Count()));
        Assert.All(some, c => Assert.Contains(c, alphabet));
        Assert.All(alphabet, c => Assert.InRange(c, '!', '~'));
    }

    [Fact]
    public void Settings_have_their_json_types_defaults_and_absolute_paths()
    {
        var policy = Read(Full).Catalog!.Policies["orders-db"];

        Assert.Equal(
            """{"connection":"file:/etc/rotunda/admin.env#CONNECTION","accounts":["app_a","app_b"],"port":5432,"endSessions":true"""
                + ",\"connectTimeout\":\"15s\"}",
            policy.Provider.Settings.ToJsonString());
        var target = Assert.Single(policy.Targets);
        Assert.Equal((2, TimeSpan.FromMinutes(1)), (target.Group, target.ConfirmTimeout));
        Assert.Equal("""{"path":"/etc/rotunda/app.env","names":{"DB_PASSWORD":"value"}}""", target.Provider.Settings.ToJsonString());
        Assert.Equal("env:API_TOKEN", (string?)policy.Consumers[0].Provider.Settings["headers"]!["Authorization"]);
    }

    [Fact]
    public void What_is_left_out_has_the_documented_default()
    {
        var policy = Read(Full).Catalog!.Policies["jwt"];

        Assert.Equal(Strategy.DualKey, policy.Strategy);
        Assert.Equal(ValueRule.Default, policy.Value);
        Assert.Equal("embedded", policy.Store);
        Assert.Null(policy.Interval);
        Assert.Equal(TimeSpan.FromMinutes(2), policy.StepTimeout);
        Assert.Equal("other", (string?)policy.Provider.Settings["purpose"]);
    }

    [Fact]
    public void Bytes_are_32_by_default_and_an_empty_catalog_may_be_on_purpose()
    {
        var result = Read("version: 1\nsecrets:\n  a: { provider: { type: generated }, value: { format: hex } }");
        Assert.Equal(new ValueRule(ValueFormat.Hex, 32), result.Catalog!.Policies["a"].Value);
        Assert.Empty(Read("version: 1\nsecrets: {}").Catalog!.Policies);
    }

    [Fact]
    public void Anchors_and_aliases_work()
    {
        var result = Read("version: 1\nsecrets:\n  a: &a { provider: { type: generated } }\n  b: *a");
        Assert.Equal(["a", "b"], result.Catalog!.Policies.Keys);
    }

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_text()
    {
        var result = Read("""
            version: 2
            secrets:
              orders-db:
                provider: { type: postgress }
                intervall: 30d
                grace: -1h
                targets:
                  app: { type: dotenv }
              Jwt_Key:
                provider: { type: dotenv }
                window: { days: [], from: "09:00", to: "09:00", timeZone: Mars/Olympus }
            """);

        Assert.Null(result.Catalog);
        string[] expected =
        [
            "1:10: version: must be from 1 to 1, but is 2.",
            "4:17: orders-db.provider.type: there is no provider \"postgress\". Did you mean \"postgres\"?",
            "5:5: orders-db: unknown key \"intervall\". Did you mean \"interval\"?",
            "6:12: orders-db.grace: must not be negative, but is \"-1h\".",
            "8:7: orders-db.targets.app: the key \"path\" is missing. Add it.",
            "9:3: \"Jwt_Key\": A secret's name is made of lower-case letters, digits and hyphens inside, at most 63. Rename it.",
            "10:17: Jwt_Key.provider.type: \"dotenv\" cannot make or take credentials (a provider). "
                + "Those that can: generated, keys, leases, legacy-keys, postgres, rows, supplied, supplied-revoked.",
            "11:15: Jwt_Key.window.days: is empty, so the window would never be open. Name days, or leave it out for every day.",
            "11:40: Jwt_Key.window.to: is the same as \"from\", so the window would never be open. "
                + "For the whole day leave out the window, or use days with 00:00 and 23:59.",
            "11:53: Jwt_Key.window.timeZone: \"Mars/Olympus\" is not a time zone known here. "
                + "Use an IANA id such as Europe/Berlin, or UTC.",
        ];
        Assert.Equal(expected.Select(problem => "catalog.yaml:" + problem), result.Problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("hunter2-hunter2")]
    [InlineData("env:hunter2-hunter2")]
    [InlineData("evn:hunter2hunter2")]
    [InlineData("[hunter2]")]
    [InlineData("{ hunter2: hunter2 }")]
    public void What_stands_where_a_secret_belongs_is_never_repeated(string literal)
    {
        var yaml = $$"""
            version: 1
            secrets:
              a:
                provider: { type: keys, url: "https://keys.test", token: {{literal}} }
                current: { value: {{literal}} }
                targets: { f: { type: file, path: f } }
                consumers: { c: { type: http, check: "https://x:hunter2@host/", headers: { A: {{literal}} } } }
            """;

        var result = Read(yaml);

        Assert.Equal(4, result.Problems.Count);
        Assert.DoesNotContain("hunter2", string.Join('\n', result.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_bomb_is_refused_quickly()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]");
        var result = Read("a0: &a0 [x]\n" + string.Join('\n', lines));
        Assert.Contains("aliases", Assert.Single(result.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        var problem = Assert.Single(Read("a: " + new string('[', 5000) + new string(']', 5000)).Problems);
        Assert.Contains("nested", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void An_empty_file_says_how_to_start(string yaml) =>
        Assert.Equal(
            "catalog.yaml:1:1: The catalog is empty. Start with \"version: 1\" and \"secrets:\".",
            Assert.Single(Read(yaml).Problems).ToString());

    [Fact]
    public void A_syntax_error_has_its_position()
    {
        var problem = Assert.Single(Read("version: 1\nsecrets:\n  a: [b\n  c: d\n").Problems);
        Assert.True(problem.Line is 3 or 4, problem.ToString());
        Assert.StartsWith("This is not valid YAML", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"\\xZZ\"")]
    [InlineData("\"\\UFFFFFFFF\"")]
    [InlineData("a: *nowhere")]
    [InlineData("&a [*a]")]
    [InlineData("? [a]\n: b")]
    [InlineData("%YAML 9.9\n---\na: b")]
    [InlineData("\t- x")]
    [InlineData("\0")]
    [InlineData("a: b\n---\nc: d")]
    [InlineData("[]")]
    [InlineData("text")]
    public void Whatever_comes_in_comes_out_as_problems(string yaml)
    {
        var result = Read(yaml);
        Assert.NotEmpty(result.Problems);
        Assert.All(result.Problems, p => Assert.True(p.Line > 0 && p.Column > 0));
    }

    [Fact]
    public void Damaged_text_never_throws()
    {
        for (var i = 0; i < Full.Length; i += 3)
        {
            foreach (var damaged in new[]
            {
                Full[..i],
                Full.Remove(i, 1),
                Full.Insert(i, ":"),
                Full.Insert(i, "["),
                Full.Insert(i, "\""),
                Full.Insert(i, "\n"),
                Full.Insert(i, "*"),
            })
            {
                var result = Read(damaged);
                Assert.True(result.Catalog is null == result.Problems.Count > 0);
            }
        }
    }

    [Fact]
    public void The_hash_is_of_the_text() =>
        Assert.NotEqual(Read("version: 1\nsecrets: {}").Catalog!.Hash, Read("version: 1\nsecrets: {} ").Catalog!.Hash);

    [Fact]
    public void A_relative_folder_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentException>(() => CatalogReader.Read("", "c.yaml", "etc", Samples.Descriptors));
}
