using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 on a real PostgreSQL: an application that logs in without pause is never refused.</summary>
public sealed class PostgresLoginTests(ITestOutputHelper output)
{
    private const int Rotations = 20;
    private const int Clients = 4;

    [Fact]
    public async Task No_login_fails_through_twenty_scheduled_and_manual_alternate_rotations_under_load()
    {
        await using var database = await OrdersDatabase.StartAsync();
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"DATABASE='{database.ConnectionString("orders_a", OrdersDatabase.FirstPassword)}'\n");
        await using var server = await StartServerAsync(database, folder, envFile, grace: "1s", interval: "2s");
        using var api = new RotundaApi(server);
        await using var load = new LoginLoad(envFile, "DATABASE", Clients);

        // Every other rotation is asked for; the schedule starts the rest.
        var triggers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 1; number <= Rotations; number++)
        {
            var id = $"orders-db-{number}";
            if (number % 2 == 0)
            {
                await TryRotateAsync(api);
            }

            await Until.TrueAsync($"{id} to start", async () =>
                (await api.GetAsync("/api/rotations?secret=orders-db")).GetProperty("rotations")
                    .EnumerateArray()
                    .Any(r => r.GetProperty("id").GetString() == id));
            Assert.Equal("succeeded", await api.EndOfAsync(id));
            var trigger = (await api.GetAsync($"/api/rotations/{id}")).GetProperty("rotation").GetProperty("trigger").GetString()!;
            triggers[trigger] = triggers.GetValueOrDefault(trigger) + 1;
        }

        output.WriteLine(
            $"{load.Logins} logins, {load.Failures.Count} failed, {string.Join(", ", triggers.Select(t => $"{t.Value} {t.Key}"))}");
        Assert.Empty(load.Failures.Select(f => f.Message));
        Assert.True(load.Logins > Rotations, "The load did not run.");
        Assert.Equal(2, triggers.Count);
    }

    [Fact]
    public async Task In_an_emergency_only_logins_that_had_read_the_old_value_may_fail()
    {
        await using var database = await OrdersDatabase.StartAsync();
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"DATABASE='{database.ConnectionString("orders_a", OrdersDatabase.FirstPassword)}'\n");
        await using var server = await StartServerAsync(database, folder, envFile, grace: "1h", interval: "30d");
        using var api = new RotundaApi(server);
        await using var load = new LoginLoad(envFile, "DATABASE", Clients);
        await Until.TrueAsync("the load to run", () => Task.FromResult(load.Logins > Clients));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("succeeded", await api.RotateToEndAsync("orders-db", "emergency", "INC-1"));
        }

        var before = load.Logins;
        await Until.TrueAsync("logins with the last value", () => Task.FromResult(load.Logins > before + Clients));
        output.WriteLine($"{load.Logins} logins, {load.Failures.Count} failed");
        Assert.All(load.Failures, failure => Assert.True(failure.StaleAtFailure, failure.Message));
    }

    private static Task<ServerProcess> StartServerAsync(
        OrdersDatabase database,
        TempFolder folder,
        string envFile,
        string grace,
        string interval)
    {
        var login = database.ConnectionString("{username}", "{password}");
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-db:
                provider:
                  type: postgres
                  connection: env:ORDERS_ADMIN
                  accounts: [orders_a, orders_b]
                  ownerRole: orders_owner
                  endSessions: true
                interval: {{interval}}
                grace: {{grace}}
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { id: orders_a }
                targets:
                  app-env:
                    type: dotenv
                    path: {{envFile}}
                    keys:
                      DATABASE: "{{login}}"
            """);
        return ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            catalog,
            "1s",
            new Dictionary<string, string?> { ["ORDERS_ADMIN"] = database.Cluster.AdminConnectionString }));
    }

    /// <summary>Refused while the schedule's own rotation is under way: then that one counts.</summary>
    private static async Task TryRotateAsync(RotundaApi api)
    {
        try
        {
            await api.RotateAsync("orders-db");
        }
        catch (Xunit.Sdk.XunitException conflict) when (conflict.Message.Contains("409", StringComparison.Ordinal))
        {
        }
    }
}
