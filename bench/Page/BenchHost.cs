using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Http;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Bench.Page;

/// <summary>The whole HTTP surface and the page, over the real ledger. No catalog file may be as large as this catalog.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;

    private BenchHost(WebApplication app)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = new Uri(Url) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", app.Services.GetRequiredService<TokenFile>().Create("ada", Role.Admin, null));
    }

    public string Url => _app.Urls.First();

    public static async Task<BenchHost> StartAsync(string folder, int secrets)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISystemSynchronisation, SilentSystem>();
        builder.Services.AddRotundaProviders();
        builder.Services.AddRotundaActivities(new ActivitiesOptions { DataDirectory = folder, CatalogFolder = folder });
        builder.Services.AddSingleton<IOrchestrationClient>(new NoEngine());
        builder.Services.AddSingleton<ICatalogSource>(new OneCatalog(ManySecrets.Catalog(secrets, folder)));
        builder.Services.AddRotundaCallers(Path.Combine(folder, "tokens.json"), Path.Combine(folder, "sessions.json"));
        builder.Services.AddSingleton<IReadiness, AlwaysReady>();
        builder.Services.AddRotundaApi();
        builder.Services.AddRotundaTelemetry(TelemetryOptions.Usual);
        var app = builder.Build();
        app.MapRotundaApi();
        await app.StartAsync();
        return new BenchHost(app);
    }

    /// <summary>Until Home tells the counts: how long the first count of all secrets takes.</summary>
    public async Task<TimeSpan> UntilCountedAsync()
    {
        var since = Stopwatch.StartNew();
        while (JsonNode.Parse(await _client.GetStringAsync("/api/home"))!["counts"] is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return since.Elapsed;
    }

    /// <summary>The address of a link that signs a browser in.</summary>
    public async Task<string> LinkAsync()
    {
        using var made = await _client.PostAsync("/api/session/link", null);
        return Url + (string)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["path"]!;
    }

    public async Task<IReadOnlyList<double>> TimeAsync(string path, int times)
    {
        var all = new List<double>();
        for (var time = 0; time < times; time++)
        {
            var since = Stopwatch.StartNew();
            await _client.GetByteArrayAsync(path);
            all.Add(since.Elapsed.TotalMilliseconds);
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class OneCatalog(RotationCatalog current) : ICatalogSource
    {
        public RotationCatalog? Current { get; } = current;
    }

    private sealed class SilentSystem : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }

    private sealed class AlwaysReady : IReadiness
    {
        public Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
