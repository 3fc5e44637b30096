using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Reencryption;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.StoredRows;

namespace Rotunda.Activities.Tests.Providers.PostgresRows;

/// <summary>One table of a real PostgreSQL, the keys, and the provider called as the steps call it.</summary>
internal sealed class RowsRig
{
    private readonly PostgresCluster _cluster;
    private readonly string _rotation;

    public RowsRig(PostgresFixture postgres)
        : this(postgres.Cluster, postgres.NewName("customers"))
    {
    }

    public RowsRig(PostgresCluster cluster, string name)
    {
        (_cluster, _rotation) = (cluster, name);
        Table = new SealedTable(_cluster, name);
        Settings = new JsonObject
        {
            ["connection"] = "env:DB", ["batch"] = 50, ["connections"] = 3, ["lockTimeout"] = "1s",
            ["tables"] = new JsonArray(new JsonObject { ["table"] = Table.Name, ["key"] = "id", ["columns"] = new JsonArray("email") }),
        };
    }

    public SealedTable Table { get; }

    public RowsProvider Provider { get; } = new();

    public JsonObject Settings { get; }

    public JsonObject FirstTable => Settings["tables"]![0]!.AsObject();

    public Dictionary<string, string> References { get; } = new(StringComparer.Ordinal);

    public string Old { get; set; } = Fernet.NewKey();

    public string New { get; set; } = Fernet.NewKey();

    public List<string> Others { get; } = [];

    public static TimeSpan Long => TimeSpan.FromMinutes(5);

    public async Task<RowsRig> WithRowsAsync(long rows)
    {
        await Table.CreateAsync(rows, Old);
        return this;
    }

    public ProviderCall Call(string? rotation = null)
    {
        References["env:DB"] = References.GetValueOrDefault("env:DB", _cluster.AdminConnectionString);
        return new(
            new ProviderSettings(Settings, new FixedReferences(References)),
            "customers",
            rotation ?? _rotation,
            1,
            1,
            TimeProvider.System);
    }

    public Task<StepOutcome> PreflightAsync() => WithKeysAsync(keys => Provider.PreflightAsync(Call(), keys, default));

    public Task<StepOutcome> RehearseAsync(TimeSpan? slice = null) =>
        ThroughAsync((keys, cursor) => Provider.RehearseAsync(Call(), keys, new Slice(slice ?? Long, "rehearse", cursor), default));

    public Task<StepOutcome> BackupAsync(TimeSpan? slice = null) =>
        ThroughAsync((_, _) => Provider.BackupAsync(Call(), new Slice(slice ?? Long, "backup", null), default));

    public Task<StepOutcome> MigrateAsync(TimeSpan? slice = null) => ThroughAsync((_, _) => MigrateSliceAsync(slice ?? Long));

    public Task<StepOutcome> MigrateSliceAsync(TimeSpan slice) =>
        WithKeysAsync(keys => Provider.MigrateAsync(Call(), keys, new Slice(slice, "migrate", null), default));

    public Task<StepOutcome> VerifyAsync(string pass = "verify-rows", TimeSpan? slice = null) =>
        ThroughAsync((keys, _) => Provider.VerifyRowsAsync(Call(), keys, new Slice(slice ?? Long, pass, null), default));

    public Task<StepOutcome> RestoreAsync(TimeSpan? slice = null, string pass = "back", bool withNew = true) =>
        ThroughAsync((keys, _) => Provider.RestoreRowsAsync(Call(), keys, new Slice(slice ?? Long, pass, null), default), withNew);

    public Task<StepOutcome> DropAsync() => Provider.DropBackupAsync(Call(), default);

    public Task ExecuteAsync(string sql) => _cluster.ExecuteAsync(sql);

    public Task<T?> ScalarAsync<T>(string sql) => _cluster.ScalarAsync<T>(sql);

    /// <summary>Slices as small as they get, so many of them.</summary>
    public async Task MigratePartAsync(int slices)
    {
        for (var slice = 0; slice < slices; slice++)
        {
            Assert.Equal(StepOutcomeKind.Continue, (await MigrateSliceAsync(TimeSpan.Zero)).Kind);
        }
    }

    public async Task<StepOutcome> WithKeysAsync(Func<DataKeys, Task<StepOutcome>> call, bool withNew = true)
    {
        using var old = SecretValue.FromText(Old);
        using var fresh = SecretValue.FromText(New);
        return await call(new DataKeys(old, withNew ? fresh : null, [.. Others.Select(SecretValue.FromText)]));
    }

    /// <summary>As the interpreter does: again while it says Continue.</summary>
    private Task<StepOutcome> ThroughAsync(Func<DataKeys, string?, Task<StepOutcome>> slice, bool withNew = true) =>
        WithKeysAsync(async keys =>
        {
            for (string? cursor = null; ;)
            {
                var outcome = await slice(keys, cursor);
                if (outcome.Kind != StepOutcomeKind.Continue)
                {
                    return outcome;
                }

                cursor = outcome.Facts!.GetValueOrDefault(StepFacts.Cursor);
            }
        }, withNew);
}
