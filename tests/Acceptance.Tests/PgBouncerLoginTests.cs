using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 through a real pooler: an application that logs in through it without pause is never refused.</summary>
public sealed class PgBouncerLoginTests(ITestOutputHelper output)
{
    private const int Rotations = 12;
    private const int KilledIn = 5;
    private const int Clients = 4;
    private const string LookupPassword = "password-of-the-pooler";

    [Theory]
    [InlineData("userlist")]
    [InlineData("auth-query")]
    public async Task No_login_through_the_pooler_fails_while_the_password_is_rotated_and_Rotunda_is_killed(string mode)
    {
        await using var database = await OrdersDatabase.StartAsync();
        await using var pooler = await StartPoolerAsync(database, mode);
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"DATABASE='{pooler.ConnectionString("orders_a", OrdersDatabase.FirstPassword)}'\n");
        await using var server = await StartServerAsync(database, pooler, folder, envFile, mode);
        await using var load = new LoginLoad(envFile, "DATABASE", Clients);
        await Until.TrueAsync("the load to run", () => Task.FromResult(load.Logins > Clients));

        for (var number = 1; number <= Rotations; number++)
        {
            var key = $"rotation-{number}";
            using var api = new RotundaApi(server);
            var id = await api.RotateAsync("orders-db", key: key);
            if (number == KilledIn)
            {
                await server.KillAsync();
                await server.RestartAsync();
            }

            using var again = new RotundaApi(server);
            Assert.Equal("succeeded", await again.EndOfAsync(id));
        }

        var before = load.Logins;
        await Until.TrueAsync("logins with the last value", () => Task.FromResult(load.Logins > before + Clients));
        output.WriteLine($"{mode}: {load.Logins} logins through the pooler, {load.Failures.Count} failed, {Rotations} rotations, 1 kill");
        Assert.Empty(load.Failures.Select(f => f.Message));
        Assert.DoesNotContain(OrdersDatabase.FirstPassword, await File.ReadAllTextAsync(pooler.UserList));
    }

    private static async Task<PgBouncerServer> StartPoolerAsync(OrdersDatabase database, string mode)
    {
        if (mode == "auth-query")
        {
            await database.Cluster.ExecuteAsync(PgBouncerOptions.Lookup(LookupPassword));
            return await PgBouncerServer.StartAsync(
                database.Cluster,
                $"\"pooler\" \"{LookupPassword}\"\n",
                PgBouncerOptions.AskingTheServer);
        }

        var verifier = await database.Cluster.ScalarAsync<string>("SELECT rolpassword FROM pg_authid WHERE rolname = 'orders_a'");
        return await PgBouncerServer.StartAsync(database.Cluster, $"; kept by hand\n\"orders_a\" \"{verifier}\"\n");
    }

    private static Task<ServerProcess> StartServerAsync(
        OrdersDatabase database,
        PgBouncerServer pooler,
        TempFolder folder,
        string envFile,
        string mode)
    {
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
                interval: 30d
                grace: 1s
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { id: orders_a }
                targets:
                  pooler:
                    type: pgbouncer
                    group: 0
                    mode: {{mode}}
                    path: {{pooler.UserList}}
                    users: [orders_a, orders_b]
                    poolers: ["{{pooler.Address}}"]
                    adminUser: {{pooler.AdminUser}}
                    adminPassword: env:POOLER_ADMIN
                    database: postgres
                  app-env:
                    type: dotenv
                    group: 1
                    path: {{envFile}}
                    keys:
                      DATABASE: "{{pooler.ConnectionString("{username}", "{password}")}}"
            """);
        return ServerProcess.StartAsync(new ServerSettings(folder.File("data"), catalog, "1h", new Dictionary<string, string?>
        {
            ["ORDERS_ADMIN"] = database.Cluster.AdminConnectionString,
            ["POOLER_ADMIN"] = pooler.AdminPassword,
        }));
    }
}
