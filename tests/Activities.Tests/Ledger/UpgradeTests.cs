using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What the first release wrote is read by this one: its files, its schema on PostgreSQL, its exports.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class UpgradeTests(PostgresFixture fixture) : IDisposable
{
    private const string Row =
        "INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES ('app', 'salt', 0, '2026-01-01T00:00:00.0000000Z')";

    private static readonly string[] Later =
        ["codes", "decisions", "reviews", "reviewers", "campaigns", "campaign_members", "campaign_notices", "pauses"];

    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_the_first_schema_is_brought_to_this_one()
    {
        using (var old = SqliteFile.Open(_folder.File("ledger.db")))
        {
            old.Run(LedgerSchema.Upgrade(LedgerDialect.Sqlite, 0));
            old.Run("PRAGMA user_version=1");
            old.Run(Row);
        }

        using var ledger = new SqliteLedger(_folder.File("ledger.db"), _time, new CrashPoints());
        await WorksAsync(ledger);
    }

    [Fact]
    public async Task A_schema_of_the_first_release_on_PostgreSQL_is_migrated_and_its_head_keeps_its_rights()
    {
        var database = new LedgerDatabase(fixture);
        await fixture.Cluster.ExecuteAsync(
            $"CREATE ROLE {database.Role} LOGIN PASSWORD '{LedgerDatabase.Password}'; CREATE SCHEMA {database.Schema}");
        try
        {
            await using (var raw = await database.OpenRawAsync())
            {
                await using var make = raw.CreateCommand();
                make.CommandText = LedgerSchema.Upgrade(LedgerDialect.Postgres, 0) + Row
                    + $"; INSERT INTO meta (key, value) VALUES ('schema_version', '1'), ('moved', ''); "
                    + RightsThen(database);
                await make.ExecuteNonQueryAsync();
            }

            var migration = await PostgresLedgerSchema.MigrateAsync(database.Owner, [], _time, default);
            Assert.Equal((1, LedgerSchema.Version), (migration.From, migration.To));
            using var ledger = database.Open(_time, new CrashPoints());
            await WorksAsync(ledger);
        }
        finally
        {
            await database.RemoveAsync();
        }
    }

    [Fact]
    public async Task An_export_of_the_first_release_is_taken()
    {
        using var source = new SqliteLedger(_folder.File("source.db"), _time, new CrashPoints());
        await source.AdoptAsync(new AdoptSecret("app", "tester", null), default);
        await using (var to = File.Create(_folder.File("out")))
        {
            await source.ExportAsync(to, "out", "tester", default);
        }

        using var target = new SqliteLedger(_folder.File("target.db"), _time, new CrashPoints());
        using var old = new MemoryStream(AsFirst(await File.ReadAllLinesAsync(_folder.File("out"))));
        await target.ImportAsync(old, "out", "tester", default);
        await WorksAsync(target);
    }

    /// <summary>What a head was granted before the later tables were there.</summary>
    private static string RightsThen(LedgerDatabase database) => string.Concat(PostgresRights.GrantTo(database.Schema, database.Role)
        .Split(';').Where(grant => !Later.Any(table => grant.Contains($" {table} ", StringComparison.Ordinal)))
        .Select(grant => grant + ";"));

    private static async Task WorksAsync(SqlLedger ledger)
    {
        var secret = Assert.Single(await ledger.ListSecretsAsync(default));
        Assert.Equal(("app", null, null), (secret.Name, secret.Drift, secret.RenamedTo));
        var plan = Plans.Plan("app", 1);
        Assert.Equal(StartKind.Started, (await ledger.TryStartAsync(plan, null, false, default)).Kind);
        await ledger.RecordCaptureAsync(new CaptureRecord("app-1", "env", null, FromStore: true), default);
        Assert.True((await ledger.GetCaptureAsync("app-1", "env", default))!.FromStore);
        var (made, ends) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        await ledger.AddCodeAsync(new CodeRecord("hash", CodeKinds.Provide, "app-1", null, "tester", made, ends), default);
        Assert.True(await ledger.UseCodeAsync("hash", "tester", default));
        Assert.Empty(await ledger.ListReviewsAsync(closedToo: true, default));
        Assert.Empty(await ledger.ListCampaignsAsync(openOnly: false, 10, default));
        Assert.Empty(await ledger.ListDecisionsAsync("app-1", default));
        Assert.Equal(DecisionOutcome.NotAsked, (await ledger.DecideAsync(
            new DecisionInput("app-1", "approve-start", "paul", Verdicts.Approve, null, null), default)).Outcome);
    }

    /// <summary>Without the columns that came later, and with the sums that fit.</summary>
    private static byte[] AsFirst(string[] lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines[..^1].Select(line => JsonNode.Parse(line)!.AsObject()))
        {
            if (line["version"] is not null)
            {
                line["version"] = 1;
            }

            if (line["row"] is JsonArray row)
            {
                var added = (string?)line["table"] switch { "secrets" => 3, "credentials" => 5, "rotations" or "captures" => 1, _ => 0 };
                for (var column = 0; column < added; column++)
                {
                    row.RemoveAt(row.Count - 1);
                }
            }

            text.Append(line.ToJsonString()).Append('\n');
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var end = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"rows\":{lines.Length - 2},\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"}}\n");
        return [.. bytes, .. Encoding.UTF8.GetBytes(end)];
    }
}
