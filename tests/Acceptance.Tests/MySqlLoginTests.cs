using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// Promise 1 on a real MariaDB: an application that logs in without pause is never refused. There and back by the whole server; twenty
/// turns of the provider alone are in MySqlUsersFaultTests, where they cost little.
/// </summary>
public sealed class MySqlLoginTests(ITestOutputHelper output)
{
    private const int Rotations = 2;
    private const int Clients = 4;
    private const string FirstPassword = "the-first-password-of-orders-a";

    [Fact]
    public async Task No_login_fails_while_two_users_are_taken_in_turn_and_a_restart_keeps_the_last_one()
    {
        await using var database = await MariaDbServer.StartAsync();
        await database.RunAsync(
            "CREATE DATABASE shop",
            "CREATE TABLE shop.orders (id int)",
            $"CREATE USER orders_a IDENTIFIED BY '{FirstPassword}'",
            "CREATE USER orders_b ACCOUNT LOCK",
            "GRANT SELECT ON shop.* TO orders_a",
            "GRANT SELECT ON shop.* TO orders_b");
        using var folder = new TempFolder();
        var login = $"Server=127.0.0.1;Port={database.Port};User ID={{0}};Password={{1}};SslMode=Preferred";
        var envFile = folder.Write(
            "app.env",
            $"DATABASE='{login.Replace("{0}", "orders_a").Replace("{1}", FirstPassword)}'\nPASSWORD='{FirstPassword}'\n");
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-mysql:
                provider:
                  type: mysql-users
                  host: 127.0.0.1
                  port: {{database.Port}}
                  user: {{MariaDbServer.AdminUser}}
                  password: env:MYSQL_ADMIN
                  sslMode: verify-full
                  rootCertificate: {{MariaDbServer.AuthorityFile}}
                  accounts: [orders_a, orders_b]
                  database: shop
                interval: 30d
                grace: 1s
                evidence: { quietFor: 1s, timeout: 1m }
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { id: orders_a, value: "file:{{envFile}}#PASSWORD" }
                targets:
                  app-env:
                    type: dotenv
                    path: {{envFile}}
                    keys:
                      DATABASE: "{{login.Replace("{0}", "{username}").Replace("{1}", "{value:ado}")}}"
                      PASSWORD: "{value}"
            """);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            catalog,
            "1s",
            new Dictionary<string, string?> { ["MYSQL_ADMIN"] = database.AdminPassword }));
        using var api = new RotundaApi(server);
        await using (var load = new MySqlLoad(envFile, Clients))
        {
            for (var number = 1; number <= Rotations; number++)
            {
                Assert.Equal("succeeded", await api.RotateToEndAsync("orders-mysql"));
            }

            output.WriteLine($"{load.Logins} logins, {load.Failures.Count} failed");
            Assert.Empty(load.Failures);
            Assert.True(load.Logins > Rotations, "The load did not run.");
        }

        await database.StopAsync();
        await database.LaunchAsync();
        await using var connection = await database.ConnectAsync("orders_a", EnvFile.Read(envFile, "PASSWORD"));
        Assert.Equal(
            ["orders_b"],
            await database.AskAsync(
                "SELECT User FROM mysql.global_priv WHERE User LIKE 'orders%' AND JSON_VALUE(Priv, '$.account_locked') = 1"));
        Assert.DoesNotContain(EnvFile.Read(envFile, "PASSWORD"), database.GeneralLog + database.BinaryLog);
    }
}
