using Microsoft.AspNetCore.Http;
using System.Text;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// Promise 5: values planted as canaries (adopted ones, and every one that is made while the test runs) are searched for in
/// every byte of the data directory, of what the server and the command line print, and of every HTTP answer.
/// </summary>
public sealed class CanaryTests(ITestOutputHelper output)
{
    private const string Canary = "canary-VALUE+that/must=never&show";

    [Fact]
    public async Task No_value_is_found_anywhere_but_at_its_target()
    {
        await using var database = await OrdersDatabase.StartAsync();
        using var folder = new TempFolder();
        using var targets = new TempFolder();
        var jwtFile = targets.Write("jwt.env", $"JWT_PRIMARY='{Canary}'\n");
        var appFile = targets.File("app.env");
        await using var consumer = await ConsumerServer.StartAsync();
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"), folder.Write("catalog.yaml", Catalog(database, jwtFile, appFile, consumer.Address)), "1h",
            new Dictionary<string, string?>
            {
                ["ADMIN"] = database.Cluster.AdminConnectionString,
                ["Logging__LogLevel__Default"] = "Trace",
            }));
        using var api = new RotundaApi(server);
        var values = new HashSet<string>(StringComparer.Ordinal) { Canary, OrdersDatabase.FirstPassword, database.Cluster.AdminPassword };

        foreach (var ending in (string[])["succeeded", "succeeded", "rolled-back"])
        {
            // The third time the consumer says that it cannot work with the new value: the rotation rolls back.
            consumer.Answer = context =>
            {
                Collect(values, jwtFile, appFile);
                var refuses = ending != "succeeded" && EnvFile.Read(jwtFile, "JWT_SECONDARY").Length > 0;
                context.Response.StatusCode = refuses ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
                return context.Response.WriteAsync("{}");
            };
            Assert.Equal(ending, await api.RotateToEndAsync("jwt"));
            Collect(values, jwtFile, appFile);
            Assert.Equal("succeeded", await api.RotateToEndAsync("orders-db"));
            Collect(values, jwtFile, appFile);
        }

        consumer.Answer = context => context.Response.WriteAsync("{}");
        await server.KillAsync();
        await server.RestartAsync();
        using var after = new RotundaApi(server);
        Assert.Equal("succeeded", await after.RotateToEndAsync("jwt"));
        Collect(values, jwtFile, appFile);

        foreach (var path in (string[])
        [
            "/api/secrets", "/api/secrets/jwt", "/api/secrets/orders-db", "/api/rotations", "/api/rotations/jwt-3", "/api/audit",
            "/api/secrets/jwt/plan",
        ])
        {
            await after.GetAsync(path);
        }

        var (_, exported, errors) = await ServerProcess.RunAsync(["--data", server.Settings.Data, "audit", "export"]);
        await server.StopAsync();

        Assert.True(values.Count >= 8, $"Only {values.Count} values were seen.");
        var places = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["server output"] = Encoding.UTF8.GetBytes(server.Output),
            ["HTTP answers"] = Encoding.UTF8.GetBytes(string.Join('\n', api.Answers.Concat(after.Answers))),
            ["audit export"] = Encoding.UTF8.GetBytes(exported + errors),
        };
        foreach (var file in Directory.GetFiles(server.Settings.Data, "*", SearchOption.AllDirectories))
        {
            places[file] = await File.ReadAllBytesAsync(file);
        }

        Assert.Contains(places.Keys, p => p.EndsWith("hub.db", StringComparison.Ordinal));
        Assert.Empty(places.SelectMany(place => Leaks.Find(place.Value, values).Select(form => $"{form} in {place.Key}")));
        Assert.NotEmpty(Leaks.Find(await File.ReadAllBytesAsync(appFile), values));
        output.WriteLine($"{values.Count} values looked for in {places.Count} places, {places.Sum(p => (long)p.Value.Length)} bytes");
    }

    [Fact]
    public async Task An_unreachable_database_is_reported_without_the_value_and_rolled_back()
    {
        using var folder = new TempFolder();
        var catalog = folder.Write("catalog.yaml", $$"""
            version: 1
            secrets:
              orders-db:
                provider: { type: postgres, connection: env:ADMIN, accounts: [orders_a, orders_b] }
                grace: 1s
                retry: { attempts: 1, first: 1s, max: 1s }
                targets:
                  app-env: { type: dotenv, path: {{folder.File("app.env")}}, keys: { PASSWORD: "{password}" } }
            """);
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"), catalog, "1h",
            new Dictionary<string, string?> { ["ADMIN"] = $"Host=127.0.0.1;Port=1;Username=admin;Password='{Canary}';Database=postgres" }));
        using var api = new RotundaApi(server);

        Assert.Equal("rolled-back", await api.RotateToEndAsync("orders-db"));
        var detail = (await api.GetAsync("/api/rotations/orders-db-1")).GetProperty("rotation").GetProperty("detail").GetString();
        await server.KillAsync();

        Assert.Contains("127.0.0.1", detail, StringComparison.Ordinal);
        Assert.Empty(Leaks.Find(Encoding.UTF8.GetBytes(server.Output + string.Join('\n', api.Answers)), [Canary]));
    }

    private static string Catalog(OrdersDatabase database, string jwtFile, string appFile, string consumer) => $$"""
        version: 1
        secrets:
          jwt:
            strategy: dual-key
            provider: { type: generated, purpose: jwt }
            grace: 0s
            retry: { attempts: 2, first: 1s, max: 1s }
            current: { value: "file:{{jwtFile}}#JWT_PRIMARY" }
            targets:
              app-env: { type: dotenv, path: {{jwtFile}}, keys: { JWT_PRIMARY: "{primary}", JWT_SECONDARY: "{secondary}" } }
            consumers:
              app: { type: http, instances: [{{consumer}}], reloadPath: /reload, healthPath: /healthz }
          orders-db:
            provider: { type: postgres, connection: env:ADMIN, accounts: [orders_a, orders_b], ownerRole: orders_owner }
            grace: 0s
            retry: { attempts: 2, first: 1s, max: 1s }
            current: { id: orders_a }
            targets:
              app-env: { type: dotenv, path: {{appFile}}, keys: { PASSWORD: "{password}" } }
        """;

    /// <summary>What stands at the targets now, which is how the test learns the values.</summary>
    private static void Collect(HashSet<string> values, params string[] files)
    {
        foreach (var line in files.Where(File.Exists).SelectMany(File.ReadAllLines))
        {
            var value = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('\'', '"');
            if (value.Length >= 16)
            {
                lock (values)
                {
                    values.Add(value);
                }
            }
        }
    }
}
