using Npgsql;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 where the pooler itself has the login that rotates: its clients notice nothing.</summary>
public sealed class PoolerOwnLoginTests(ITestOutputHelper output)
{
    private const int Rotations = 10;
    private const int KilledIn = 5;
    private const int Clients = 4;

    [Fact]
    public async Task No_client_of_the_pooler_is_refused_while_its_own_login_is_rotated_and_Rotunda_is_killed()
    {
        await using var database = await OrdersDatabase.StartAsync();
        await using var pooler = await PgBouncerServer.StartAsync(
            database.Cluster,
            "\"app\" \"password-of-the-app\"\n",
            new(DatabaseLine: $"user=orders_a password='{OrdersDatabase.FirstPassword}'"));
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"DATABASE='{pooler.ConnectionString("app", "password-of-the-app")}'\n");
        await using var server = await StartServerAsync(database, pooler, folder);
        await using var load = new LoginLoad(envFile, "DATABASE", Clients);
        await using var session = new NpgsqlConnection(pooler.ConnectionString("app", "password-of-the-app"));
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync("the load to run", () => Task.FromResult(load.Logins > Clients));

        for (var number = 1; number <= Rotations; number++)
        {
            using var api = new RotundaApi(server);
            var id = await api.RotateAsync("orders-pool", key: $"rotation-{number}");
            if (number == KilledIn)
            {
                await server.KillAsync();
                await server.RestartAsync();
            }

            using var again = new RotundaApi(server);
            Assert.Equal("succeeded", await again.EndOfAsync(id));

            // The client that stays: the pooler gives it another connection, by the login of this rotation.
            Assert.Equal(number % 2 == 1 ? "orders_b" : "orders_a", await UserAsync(session));
        }

        var before = load.Logins;
        await Until.TrueAsync("logins with the last value", () => Task.FromResult(load.Logins > before + Clients));
        output.WriteLine($"{load.Logins} logins through the pooler, {load.Failures.Count} failed, {Rotations} rotations, 1 kill");
        Assert.Empty(load.Failures.Select(f => f.Message));
        Assert.DoesNotContain(OrdersDatabase.FirstPassword, await File.ReadAllTextAsync(pooler.Ini));
        Assert.True(await database.MayLogInAsync("orders_a"));
        Assert.False(await database.MayLogInAsync("orders_b"));
    }

    private static async Task<string?> UserAsync(NpgsqlConnection session)
    {
        await using var command = new NpgsqlCommand("SELECT session_user::text", session);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static Task<ServerProcess> StartServerAsync(OrdersDatabase database, PgBouncerServer pooler, TempFolder folder)
    {
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-pool:
                provider:
                  type: postgres
                  connection: env:ORDERS_ADMIN
                  accounts: [orders_a, orders_b]
                  ownerRole: orders_owner
                interval: 30d
                grace: 1s
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { id: orders_a }
                targets:
                  pooler:
                    type: pgbouncer-login
                    path: {{pooler.Ini}}
                    databases: [postgres]
                    poolers: ["{{pooler.Address}}"]
                    adminUser: {{pooler.AdminUser}}
                    adminPassword: env:POOLER_ADMIN
            """);
        return ServerProcess.StartAsync(new ServerSettings(folder.File("data"), catalog, "1h", new Dictionary<string, string?>
        {
            ["ORDERS_ADMIN"] = database.Cluster.AdminConnectionString,
            ["POOLER_ADMIN"] = pooler.AdminPassword,
        }));
    }
}
