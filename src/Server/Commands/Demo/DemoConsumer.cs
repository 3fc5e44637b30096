using System.Net;
using System.Text.Json.Nodes;

namespace Rotunda.Server.Commands.Demo;

/// <summary>One instance of the sample service (samples/JwtConsumer), as its own users see it.</summary>
internal sealed class DemoConsumer(string name, string url, DemoProcess process) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(5) };

    public string Name { get; } = name;

    public string Url { get; } = url;

    public async Task WaitUntilUpAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                using var response = await _http.GetAsync("/healthz", cancellationToken);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
    }

    /// <summary>A token signed with its primary key.</summary>
    public async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync("/token", Json(new JsonObject { ["sub"] = "demo" }), cancellationToken);
        response.EnsureSuccessStatusCode();
        return (string)(await ReadAsync(response, cancellationToken))["value"]!;
    }

    public async Task<bool> AcceptsAsync(string token, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync("/check", Json(new JsonObject { ["value"] = token }), cancellationToken);
        return response.IsSuccessStatusCode && (bool)(await ReadAsync(response, cancellationToken))["valid"]!;
    }

    public async Task<string?> PrimaryAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync("/fingerprint", cancellationToken);
        return (string?)(await ReadAsync(response, cancellationToken))["primary"];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await process.DisposeAsync();
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) ?? throw new HttpRequestException("empty answer");
}
