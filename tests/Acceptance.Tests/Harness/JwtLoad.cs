using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rotunda.Acceptance.Tests.Harness;

/// <summary>
/// Users of a service with several instances: each takes a token from one instance and shows it to every other, at once
/// and once more just before the token would expire. A refusal is a user logged out.
/// </summary>
internal sealed class JwtLoad : IAsyncDisposable
{
    /// <summary>Between two tokens of a user: as fast as it goes would take the machine from what is tested.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly IReadOnlyList<Uri> _instances;
    private readonly TimeSpan _lifetime;
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _refusals = new();
    private readonly List<Task> _users = [];
    private long _checks;

    public JwtLoad(IReadOnlyList<Uri> instances, TimeSpan lifetime)
    {
        _instances = instances;
        _lifetime = lifetime;
        for (var i = 0; i < instances.Count; i++)
        {
            var issuer = instances[i];
            _users.Add(Task.Run(() => LiveAsync(issuer)));
        }
    }

    public long Checks => Interlocked.Read(ref _checks);

    public IReadOnlyList<string> Refusals => [.. _refusals];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_users);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task LiveAsync(Uri issuer)
    {
        using var beat = new PeriodicTimer(Beat);
        var held = new Queue<(string Token, long At)>();
        while (!_stop.IsCancellationRequested)
        {
            var token = await IssueAsync(issuer);
            await ShowAsync(token, "fresh");
            held.Enqueue((token, Environment.TickCount64));
            while (held.TryPeek(out var oldest) && Environment.TickCount64 - oldest.At > _lifetime.TotalMilliseconds * 0.7)
            {
                held.Dequeue();
                if (Environment.TickCount64 - oldest.At < _lifetime.TotalMilliseconds * 0.9)
                {
                    await ShowAsync(oldest.Token, "old");
                }
            }

            await beat.WaitForNextTickAsync();
        }
    }

    private async Task<string> IssueAsync(Uri issuer)
    {
        using var response = await _http.PostAsJsonAsync(new Uri(issuer, "/token"), new { sub = "user" });
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return body.GetProperty("value").GetString()!;
    }

    private async Task ShowAsync(string token, string age)
    {
        foreach (var instance in _instances)
        {
            using var response = await _http.PostAsJsonAsync(new Uri(instance, "/check"), new { value = token });
            response.EnsureSuccessStatusCode();
            Interlocked.Increment(ref _checks);
            if (!(await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("valid").GetBoolean())
            {
                _refusals.Enqueue($"{age} token refused by {instance}");
            }
        }
    }
}
