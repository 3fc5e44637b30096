using System.Globalization;
using System.Text.Json;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.Time;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// The kill matrix: one rotation is run undisturbed, which tells how many crash points it passes (before and after each
/// commit of engine, ledger and store, and each outside call). Then the same rotation is run once for each of them, in a server
/// that is killed with SIGKILL there and started again; every one must end as if nothing had happened.
/// </summary>
/// <remarks>By default each seventh point is visited, others on each day of a week; ROTUNDA_KILL_ALL=1 visits all
/// (<see cref="Visited"/>).</remarks>
public abstract class KillMatrix(ITestOutputHelper output)
{
    private const int DefaultStride = 7;

    /// <summary>The secret's name in the catalog.</summary>
    protected abstract string Secret { get; }

    /// <summary>Makes the surroundings and returns the catalog and the server's environment.</summary>
    protected abstract Task<(string Catalog, Dictionary<string, string?> Environment)> PrepareAsync(string folder);

    /// <summary>Each how many points one is visited.</summary>
    protected virtual int Stride => DefaultStride;

    /// <summary>Called before each rotation that may be killed.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Whoever acts on the server from outside while it is killed; null for nobody.</summary>
    private protected virtual IAsyncDisposable? Accompany(ServerProcess server) => null;

    /// <summary>Checks what the outside sees, against the fingerprint and account that the ledger says are in use.</summary>
    protected abstract Task CheckOutsideAsync(string folder, JsonElement active);

    private protected async Task RunAsync()
    {
        using var folder = new TempFolder();
        var (catalog, environment) = await PrepareAsync(folder.Path);
        var arm = folder.File("arm");
        var log = folder.File("points.log");
        environment["ROTUNDA_CRASH_ARM"] = arm;
        environment["ROTUNDA_CRASH_LOG"] = log;
        await using var server = await ServerProcess.StartAsync(new ServerSettings(
            folder.File("data"),
            folder.Write("catalog.yaml", catalog),
            "1h",
            environment));
        await using var company = Accompany(server);

        var points = await CountAsync(server, arm, log);
        var (killed, missed) = (0, 0);
        foreach (var point in Visited.Of(points.Count, Stride).Select(index => index + 1))
        {
            File.Delete(log);
            _ = await KillAtAsync(server, arm, point) ? killed++ : missed++;
            await CheckAsync(server, folder.Path, $"killed at point {point} of {points.Count}", log);
        }

        output.WriteLine(
            $"{Secret}: {points.Count} crash points in one rotation, {killed} kills, every rotation succeeded ({missed} runs ended "
                + "before their point)");
        Assert.True(killed > 0, "Nothing was killed.");
    }

    private async Task<List<string>> CountAsync(ServerProcess server, string arm, string log)
    {
        // The first rotation may differ from the later ones (adoption); the second is like all that follow.
        using var api = new RotundaApi(server);
        Assert.Equal("succeeded", await api.RotateToEndAsync(Secret));
        Begin();
        Arm(arm, int.MaxValue);
        var id = await api.RotateAsync(Secret);
        Assert.Equal("succeeded", await api.EndOfAsync(id));
        var plan = (await api.GetAsync("/api/rotations/" + id)).GetProperty("plan");
        await server.KillAsync();
        File.Delete(arm);
        var points = File.ReadAllLines(log).ToList();
        await server.RestartAsync();

        // Generated from the plan: each of its steps must have left its mark among the points.
        foreach (var kind in plan.GetProperty("steps")
            .EnumerateArray()
            .Select(s => s.GetProperty("kind").GetString()!)
            .Distinct(StringComparer.Ordinal))
        {
            if (kind is "Apply" or "Verify" or "Deliver" or "ConfirmSync" or "RestartConsumers" or "VerifyConsumers")
            {
                Assert.Contains(points, p => p.EndsWith("outside.before:" + kind, StringComparison.Ordinal));
                Assert.Contains(points, p => p.EndsWith("outside.after:" + kind, StringComparison.Ordinal));
            }
        }

        return points;
    }

    /// <returns>True if it was killed; false if the rotation took fewer points this time.</returns>
    private async Task<bool> KillAtAsync(ServerProcess server, string arm, int point)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"kill-{point}");
        Begin();
        Arm(arm, point);
        var killed = await StartAndDieAsync(server, key);
        File.Delete(arm);
        if (killed)
        {
            await server.RestartAsync();
        }
        else
        {
            await server.KillAsync();
            await server.RestartAsync();
        }

        // A client that heard nothing asks again with the same key; what it started before is not started twice.
        using var again = new RotundaApi(server);
        var id = await again.RotateAsync(Secret, key: key);
        var state = await again.EndOfAsync(id);
        Assert.True(
            state == "succeeded",
            $"Killed at point {point}, {id} ended "
                + $"{state}.\n{(await again.GetAsync("/api/rotations/" + id)).GetRawText()}\n{server.Output}");
        return killed;
    }

    private async Task<bool> StartAndDieAsync(ServerProcess server, string key)
    {
        using var api = new RotundaApi(server);
        try
        {
            await api.EndOfAsync(await api.RotateAsync(Secret, key: key));
            return false;
        }
        catch (HttpRequestException)
        {
            await server.WaitForExitAsync();
            return true;
        }
    }

    private async Task CheckAsync(ServerProcess server, string folder, string when, string log)
    {
        using var api = new RotundaApi(server);
        var credentials = (await api.GetAsync("/api/secrets/" + Secret)).GetProperty("credentials").EnumerateArray().ToList();
        var live = credentials.Where(c => c.GetProperty("state").GetString() is not ("Revoked" or "revoked")).ToList();
        var where = File.Exists(log) ? File.ReadAllLines(log).LastOrDefault() : "";
        Assert.True(
            live.Count == 1 && string.Equals(live[0].GetProperty("state").GetString(), "active", StringComparison.OrdinalIgnoreCase),
            $"{when} ({where}): not exactly one live credential: {string.Join(", ", live)}");
        await CheckOutsideAsync(folder, live[0]);
    }

    private static void Arm(string file, int point)
    {
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{point}"));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>The fingerprint that a consumer computes: SHA-256 over salt and value, the first 12 hex digits.</summary>
    private protected static string FingerprintOf(string value, string salt) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(salt + value)))[..12];
}
