using System.Text.Json;
using Rotunda.Acceptance.Tests.Harness;

namespace Rotunda.Acceptance.Tests;

/// <summary>Dual-key, with a running consumer that reloads when told to.</summary>
public sealed class KillMatrixDualKeyTests(ITestOutputHelper output) : KillMatrix(output), IAsyncDisposable
{
    private JwtService? _service;

    protected override string Secret => "jwt";

    [Fact]
    public Task Every_kill_ends_well() => RunAsync();

    protected override async Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder)
    {
        var envFile = Path.Combine(folder, "jwt.env");
        await File.WriteAllTextAsync(envFile, "JWT_PRIMARY=the-key-before-rotunda-came-here\n");
        _service = await JwtService.StartAsync(envFile);
        return ($$"""
            version: 1
            secrets:
              jwt:
                strategy: dual-key
                provider: { type: generated, purpose: jwt }
                tokenLifetime: 1s
                grace: 1s
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { value: "file:{{envFile}}#JWT_PRIMARY" }
                targets:
                  app-env:
                    type: dotenv
                    path: {{envFile}}
                    keys: { JWT_PRIMARY: "{primary}", JWT_SECONDARY: "{secondary}", JWT_SALT: "{salt}" }
                consumers:
                  app:
                    type: http
                    instances: [{{_service.Address.ToString().TrimEnd('/')}}]
                    reloadPath: /reload
                    healthPath: /healthz
                    fingerprintPath: /fingerprint
            """, []);
    }

    protected override async Task CheckOutsideAsync(string folder, JsonElement active)
    {
        var (primary, secondary) = await _service!.FingerprintsAsync();
        Assert.Equal(active.GetProperty("fingerprint").GetString(), primary);
        Assert.Null(secondary);
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is { } service)
        {
            await service.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>Overlap: a generated token in a file.</summary>
public sealed class KillMatrixOverlapTests(ITestOutputHelper output) : KillMatrix(output)
{
    protected override string Secret => "token";

    [Fact]
    public Task Every_kill_ends_well() => RunAsync();

    protected override Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder) =>
        Task.FromResult<(string, Dictionary<string, string?>)>(($$"""
            version: 1
            secrets:
              token:
                strategy: overlap
                provider: { type: generated, purpose: other }
                grace: 0s
                retry: { attempts: 10, first: 1s, max: 1s }
                targets:
                  file: { type: file, path: {{Path.Combine(folder, "token")}}, template: "{salt} {value}" }
            """, []));

    protected override Task CheckOutsideAsync(string folder, JsonElement active)
    {
        var parts = File.ReadAllText(Path.Combine(folder, "token")).Trim().Split(' ');
        Assert.Equal(active.GetProperty("fingerprint").GetString(), FingerprintOf(parts[1], parts[0]));
        return Task.CompletedTask;
    }
}

/// <summary>On a real PostgreSQL.</summary>
public abstract class KillMatrixPostgres(ITestOutputHelper output) : KillMatrix(output), IAsyncDisposable
{
    private OrdersDatabase? _database;

    private protected OrdersDatabase Database => _database!;

    protected abstract string Policy { get; }

    protected override async Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder)
    {
        _database = await OrdersDatabase.StartAsync();
        var login = _database.ConnectionString("{username}", "{password}");
        await File.WriteAllTextAsync(Path.Combine(folder, "legacy"), OrdersDatabase.LegacyPassword);
        return ($$"""
            version: 1
            secrets:
              {{Secret}}:
                retry: { attempts: 10, first: 1s, max: 1s }
            {{Policy.Replace("FOLDER", folder, StringComparison.Ordinal)}}
                targets:
                  app-env:
                    type: dotenv
                    path: {{Path.Combine(folder, "app.env")}}
                    keys: { DATABASE: "{{login}}" }
            """, new Dictionary<string, string?> { ["ADMIN"] = _database.Cluster.AdminConnectionString });
    }

    protected override async Task CheckOutsideAsync(string folder, JsonElement active) =>
        Assert.True(
            await OrdersDatabase.CanLogInAsync(EnvFile.Read(Path.Combine(folder, "app.env"), "DATABASE")),
            "The delivered credential does not log in.");

    public async ValueTask DisposeAsync()
    {
        if (_database is { } database)
        {
            await database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}

public sealed class KillMatrixAlternateTests(ITestOutputHelper output) : KillMatrixPostgres(output)
{
    protected override string Secret => "orders-db";

    protected override string Policy => """
            strategy: alternate
            provider: { type: postgres, connection: env:ADMIN, accounts: [orders_a, orders_b], ownerRole: orders_owner, endSessions: true }
            grace: 0s
            current: { id: orders_a }
        """;

    [Fact]
    public Task Every_kill_ends_well() => RunAsync();

    protected override async Task CheckOutsideAsync(string folder, JsonElement active)
    {
        await base.CheckOutsideAsync(folder, active);
        var account = active.GetProperty("account").GetString()!;
        Assert.True(await Database.MayLogInAsync(account));
        Assert.False(await Database.MayLogInAsync(account == "orders_a" ? "orders_b" : "orders_a"), "The retired account is not locked.");
    }
}

public sealed class KillMatrixInPlaceTests(ITestOutputHelper output) : KillMatrixPostgres(output)
{
    protected override string Secret => "legacy-db";

    protected override string Policy => """
            strategy: in-place
            provider: { type: postgres, connection: env:ADMIN, role: legacy }
            current: { id: legacy, value: "file:FOLDER/legacy" }
        """;

    [Fact]
    public Task Every_kill_ends_well() => RunAsync();
}
