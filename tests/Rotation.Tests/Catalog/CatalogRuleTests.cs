using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>One row per rule: what is added to a good secret, and the one problem it makes, with its position.</summary>
public sealed class CatalogRuleTests
{
    private const string Rows = "provider: { type: rows, connection: env:C, tables: [{ table: t, columns: [c] }] }";
    private const string RowsRest = "current: { value: env:K }\n    targets: { t: { type: file, path: f } }";
    private const string Generated = "provider: { type: generated }";
    private const string Postgres = "provider: { type: postgres, connection: env:ADMIN, accounts: [a, b], role: app }";
    private const string Keys = "provider: { type: keys, url: \"https://keys.test\", token: env:T }";

    [Theory]
    // Keys and types.
    [InlineData(Generated, "nonsense: 1", "4:5", "s: unknown key \"nonsense\". Known here:")]
    [InlineData(Generated, "tag: [a]", "4:5", "s: unknown key \"tag\". Did you mean \"tags\"?")]
    [InlineData(Generated, "<<: { owner: x }", "4:5", "merge keys (\"<<\") are not supported")]
    [InlineData(
        Generated,
        "owner: a\n    owner: b",
        "5:5",
        "s: the key \"owner\" is here twice; the first is on line 4. Remove or rename one.")]
    [InlineData(Generated, "owner:", "4:11", "s.owner: must be a text, but is nothing. Give it a value, or remove the line.")]
    [InlineData(Generated, "owner: [a]", "4:12", "s.owner: must be a text, but is a list.")]
    [InlineData(Generated, "owner: \"\"", "4:12", "s.owner: is empty.")]
    [InlineData(Generated, "tags: a", "4:11", "s.tags: must be a list of texts such as [a, b], but is a single value.")]
    [InlineData(Generated, "tags: [a, a]", "4:15", "s.tags: has \"a\" twice.")]
    [InlineData(Generated, "value: 32", "4:12", "s.value: must be a map of \"key: value\" lines, but is a single value.")]
    [InlineData(Generated, "targets: { T: { type: file, path: f } }", "4:16", "\"T\": A target's name is made of")]
    [InlineData(Generated, "consumers: { -c: { type: http, check: \"http://x\" } }", "4:18", "A consumer's name is made of")]
    [InlineData(
        Generated,
        "targets: { x: { type: file, path: f } }\n    consumers: { x: { type: http, check: \"http://x\" } }",
        "5:18",
        "s.consumers.x: a target has this name too.")]
    [InlineData(
        Generated,
        "targets: { x: { type: file, group: 2, path: f } }\n    consumers: { c: { type: http, group: 1, check: \"http://x\" } }",
        "5:35",
        "s.consumers.c.group: there is no target of group 1 or lower")]
    [InlineData(
        Generated,
        "consumers: { c: { type: http, checkTimeout: soon, check: \"http://x\" } }",
        "4:49",
        "s.consumers.c.checkTimeout: must be a duration")]
    // Values.
    [InlineData(Generated, "value: { length: 15 }", "4:22", "s.value.length: must be from 16 to 1024, but is 15.")]
    [InlineData(Generated, "value: { length: 1025 }", "4:22", "must be from 16 to 1024")]
    [InlineData(Generated, "value: { format: hex, length: 513 }", "4:35", "must be from 16 to 512")]
    [InlineData(Generated, "value: { length: \"32\" }", "4:22", "must be a whole number without quotes, but is \"32\".")]
    [InlineData(Generated, "value: { length: many }", "4:22", "must be a whole number without quotes")]
    [InlineData(
        Generated,
        "value: { format: hexx }",
        "4:22",
        "must be one of text, hex, base64, base64url, uuid, fernet-key, ssh-ecdsa, but is \"hexx\". Did you mean \"hex\"?")]
    [InlineData(Generated, "value: { format: uuid, length: 32 }", "4:28", "has no effect on a uuid. Remove it.")]
    [InlineData(Generated, "value: { format: ssh-ecdsa, length: 32 }", "4:33", "has no effect on an SSH key. Remove it.")]
    [InlineData(Generated, "value: { format: ssh-ecdsa, prefix: k }", "4:33", "would make an SSH key unreadable. Remove it.")]
    [InlineData(Generated, "value: { format: hex, alphabet: abc }", "4:27", "is only for format: text. Remove it.")]
    [InlineData(Generated, "value: { alphabet: abc!a }", "4:14", "none twice and no blanks, or one of letters-and-digits, letters,")]
    [InlineData(Generated, "value: { alphabet: printables }", "4:14", "write them in order: abeilnprst.")]
    [InlineData(Generated, "value: { alphabet: Base64 }", "4:14", "is no alphabet that is known (letters-and-digits, letters, lowercase,")]
    [InlineData(Generated, "value: { length: 64, alphabet: a-z }", "4:26", "is no alphabet that is known (letters-and-digits,")]
    [InlineData(Generated, "value: { length: 16, alphabet: digits }", "4:26", "16 characters out of 10 can be guessed")]
    [InlineData(Generated, "value: { length: 16, alphabet: ab }", "4:26", "16 characters out of 2 can be guessed")]
    [InlineData(Generated, "value: { prefix: \"a b\" }", "4:14", "printable ASCII characters without blanks")]
    [InlineData(Keys, "value: { length: 32 }", "4:5", "s.value: has no effect: \"keys\" makes its values itself. Remove it.")]
    // Durations and retries.
    [InlineData(Generated, "interval: 0s", "4:15", "s.interval: must be longer than zero.")]
    [InlineData(Generated, "interval: -5d", "4:15", "s.interval: must not be negative, but is \"-5d\".")]
    [InlineData(Generated, "interval: 30", "4:15", "must be a duration such as 30s, 15m, 2h, 7d or 1d12h (at most 3650d), but is \"30\".")]
    [InlineData(Generated, "interval: 4000d", "4:15", "at most 3650d")]
    [InlineData(Generated, "stepTimeout: soon", "4:18", "must be a duration")]
    [InlineData(Generated, "retry: { attempts: 0 }", "4:24", "must be from 1 to 100, but is 0.")]
    [InlineData(Generated, "retry: { attempts: 101 }", "4:24", "must be from 1 to 100, but is 101.")]
    [InlineData(Generated, "retry: { first: 10m, max: 5m }", "4:26", "s.retry.max: 5m is shorter than the first pause, 10m.")]
    // Windows.
    [InlineData(Generated, "window: { from: \"09:00\" }", "4:5", "s.window: the key \"to\" is missing. Add it.")]
    [InlineData(Generated, "window: { from: \"9:00\", to: \"10:00\" }", "4:15", "\"9:00\" is not a time of day.")]
    [InlineData(Generated, "window: { from: \"09:00\", to: \"24:00\" }", "4:30", "the end of a day is written \"00:00\".")]
    [InlineData(Generated, "window: { days: [monday], from: \"09:00\", to: \"10:00\" }", "4:15", "\"monday\" is not a day.")]
    [InlineData(Generated, "window: { days: [mun], from: \"09:00\", to: \"10:00\" }", "4:15", "Did you mean")]
    [InlineData(Generated, "window: { days: [], from: \"09:00\", to: \"10:00\" }", "4:15", "never be open")]
    [InlineData(Generated, "window: { from: \"09:00\", to: \"09:00\" }", "4:30", "never be open")]
    [InlineData(Generated, "window: { from: \"09:00\", to: \"10:00\", timeZone: Local }", "4:43", "not a time zone known here")]
    // Approval and evidence.
    [InlineData(Generated, "approval: { timeout: 1d }", "4:5", "the key \"before\" is missing")]
    [InlineData(Generated, "approval: { before: end }", "4:25", "must be one of start, revoke")]
    [InlineData(
        Generated,
        "evidence: { quietFor: 1m, timeout: 1h }",
        "4:5",
        "\"generated\" cannot report whether a credential is still used.")]
    [InlineData(Keys, "evidence: { quietFor: 2h, timeout: 1h }", "4:31", "1h is shorter than quietFor (2h)")]
    [InlineData(Keys, "evidence: { quietFor: 2h }", "4:5", "the key \"timeout\" is missing")]
    [InlineData(Generated, "revoke: { disableFor: 1d }", "4:5", "\"generated\" cannot disable a credential and enable it again.")]
    [InlineData(Keys, "revoke: {}", "4:5", "the key \"disableFor\" is missing")]
    [InlineData(Keys, "revoke: { disableFor: 0s }", "4:27", "disableFor")]
    [InlineData(
        Keys,
        "interval: 2d\n    grace: 1d\n    revoke: { disableFor: 25h }",
        "4:5",
        "grace, evidence and the time disabled need 2d1h.")]
    [InlineData(Generated, "renewBefore: 3d", "4:5", "has no effect: credentials of \"generated\" do not end by themselves.")]
    [InlineData(Generated, "current: { name: n }", "4:5", "\"generated\" cannot list its credentials, so none is found by its name.")]
    [InlineData(Keys, "current: { id: i, name: n }", "4:23", "is one too much")]
    // Providers and settings.
    [InlineData("owner: x", "", "2:3", "s: the key \"provider\" is missing. Add it.")]
    [InlineData("provider: { purpose: jwt }", "", "3:5", "s.provider: the key \"type\" is missing. Add it.")]
    [InlineData("provider: { type: generatd }", "", "3:17", "there is no provider \"generatd\". Did you mean \"generated\"?")]
    [InlineData("provider: { type: generated, purpos: jwt }", "", "3:34", "s.provider: unknown key \"purpos\". Did you mean \"purpose\"?")]
    [InlineData(
        "provider: { type: generated, purpose: jwtt }",
        "",
        "3:43",
        "must be one of jwt, other, but is \"jwtt\". Did you mean \"jwt\"?")]
    [InlineData("provider: { type: keys, url: \"https://k\" }", "", "3:5", "s.provider: the key \"token\" is missing. Add it.")]
    [InlineData(
        "provider: { type: keys, url: k, token: env:T }",
        "",
        "3:34",
        "must be an absolute address that starts with http:// or https://.")]
    [InlineData("provider: { type: keys, url: \"https://u:p@k\", token: env:T }", "", "3:34", "holds a user name or password.")]
    [InlineData("provider: { type: keys, url: \"https://k\", token: env:1T }", "", "3:54", "is not a well-formed env: reference.")]
    [InlineData("provider: { type: keys, url: \"https://k\", token: \"file:a#\" }", "", "3:54", "is not a well-formed file: reference.")]
    [InlineData(
        "provider: { type: keys, url: \"https://k\", token: abc }",
        "",
        "3:54",
        "is a secret, and secrets are never written into the catalog.")]
    [InlineData(
        Generated,
        "targets: { t: { type: http, check: \"http://x\" } }",
        "4:21",
        "\"http\" cannot be delivered to (a target). Those that can: dotenv, file, mirror, remote.")]
    [InlineData(Generated, "targets: { t: { type: file, path: f, group: -1 } }", "4:49", "must be from 0 to 100")]
    [InlineData(Generated, "targets: { t: { type: file, path: f, confirmTimeout: 0s } }", "4:58", "must be longer than zero")]
    [InlineData(Generated, "targets: { t: { type: dotenv, path: f, names: [a] } }", "4:51", "s.targets.t.names: must be a map")]
    [InlineData(
        Generated,
        "consumers: { c: { type: file, path: f } }",
        "4:23",
        "\"file\" cannot be restarted or checked (a consumer). Those that can: http, workload.")]
    [InlineData(
        Generated,
        "store: embeded",
        "4:5",
        "there is no store \"embeded\". Did you mean \"embedded\"? Stores are defined under \"stores\".")]
    [InlineData("provider: { type: postgres, connection: env:A, accounts: [a, b], port: many }", "", "3:76", "must be a whole number")]
    [InlineData(
        "provider: { type: postgres, connection: env:A, accounts: [a, b], port: 65536 }",
        "",
        "3:76",
        "s.provider.port: must be from 1 to 65535, but is 65536.")]
    [InlineData(
        "provider: { type: postgres, connection: env:A, accounts: [a, b], endSessions: yes }",
        "",
        "3:83",
        "must be true or false without quotes, but is \"yes\".")]
    [InlineData(
        "provider: { type: postgres, connection: env:A, accounts: [a, b], connectTimeout: 0s }",
        "",
        "3:86",
        "must be longer than zero")]
    // Strategies.
    [InlineData(
        Generated,
        "strategy: alternate",
        "4:5",
        "s.strategy: \"generated\" cannot be rotated with alternate. It can with: dual-key, overlap, in-place.")]
    [InlineData(Generated, "strategy: rotate", "4:15", "must be one of overlap, alternate, in-place, dual-key")]
    [InlineData(
        "provider: { type: postgres, connection: env:A }",
        "",
        "3:5",
        "takes turns between exactly two different accounts, but \"accounts\" has 0.")]
    [InlineData("provider: { type: postgres, connection: env:A, accounts: [a] }", "", "3:5", "has 1. Set accounts: [first, second].")]
    [InlineData("provider: { type: postgres, connection: env:A, accounts: [a, b, c] }", "", "3:5", "has 3.")]
    [InlineData("provider: { type: postgres, connection: env:A, accounts: [a, b] }", "strategy: in-place", "3:5", "Set \"role\".")]
    [InlineData(Postgres, "current: { id: c }", "4:5", "the id must be the account in use, one of a, b.")]
    [InlineData(Postgres, "current: {}", "4:5", "says nothing.")]
    [InlineData(Postgres, "strategy: in-place\n    grace: 1h", "5:5", "has no effect: with strategy in-place the old value stops working")]
    [InlineData(Postgres, "strategy: in-place\n    evidence: { quietFor: 1m, timeout: 1h }", "5:5", "has no effect")]
    [InlineData(Postgres, "strategy: in-place\n    approval: { before: revoke }", "5:5", "Use before: start.")]
    [InlineData(Postgres, "tokenLifetime: 1h", "4:5", "is only for strategy dual-key, not for alternate.")]
    [InlineData(Generated, "grace: 1h\n    tokenLifetime: 2h", "4:5", "the grace (1h) is shorter than tokenLifetime (2h)")]
    [InlineData(Generated, "tokenLifetime: 7d", "4:5", "the grace (1d, by default) is shorter than tokenLifetime (7d)")]
    [InlineData(Keys, "interval: sometimes", "4:15", "s.interval: must be a duration such as")]
    [InlineData(Keys, "cron: \"0 3 * *\"", "4:5", "s.cron: \"0 3 * *\" is not a cron expression. Write minute, hour,")]
    [InlineData(Keys, "cron: \"0 0 30 2 *\"", "4:5", "s.cron: names no moment that ever comes")]
    [InlineData(Keys, "cron: \"0 3 1 * *\"\n    interval: 30d", "4:5", "s.cron: and interval say both how often.")]
    [InlineData(Keys, "interval: 30d\n    timeZone: Europe/Berlin", "5:5", "s.timeZone: has no effect without cron.")]
    [InlineData(Keys, "cron: \"0 3 * * *\"\n    grace: 2d", "4:5", "s.cron: 1d is shorter than one rotation may take")]
    [InlineData(Keys, "risk: hig", "4:11", "Did you mean \"high\"?")]
    [InlineData(Keys, "interval: 30d\n    jitter: 16d", "5:5", "s.jitter: 16d is more than half of what lies between two runs (30d).")]
    [InlineData(Keys, "jitter: 1h", "4:5", "s.jitter: has no effect: the secret rotates on request only.")]
    [InlineData(Keys, "interval: 30d\n    missed: ask", "5:5", "s.missed: has no effect without a window")]
    [InlineData(Keys, "interval: 30d\n    freezes: { x: { from: 2026-12-24, to: 2026-12-20 } }", "5:39", "2026-12-20 is before \"from\".")]
    [InlineData(Keys, "interval: 30d\n    freezes: { x: { from: tomorrow, to: 2026-12-20 } }", "5:21", "\"tomorrow\" is not a day.")]
    [InlineData(Keys, "interval: 30d\n    paused: { until: 2026-12-20 }", "5:5", "the key \"reason\" is missing")]
    [InlineData(Keys, "interval: 30d\n    group: pays", "5:5", "there is no group \"pays\".")]
    [InlineData(Keys, "interval: 30d\n    after: { secret: t }", "5:5", "s.after: there is no secret \"t\".")]
    [InlineData(Keys, "interval: 30d\n    after: { secret: s }", "5:5", "s.after: s waits for s in turn")]
    [InlineData(Keys, "interval: 1d\n    grace: 2d", "4:5", "1d is shorter than one rotation may take: grace and evidence need 2d.")]
    [InlineData(Keys, "interval: 2d\n    grace: 1d\n    evidence: { quietFor: 1m, timeout: 25h }", "4:5", "grace and evidence need 2d1h.")]
    // Stored data under a key.
    [InlineData(
        "provider: { type: rows, connection: env:C, tables: [{ table: t, columns: [c] }] }",
        "targets: { t: { type: file, path: f } }",
        "2:3",
        "needs the key in use, to open what is stored. Set current: { value: REFERENCE }.")]
    [InlineData(Rows, "current: { value: env:K }", "2:3", "s.targets: strategy re-encrypt needs targets")]
    [InlineData(
        Rows,
        RowsRest + "\n    migration: offline",
        "6:5",
        "offline stops the consumers while rows are moved, but there are none.")]
    [InlineData(
        Rows,
        RowsRest + "\n    consumers: { c: { type: http, check: \"http://x\" } }\n    migration: offline",
        "7:5",
        "but c (\"http\") cannot be stopped and started. Those that can: workload. Or use online")]
    [InlineData(Rows, RowsRest + "\n    migration: never", "6:16", "must be one of online, offline, but is \"never\".")]
    [InlineData(Generated, "migration: online", "4:5", "is only for strategy re-encrypt, not for dual-key.")]
    [InlineData(
        "provider: { type: rows, connection: env:C, tables: t }",
        RowsRest,
        "3:56",
        "s.provider.tables: must be a list of maps with table, key, columns, but is a single value.")]
    [InlineData("provider: { type: rows, connection: env:C, tables: [] }", RowsRest, "3:56", "s.provider.tables: is empty.")]
    [InlineData(
        "provider: { type: rows, connection: env:C, tables: [{ table: t, column: [c], columns: [d] }] }",
        RowsRest,
        "3:69",
        "s.provider.tables[1]: unknown key \"column\". Known here: key.")]
    [InlineData(
        "provider: { type: rows, connection: env:C, tables: [{ table: t, columns: [d] }, { columns: [d] }] }",
        RowsRest,
        "3:85",
        "s.provider.tables[2]: the key \"table\" is missing. Add it.")]
    [InlineData(
        "provider: { type: rows, connection: env:C, tables: [{ table: t, columns: d }] }",
        RowsRest,
        "3:78",
        "s.provider.tables[1].columns: must be a list of texts such as [a, b], but is a single value.")]
    public void Each_rule_is_reported_at_its_place(string first, string second, string position, string message)
    {
        var result = CatalogReaderTests.Read($"secrets:\n  s:\n    {first}\n    {second}\nversion: 1\n");

        Assert.Null(result.Catalog);
        var problem = Assert.Single(result.Problems);
        Assert.StartsWith($"catalog.yaml:{position}: ", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Each rotation would end what the other secret has delivered.</summary>
    [Theory]
    [InlineData("connection: env:A, accounts: [c, a] }", true)]
    [InlineData("connection: env:A, port: 5432, accounts: [b, c] }", true)]
    [InlineData("connection: env:A, role: b }\n    strategy: in-place", true)]
    [InlineData("connection: env:A, accounts: [c, d] }", false)]
    [InlineData("connection: env:A, accounts: [A, B] }", false)]
    [InlineData("connection: env:A, port: 5433, accounts: [a, b] }", false)]
    [InlineData("connection: env:B, accounts: [a, b] }", false)]
    public void An_account_is_of_one_secret(string second, bool isRefused)
    {
        var result = CatalogReaderTests.Read(
            $"version: 1\nsecrets:\n  s:\n    provider: {{ type: postgres, connection: env:A, accounts: [a, b] }}\n  t:\n    provider: "
                + $"{{ type: postgres, {second}\n");

        Assert.Equal(
            isRefused ? 1 : 0,
            result.Problems.Count(problem => problem.Message.StartsWith("t.provider: ", StringComparison.Ordinal)
                && problem.Message.Contains("is an account of s too, in the same system", StringComparison.Ordinal)));
        Assert.Equal(isRefused, result.Catalog is null);
    }

    [Fact]
    public void Stored_data_is_read_with_its_structure_and_a_key_rule_of_its_own()
    {
        var result = CatalogReaderTests.Read(
            $"secrets:\n  s:\n    {Rows}\n    {RowsRest}\n    consumers: {{ c: {{ type: workload }} }}\n    migration: "
                + "offline\nversion: 1\n");

        Assert.Empty(result.Problems);
        var policy = result.Catalog!.Policies["s"];
        Assert.Equal(
            (Strategy.ReEncrypt, MigrationMode.Offline, ValueFormat.FernetKey),
            (policy.Strategy, policy.Migration, policy.Value.Format));
        Assert.Equal("""[{"table":"t","key":"id","columns":["c"]}]""", policy.Provider.Settings["tables"]!.ToJsonString());
    }

    [Theory]
    [InlineData("version: 1", "1:1", "the key \"secrets\" is missing")]
    [InlineData("secrets: {}", "1:1", "the key \"version\" is missing")]
    [InlineData("version: one\nsecrets: {}", "1:10", "version: must be a whole number")]
    [InlineData("version: 1\nsecrets:", "2:9", "secrets: must be a map of \"key: value\" lines, but is nothing.")]
    [InlineData("version: 1\nsecret: {}\nsecrets: {}", "2:1", "unknown key \"secret\".")]
    [InlineData("version: 1\ndefaults: { graces: 1h }\nsecrets: {}", "2:13", "defaults: unknown key \"graces\". Did you mean \"grace\"?")]
    [InlineData("version: 1\ndefaults: { store: x }\nsecrets: {}", "2:13", "there is no store \"x\".")]
    [InlineData(
        "version: 1\nstores: { embedded: { type: vault, address: \"https://v\" } }\nsecrets: {}",
        "2:11",
        "is the name of the store that comes with Rotunda")]
    [InlineData(
        "version: 1\nstores: { Main: { type: vault, address: \"https://v\" } }\nsecrets: {}",
        "2:11",
        "A store's name is made of lower-case letters")]
    [InlineData(
        "version: 1\nstores: { main: { type: file, path: a } }\nsecrets: {}",
        "2:19",
        "\"file\" cannot keep values (a store). Those that can: vault.")]
    [InlineData(
        "version: 1\nstores: { main: { type: vault } }\nsecrets: { a: { store: main, provider: { type: generated } } }",
        "2:11",
        "the key \"address\" is missing")]
    [InlineData("version: 1\nsecrets:\n  a: 1", "3:6", "a: must be a map")]
    [InlineData(
        "version: 1\nsecrets:\n  a-pending: { provider: { type: generated } }",
        "3:3",
        "kept for values that are not published yet")]
    [InlineData(
        "version: 1\nsecrets:\n  rotunda-checkpoint-key: { provider: { type: generated } }",
        "3:3",
        "the key that signs reports is kept under this name")]
    [InlineData(
        "version: 1\nsecrets:\n  a: { provider: { type: generated } }\n  a: { provider: { type: generated } }",
        "4:3",
        "the key \"a\" is here twice")]
    public void The_catalog_itself_is_checked(string yaml, string position, string message)
    {
        var problem = Assert.Single(CatalogReaderTests.Read(yaml).Problems);
        Assert.StartsWith($"catalog.yaml:{position}: ", problem.ToString(), StringComparison.Ordinal);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stores_are_defined_by_name_and_used_by_it()
    {
        var catalog = CatalogReaderTests.Read(
            """
            version: 1
            stores: { main: { type: vault, address: "https://vault:8200" } }
            defaults: { store: main }
            secrets: { a: { provider: { type: generated } }, b: { provider: { type: generated }, store: embedded } }
            """).Catalog!;

        Assert.Equal("https://vault:8200", (string?)catalog.Stores!["main"].Settings["address"]);
        Assert.Equal(("main", "embedded"), (catalog.Policies["a"].Store, catalog.Policies["b"].Store));
    }

    [Fact]
    public void A_head_brings_its_own_stores_and_one_of_them_is_the_default()
    {
        const string Yaml =
            "version: 1\nsecrets: { a: { provider: { type: generated } }, b: { provider: { type: generated }, store: key-vault } }";
        CatalogResult Read(string yaml, HeadStores? head) =>
            CatalogReader.Read(yaml, "catalog.yaml", "/etc/rotunda", Samples.Descriptors, head);

        var vault = Read(Yaml, new HeadStores(["key-vault"], "key-vault")).Catalog!;
        Assert.Equal(("key-vault", "key-vault"), (vault.Policies["a"].Store, vault.Policies["b"].Store));
        Assert.Equal(["key-vault"], vault.Head.Names);
        Assert.Equal("embedded", Read(Yaml, new HeadStores(["embedded", "key-vault"], "embedded")).Catalog!.Policies["a"].Store);
        Assert.Contains("there is no store \"key-vault\"", Assert.Single(Read(Yaml, null).Problems).Message, StringComparison.Ordinal);
        Assert.Contains(
            "a: says no store, and this head has none of its own",
            Read(Yaml, new HeadStores([], null)).Problems[0].Message,
            StringComparison.Ordinal);
        var taken = "version: 1\nstores: { key-vault: { type: vault, address: \"https://v\" } }\nsecrets: {}";
        Assert.Contains(
            "Choose another",
            Assert.Single(Read(taken, new HeadStores(["key-vault"], "key-vault")).Problems).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Generated, "grace: 0s")]
    [InlineData(Keys, "interval: 2d\n    grace: 1d\n    evidence: { quietFor: 1m, timeout: 24h }")]
    [InlineData(Keys, "revoke: { disableFor: 12h }")]
    [InlineData(Keys, "current: { name: n }\n    renewBefore: 3d")]
    [InlineData(Postgres, "strategy: in-place\n    interval: 1h")]
    [InlineData(Postgres, "current: { id: b }")]
    [InlineData(Generated, "window: { from: \"22:00\", to: \"00:00\" }")]
    [InlineData(Generated, "store: embedded")]
    [InlineData(Generated, "value: { format: uuid }")]
    public void What_is_right_is_taken(string first, string second) =>
        Assert.Empty(CatalogReaderTests.Read($"secrets:\n  s:\n    {first}\n    {second}\nversion: 1\n").Problems);
}
