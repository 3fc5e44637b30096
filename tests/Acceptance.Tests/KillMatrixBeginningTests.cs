using System.Globalization;
using Npgsql;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.Time;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// The kill matrix with wrong beginnings, on a real PostgreSQL: the value on record is stale, the accounts are swapped, the idle one is in
/// use or not locked. Wherever the server is killed, the rotation is refused before anything is touched: no role and no file changes, and
/// what is delivered goes on working.
/// </summary>
public sealed class KillMatrixBeginningTests(ITestOutputHelper output)
{
    private const string Works = "the-value-that-works";
    private const string Believed = "the-value-that-is-believed";

    /// <summary>Most points of a refused rotation are the engine's own commits, which the other matrices visit too.</summary>
    private const int Stride = 22;

    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["stale"] = $"CREATE ROLE stale LOGIN PASSWORD '{Works}'",
        ["swapped"] = $"CREATE ROLE swapped_a NOLOGIN; CREATE ROLE swapped_b LOGIN PASSWORD '{Works}'",
        ["used"] = $"CREATE ROLE used_a LOGIN PASSWORD '{Works}'; CREATE ROLE used_b LOGIN PASSWORD '{Believed}'",
        ["open"] = $"CREATE ROLE open_a LOGIN PASSWORD '{Works}'; CREATE ROLE open_b LOGIN PASSWORD '{Believed}'",
    };

    [Fact]
    public async Task Every_wrong_beginning_is_refused_before_anything_is_touched_wherever_the_server_is_killed()
    {
        using var folder = new TempFolder();
        await using var cluster = await PostgresCluster.StartAsync();
        foreach (var statements in Roles.Values)
        {
            await cluster.ExecuteAsync(statements);
        }

        await using var somebody = new NpgsqlConnection(Login(cluster, "used_b", Believed));
        await somebody.OpenAsync(TestContext.Current.CancellationToken);
        var (arm, log) = (folder.File("arm"), folder.File("points.log"));
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            folder.Write("catalog.yaml", Catalog(folder, cluster)),
            "1h",
            new Dictionary<string, string?>
            {
                ["ADMIN"] = cluster.AdminConnectionString, ["ROTUNDA_CRASH_ARM"] = arm, ["ROTUNDA_CRASH_LOG"] = log,
            }));
        foreach (var beginning in Roles.Keys)
        {
            var before = await OutsideAsync(folder, cluster);
            Arm(arm, int.MaxValue);
            await RefusedAsync(server, beginning, "undisturbed");
            Assert.Equal(before, await OutsideAsync(folder, cluster));
            var points = (await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken)).Length;
            var killed = 0;
            foreach (var point in Visited.Of(points, Stride).Select(index => index + 1))
            {
                killed += await KillAtAsync(server, beginning, arm, point) ? 1 : 0;
                Assert.Equal(before, await OutsideAsync(folder, cluster));
            }

            // On a busy machine several writes share a commit, and a rotation has fewer points than the one before it.
            for (var point = points / 4; killed == 0 && point > 0; point /= 2)
            {
                killed += await KillAtAsync(server, beginning, arm, point) ? 1 : 0;
                Assert.Equal(before, await OutsideAsync(folder, cluster));
            }

            File.Delete(log);
            output.WriteLine($"{beginning}: {points} crash points in a refused rotation, {killed} kills, nothing was touched");
            Assert.True(killed > 0, "Nothing was killed.");
        }

        foreach (var (secret, account) in new[] { ("stale", "stale"), ("swapped", "swapped_b"), ("used", "used_a"), ("open", "open_a") })
        {
            Assert.Equal(Login(cluster, account, Works), EnvFile.Read(folder.File($"{secret}.env"), "DATABASE"));
            Assert.True(await OrdersDatabase.CanLogInAsync(Login(cluster, account, Works)), $"{account} cannot log in any more.");
        }
    }

    /// <returns>True if it was killed; false if the rotation took fewer points this time.</returns>
    private static async Task<bool> KillAtAsync(ServerProcess server, string secret, string arm, int point)
    {
        Arm(arm, point);
        var key = string.Create(CultureInfo.InvariantCulture, $"{secret}-{point}");
        var killed = false;
        try
        {
            await RefusedAsync(server, secret, $"before point {point}", key);
        }
        catch (HttpRequestException)
        {
            await server.WaitForExitAsync();
            killed = true;
        }

        File.Delete(arm);
        if (!killed)
        {
            await server.KillAsync();
        }

        await server.RestartAsync();
        await RefusedAsync(server, secret, $"killed at point {point}", key);
        return killed;
    }

    private static async Task RefusedAsync(ServerProcess server, string secret, string when, string? key = null)
    {
        using var api = new RotundaApi(server);
        var id = await api.RotateAsync(secret, key: key);
        var state = await api.EndOfAsync(id);
        var rotation = await api.GetAsync("/api/rotations/" + id);
        Assert.True(state == "rolled-back", $"{secret}, {when}: {state}.\n{rotation.GetRawText()}\n{server.Output}");
        var live = (await api.GetAsync("/api/secrets/" + secret)).GetProperty("credentials").EnumerateArray()
            .Where(c => !string.Equals(c.GetProperty("state").GetString(), "revoked", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.True(live.Count == 1, $"{secret}, {when}: {string.Join(", ", live.Select(c => c.GetRawText()))}");
    }

    private static string Catalog(TempFolder folder, PostgresCluster cluster)
    {
        var policies = Roles.Keys.Select(secret =>
        {
            var inUse = secret == "stale" ? "stale" : secret == "swapped" ? "swapped_b" : $"{secret}_a";
            folder.Write($"{secret}.env", $"DATABASE='{Login(cluster, inUse, Works)}'\n");
            folder.Write($"{secret}.value", secret is "stale" or "swapped" ? Believed : Works);
            var accounts = secret == "stale"
                ? "strategy: in-place\n    provider: { type: postgres, connection: env:ADMIN, role: stale }"
                : $"strategy: alternate\n    provider: {{ type: postgres, connection: env:ADMIN, accounts: [{secret}_a, {secret}_b] }}";
            return $$"""
                  {{secret}}:
                    {{accounts}}
                    onDrift: overwrite
                    grace: 0s
                    retry: { attempts: 4, first: 1s, max: 1s }
                    current: { id: {{(secret == "stale" ? "stale" : $"{secret}_a")}}, value: "file:{{folder.File($"{secret}.value")}}" }
                    targets:
                      app-env:
                        type: dotenv
                        path: {{folder.File($"{secret}.env")}}
                        keys: { DATABASE: "{{Login(cluster, "{username}", "{value}")}}" }
                """;
        });
        return "version: 1\nsecrets:\n" + string.Join('\n', policies) + "\n";
    }

    private static string Login(PostgresCluster cluster, string user, string password) =>
        $"Host={cluster.Host};Port={cluster.Port};Database=postgres;Username={user};Password={password};GSS Encryption Mode=Disable";

    /// <summary>Every role with its verifier, and every file that consumers read.</summary>
    private static async Task<string> OutsideAsync(TempFolder folder, PostgresCluster cluster)
    {
        var roles = await cluster.ScalarAsync<string>(
            "SELECT string_agg(concat_ws(' ', rolname, rolcanlogin, rolpassword, rolvaliduntil), ';' ORDER BY rolname) FROM pg_authid");
        var files = Roles.Keys.Select(secret => File.ReadAllText(folder.File($"{secret}.env")));
        return $"{roles}\n{string.Join('\n', files)}";
    }

    private static void Arm(string file, int point)
    {
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{point}"));
        File.Move(file + ".new", file, overwrite: true);
    }
}
