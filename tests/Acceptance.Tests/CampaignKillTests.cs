using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rotunda.Acceptance.Tests.Harness;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests;

/// <summary>
/// An emergency campaign over many secrets at a vendor, in a server that is killed with SIGKILL again and again on the way: every secret
/// is rotated exactly once, and what was opened is dead.
/// </summary>
/// <remarks>By default 40 secrets and 3 kills; ROTUNDA_CAMPAIGN_SECRETS and ROTUNDA_CAMPAIGN_KILLS say otherwise.</remarks>
public sealed class CampaignKillTests(ITestOutputHelper output)
{
    private static readonly int s_secrets = Number("ROTUNDA_CAMPAIGN_SECRETS", 40);
    private static readonly int s_kills = Number("ROTUNDA_CAMPAIGN_KILLS", 3);
    private static readonly TimeSpan s_limit = TimeSpan.FromHours(1);

    [Fact]
    public async Task Every_secret_is_rotated_exactly_once_through_all_kills()
    {
        using var folder = new TempFolder();
        await using var shop = await KeyShop.StartAsync();
        var old = Enumerable.Range(1, s_secrets).ToDictionary(Name, number => shop.Stand(Name(number)), StringComparer.Ordinal);
        var settings = new ServerSettings(
            folder.File("data"), folder.Write("catalog.yaml", Catalog(shop, old)), "1s",
            new Dictionary<string, string?> { ["SHOP_TOKEN"] = KeyShop.AdminToken });
        await using var server = await ServerProcess.StartAsync(settings);
        var hash = await PreviewAsync(server);
        var clock = Stopwatch.StartNew();
        var id = await StartAsync(server, hash);
        for (var kill = 1; kill <= s_kills; kill++)
        {
            await DoneAsync(server, id, s_secrets * kill / (s_kills + 1));
            await server.KillAsync();
            await RestartAsync(server);
            output.WriteLine($"killed at {s_secrets * kill / (s_kills + 1)}, ready again after {clock.Elapsed.TotalSeconds:N0} s");
        }

        var counts = await DoneAsync(server, id, s_secrets);
        clock.Stop();
        Assert.Equal((s_secrets, 0, 0), (Count(counts, "done"), Count(counts, "failed"), Count(counts, "stuck")));
        Assert.Equal("done", (await GetAsync(server, $"/api/campaigns/{id}")).GetProperty("campaign").GetProperty("state").GetString());
        await CheckAsync(server, shop, old);
        output.WriteLine(
            $"{s_secrets} secrets, {s_kills} kills: every secret rotated once, {clock.Elapsed.TotalSeconds:N0} s "
            + $"({s_secrets / clock.Elapsed.TotalSeconds:N1} a second)");
    }

    /// <summary>By the ledger and by the vendor: one rotation each, one key that works, and not the old one.</summary>
    private static async Task CheckAsync(ServerProcess server, KeyShop shop, Dictionary<string, string> old)
    {
        var rotations = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (secret, oldId) in old)
        {
            var live = Assert.Single(shop.Keys(secret), key => key.Live);
            Assert.NotEqual(oldId, live.Id);
            var view = await GetAsync(server, $"/api/secrets/{secret}");
            var rotation = Assert.Single(view.GetProperty("rotations").EnumerateArray());
            Assert.Equal(
                ($"{secret}-1", "succeeded"), (rotation.GetProperty("id").GetString(), rotation.GetProperty("state").GetString()));
            var active = Assert.Single(
                view.GetProperty("credentials").EnumerateArray(), one => one.GetProperty("state").GetString() == "Active");
            Assert.Equal(live.Id, active.GetProperty("providerCredentialId").GetString());
            rotations[secret] = 1;
        }

        Assert.Equal(old.Count, rotations.Count);
    }

    /// <summary>Looks until all are adopted.</summary>
    private static async Task<string> PreviewAsync(ServerProcess server)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var preview = await PostAsync(server, "/api/campaigns/preview", Body(null));
            Assert.Equal(s_secrets, preview.GetProperty("members").GetInt32());
            if (preview.GetProperty("cannotNow").GetProperty("count").GetInt32() == 0)
            {
                return preview.GetProperty("hash").GetString()!;
            }

            Assert.True(since.Elapsed < s_limit, $"Not all were adopted. The server wrote:\n{server.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(s_secrets), TimeProvider.System);
        }
    }

    /// <summary>With a large catalog it may take longer than others are given.</summary>
    private static async Task RestartAsync(ServerProcess server)
    {
        var since = Stopwatch.StartNew();
        server.Relaunch();
        while (true)
        {
            try
            {
                await server.WaitUntilReadyAsync();
                return;
            }
            catch (TimeoutException) when (!server.HasExited && since.Elapsed < s_limit)
            {
                // It reads the catalog.
            }
        }
    }

    private static async Task<string> StartAsync(ServerProcess server, string preview) =>
        (await PostAsync(server, "/api/campaigns", Body(preview))).GetProperty("campaign").GetProperty("id").GetString()!;

    private static object Body(string? preview) => new
    {
        select = "name=opened-*", reason = "the vault was opened", incident = "INC-1", atOnce = 64, perProvider = 64, preview,
    };

    private static async Task<JsonElement> PostAsync(ServerProcess server, string path, object body)
    {
        using var http = server.Client();
        http.Timeout = s_limit;
        using var response = await http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Waits until so many are done.</summary>
    private static async Task<JsonElement> DoneAsync(ServerProcess server, string id, int done)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            var campaign = (await GetAsync(server, $"/api/campaigns/{id}")).GetProperty("campaign");
            var counts = campaign.GetProperty("counts");
            if (Count(counts, "done") >= done && (done < s_secrets || campaign.GetProperty("state").GetString() != "running"))
            {
                return counts;
            }

            Assert.True(
                since.Elapsed < s_limit && Count(counts, "failed") == 0 && Count(counts, "stuck") == 0,
                $"{done} were to be done: {counts}. The server wrote:\n{server.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(s_secrets / 20), TimeProvider.System);
        }
    }

    private static int Count(JsonElement counts, string what) => counts.GetProperty(what).GetInt32();

    private static async Task<JsonElement> GetAsync(ServerProcess server, string path)
    {
        using var http = server.Client();
        http.Timeout = s_limit;
        while (true)
        {
            using var response = await http.GetAsync(path);
            if (response.StatusCode != System.Net.HttpStatusCode.TooManyRequests)
            {
                response.EnsureSuccessStatusCode();
                return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
            }

            // Whoever asks for thousands of secrets, one by one, is told when to go on.
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }

    private static string Catalog(KeyShop shop, Dictionary<string, string> old)
    {
        var text = new StringBuilder("version: 1\nsecrets:\n");
        foreach (var (secret, id) in old)
        {
            // A catalog has 200,000 values at most: nothing is written that can be left out.
            text.Append(CultureInfo.InvariantCulture, $$"""
                  {{secret}}:
                    provider:
                      type: rest
                      url: "{{shop.Address}}"
                      token: env:SHOP_TOKEN
                      issue: { path: "accounts/{{secret}}/keys?name={label}", id: /id, value: /secret }
                      list: { path: accounts/{{secret}}/keys, id: /id, label: /name }
                      verify: { path: accounts/{{secret}}/me }
                      revoke: { path: "accounts/{{secret}}/keys/{id}" }
                    current: { id: {{id}} }

                """);
        }

        return text.ToString();
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"opened-{number:D4}");

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
