using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 on a real Redis with a replica: an application that logs in without pause is never refused.</summary>
public sealed class RedisLoginTests(ITestOutputHelper output)
{
    private const int Rotations = 20;
    private const int Clients = 4;
    private const string FirstPassword = "the-first-password-of-app";

    [Fact]
    public async Task No_login_fails_through_twenty_rotations_and_restarts_of_redis_keep_the_last_one()
    {
        string[] users = [$"user app on >{FirstPassword} ~* +@all"];
        await using var primary = await RedisServer.StartAsync(users);
        await using var replica = await RedisServer.StartAsync(users, aclFile: false, primary);
        await primary.UntilAsync("state=online", "INFO", "replication");
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"REDIS_PASSWORD='{FirstPassword}'\n");
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-redis:
                provider:
                  type: redis
                  nodes: ["{{primary.Address}}", "{{replica.Address}}"]
                  username: app
                  adminUser: {{RedisServer.AdminUser}}
                  adminPassword: env:REDIS_ADMIN
                interval: 30d
                grace: 1s
                retry: { attempts: 10, first: 1s, max: 1s }
                current: { value: "file:{{envFile}}#REDIS_PASSWORD" }
                targets:
                  app-env: { type: dotenv, path: {{envFile}}, keys: { REDIS_PASSWORD: "{value}" } }
            """);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            catalog,
            "1s",
            new Dictionary<string, string?> { ["REDIS_ADMIN"] = RedisServer.AdminPassword }));
        using var api = new RotundaApi(server);
        await using (var load = new RedisLoad(envFile, Clients, primary.Port, replica.Port))
        {
            for (var number = 1; number <= Rotations; number++)
            {
                Assert.Equal("succeeded", await api.RotateToEndAsync("orders-redis"));
            }

            output.WriteLine($"{load.Logins} logins, {load.Failures.Count} failed");
            Assert.Empty(load.Failures);
            Assert.True(load.Logins > Rotations, "The load did not run.");
        }

        // One password is left on each node, the one that was delivered, and a restart keeps it.
        await primary.RestartAsync();
        await replica.RestartAsync();
        foreach (var node in new[] { primary, replica })
        {
            var user = (await node.RunAsync("ACL", "GETUSER", "app")).ToDictionary();
            Assert.Single((StackExchange.Redis.RedisResult[])user["passwords"]!);
            await using var connection = await node.ConnectAsync("app", EnvFile.Read(envFile, "REDIS_PASSWORD"));
        }
    }
}
