using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Acceptance.Tests;

/// <summary>Promise 1 with two passwords of one user, of which there cannot be three: an emergency takes over a rotation that has set its
/// value and delivered it. At a stand-in for MySQL, as no server can be had.</summary>
public sealed class MySqlTwoPasswordsTests
{
    private const string FirstPassword = "the-first-password-of-orders";
    private const string OwnPassword = "rotunda-s-own-0123456789";

    [Fact]
    public async Task An_emergency_in_the_middle_ends_no_password_that_is_still_delivered()
    {
        var users = new FakeMySqlUsers(Keep);
        users.Add(
            new("rotunda") { Grants = ["GRANT CREATE USER ON *.* TO {}", "GRANT SELECT ON `mysql`.* TO {}"] }, OwnPassword);
        var orders = users.Add(new("orders") { Plugin = "mysql_native_password" }, FirstPassword);
        await using var database = new FakeMySql(users);
        await using var consumer = await ConsumerServer.StartAsync();
        using var folder = new TempFolder();
        var envFile = folder.Write("app.env", $"PASSWORD='{FirstPassword}'\n");
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-mysql:
                provider:
                  type: mysql-password
                  host: 127.0.0.1
                  port: {{database.Port}}
                  user: rotunda
                  password: env:MYSQL_ADMIN
                  account: orders
                  database: orders
                interval: 30d
                grace: 1s
                retry: { attempts: 100, first: 1s, max: 1s }
                current: { value: "file:{{envFile}}#PASSWORD" }
                targets:
                  app-env: { type: dotenv, path: {{envFile}}, keys: { PASSWORD: "{value}" } }
                consumers:
                  app: { type: http, instances: ["{{consumer.Address}}"], healthPath: /healthz }
            """);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            catalog,
            "1s",
            new Dictionary<string, string?> { ["MYSQL_ADMIN"] = OwnPassword }));
        using var api = new RotundaApi(server);
        using var stop = new CancellationTokenSource();
        var seen = new ConcurrentDictionary<string, bool>();
        var refused = new ConcurrentQueue<string>();
        var watching = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var value = EnvFile.Read(envFile, "PASSWORD");
                seen[value] = true;
                if (!orders.Passwords.Contains(value) && EnvFile.Read(envFile, "PASSWORD") == value)
                {
                    refused.Enqueue($"value {seen.Count} is refused");
                }
            }
        });

        Assert.Equal("succeeded", await api.RotateToEndAsync("orders-mysql"));
        Assert.Null(orders.Second);
        var inUse = EnvFile.Read(envFile, "PASSWORD");
        var notTaken = 0;
        consumer.Answer = context =>
        {
            // Well until it gets the new value.
            if (EnvFile.Read(envFile, "PASSWORD") != inUse)
            {
                context.Response.StatusCode = 503;
                Interlocked.Increment(ref notTaken);
            }

            return Task.CompletedTask;
        };
        await api.RotateAsync("orders-mysql");
        await Until.TrueAsync(
            "the second rotation to be delivered and not to be taken",
            () => Task.FromResult(Volatile.Read(ref notTaken) > 0));
        Assert.Equal(inUse, orders.Passwords.Last());
        consumer.Answer = _ => Task.CompletedTask;
        Assert.Equal("succeeded", await api.RotateToEndAsync("orders-mysql", "emergency", "INC-1"));

        await stop.CancelAsync();
        await watching;
        Assert.Empty(refused);
        Assert.True(seen.Count >= 4, $"{seen.Count} values were seen.");
        Assert.Equal([EnvFile.Read(envFile, "PASSWORD")], orders.Passwords);
        Assert.Null(orders.Second);
        database.AssertClean();
    }

    /// <summary>As mysql_native_password keeps it. What is kept of Rotunda's own login is never looked at.</summary>
    [SuppressMessage(
        "Security",
        "CA5350:Do Not Use Weak Cryptographic Algorithms",
        Justification = "mysql_native_password is made of it.")]
    private static string Keep(string plugin, string password) => plugin == "mysql_native_password"
        ? "*" + Convert.ToHexString(SHA1.HashData(SHA1.HashData(Encoding.UTF8.GetBytes(password))))
        : $"kept-{password.Length}-{Guid.NewGuid():N}";
}
