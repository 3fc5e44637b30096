using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;

namespace Rotunda.Api.Tests;

/// <summary>What changes, told as it happens and to who asks.</summary>
public sealed class EventTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_start_is_told_as_it_happens_and_told_again_to_who_comes_back()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"), ApiHost.Policy("other"));
        using var client = host.Client(Role.Admin);
        using var listening = await ListenAsync(client, null);
        using var stream = new StreamReader(await listening.Content.ReadAsStreamAsync(Cancelled));
        var (ready, first, _) = await EventAsync(stream);
        await StartAsync(client, "a-key");
        var told = await UntilAsync(stream, "a-key-1");

        Assert.Equal("text/event-stream", listening.Content.Headers.ContentType!.MediaType);
        Assert.Equal("ready", ready);
        Assert.Equal("a-key", (string?)told["secret"]);
        Assert.NotNull(told["state"]);

        await StartAsync(client, "other");
        using var resumed = await ListenAsync(client, first);
        using var again = new StreamReader(await resumed.Content.ReadAsStreamAsync(Cancelled));
        await UntilAsync(again, "a-key-1");
        await UntilAsync(again, "other-1");
    }

    [Fact]
    public async Task Who_asks_gets_what_changed_since_and_who_is_too_far_behind_looks_anew()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Admin);
        var begin = (long)(await ChangesAsync(client, ""))["next"]!;
        await StartAsync(client, "a-key");
        var since = await ChangesAsync(client, $"?after={begin}");
        var later = await ChangesAsync(client, $"?after={since["next"]}");
        var ahead = await ChangesAsync(client, "?after=999999");

        Assert.Contains(since["changes"]!.AsArray(), change => (string?)change!["rotationId"] == "a-key-1");
        Assert.Empty(later["changes"]!.AsArray());
        Assert.Equal((false, true), ((bool)since["reset"]!, (bool)ahead["reset"]!));
        for (var row = 0; row < 501; row++)
        {
            await host.Ledger.AuditAsync(new Ledger.AuditEntry("test", "test.row", null, null, null, null), Cancelled);
        }

        Assert.True((bool)(await ChangesAsync(client, $"?after={begin}"))["reset"]!);
    }

    [Fact]
    public async Task The_Functions_head_has_none_as_they_happen()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform);
        using var client = host.Client(Role.Viewer);
        using var answer = await client.GetAsync("/api/events", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("no-events", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> ListenAsync(HttpClient client, string? after)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
    }

    private static async Task StartAsync(HttpClient client, string secret)
    {
        using var body = new StringContent($$"""{"secret":"{{secret}}","reason":"x"}""", Encoding.UTF8, "application/json");
        using var started = await client.PostAsync("/api/rotations", body, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
    }

    private static async Task<JsonNode> ChangesAsync(HttpClient client, string query) =>
        JsonNode.Parse(await client.GetStringAsync("/api/changes" + query, Cancelled))!;

    private static async Task<JsonNode> UntilAsync(StreamReader stream, string rotation)
    {
        while (true)
        {
            var data = JsonNode.Parse((await EventAsync(stream)).Data)!;
            if ((string?)data["rotationId"] == rotation)
            {
                return data;
            }
        }
    }

    private static async Task<(string Name, string Id, string Data)> EventAsync(StreamReader stream)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await stream.ReadLineAsync(Cancelled) is { } line)
        {
            if (line.Length == 0 && lines.ContainsKey("data"))
            {
                break;
            }

            if (line.Split(": ", 2) is [{ Length: > 0 } name, var value])
            {
                lines[name] = value;
            }
        }

        return (lines["event"], lines["id"], lines["data"]);
    }
}
