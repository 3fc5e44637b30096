using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Rotunda.Bench.Heads;

/// <summary>A vendor of keys that takes its time, and knows when each account was asked for first.</summary>
internal sealed class SlowVendor : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _first = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private SlowVendor(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<SlowVendor> StartAsync(TimeSpan delay)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var vendor = new SlowVendor(app);
        app.MapFallback("/{account}/{**rest}", async (string account, HttpContext http) =>
        {
            vendor.Of(account).TrySetResult(TimeProvider.System.GetTimestamp());
            await Task.Delay(delay, TimeProvider.System);
            return http.Request.Method == "POST"
                ? Results.Json(new { id = Guid.NewGuid().ToString(), secret = Guid.NewGuid().ToString() })
                : http.Request.Method == "DELETE" ? Results.NoContent() : Results.Json(Array.Empty<string>());
        });
        await app.StartAsync();
        return vendor;
    }

    /// <summary>The moment of the first call for that account.</summary>
    public Task<long> FirstCallAsync(string account) => Of(account).Task;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskCompletionSource<long> Of(string account) =>
        _first.GetOrAdd(account, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
