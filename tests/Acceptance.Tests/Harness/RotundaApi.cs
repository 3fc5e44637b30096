using System.Net.Http.Json;
using System.Text.Json;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>What an operator's script does over HTTP. Keeps every answer, so that they can be searched for leaks.</summary>
internal sealed class RotundaApi : IDisposable
{
    private readonly HttpClient _http;

    public RotundaApi(ServerProcess server, string? token = null) => _http = server.Client(token);

    /// <summary>All bodies and headers that the server has answered with.</summary>
    public List<string> Answers { get; } = [];

    public void Dispose() => _http.Dispose();

    /// <param name="key">Idempotency key: the same key again gives back the rotation that it started.</param>
    public async Task<string> RotateAsync(string secret, string trigger = "manual", string? incident = null, string? key = null)
    {
        var started = await SendAsync(HttpMethod.Post, "/api/rotations", new { secret, reason = "acceptance", trigger, incident }, key);
        return started.GetProperty("rotationId").GetString()!;
    }

    public Task<JsonElement> ControlAsync(string rotationId, string verb, string reason = "acceptance") =>
        SendAsync(HttpMethod.Post, $"/api/rotations/{rotationId}/{verb}", new { reason });

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    /// <summary>Starts a rotation and waits until it has ended.</summary>
    public async Task<string> RotateToEndAsync(string secret, string trigger = "manual", string? incident = null)
    {
        var id = await RotateAsync(secret, trigger, incident);
        return await EndOfAsync(id);
    }

    /// <summary>Waits until the rotation is in one of the states, or in any final one, and returns that state.</summary>
    public async Task<string> EndOfAsync(string rotationId, params string[] states)
    {
        var state = "";
        await Until.TrueAsync($"{rotationId} to end", async () =>
        {
            state = (await GetAsync("/api/rotations/" + rotationId)).GetProperty("rotation").GetProperty("state").GetString()!;
            return states.Contains(state) || state is "succeeded" or "rolled-back" or "rejected" or "cancelled" or "superseded" or "stuck";
        });
        return state;
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Answers.Add(response.Headers + text);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
