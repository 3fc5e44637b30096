using System.Net.Http.Json;
using System.Text.Json;
using Rotunda.Testing.RealServers;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// A person who gives a value to each rotation that asks for one, and ends the old one where they are told to: the same value again
/// until the server says that it has it, however often that dies meanwhile.
/// </summary>
internal sealed class Giver : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private readonly ServerProcess _server;
    private readonly string _secret;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;

    public Giver(ServerProcess server, string secret)
    {
        (_server, _secret) = (server, secret);
        _work = Task.Run(WorkAsync);
    }

    /// <summary>How often a value was sent.</summary>
    public int Sent { get; private set; }

    public static string ValueFor(string rotation) => $"given-to-{rotation}-6f1d2c9ab374e805";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        using var beat = new PeriodicTimer(Beat);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
            }
            catch (Exception away) when (away is HttpRequestException or IOException or JsonException or UriFormatException)
            {
                // The server was killed, and is not there yet.
            }

            await beat.WaitForNextTickAsync();
        }
    }

    private async Task LookAsync()
    {
        using var client = _server.Client();
        var secret = await client.GetFromJsonAsync<JsonElement>($"/api/secrets/{_secret}");
        if (!secret.GetProperty("summary").TryGetProperty("open", out var open) || open.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var id = open.GetProperty("id").GetString()!;
        switch (open.GetProperty("state").GetString())
        {
            case "waiting-for-value":
                Sent++;
                using (await client.PostAsJsonAsync($"/api/rotations/{id}/provide", new { value = ValueFor(id) }))
                {
                }

                break;
            case "waiting-for-revoke":
                using (await client.PostAsJsonAsync($"/api/rotations/{id}/confirm", new { reason = "ended by hand" }))
                {
                }

                break;
        }
    }
}
