using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rotunda.Access;
using Rotunda.Activities;
using Rotunda.Activities.Clocks;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;
using Rotunda.Api.Http;
using Rotunda.CatalogFiles;
using Rotunda.Engine;
using Rotunda.Engine.Options;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Api.Tests;

/// <summary>The surface, the desk, a real ledger, store and engine: rotations run. Everything that is logged or answered is kept, to be
/// searched for values.</summary>
internal sealed class LeakHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-leaks-");
    private readonly StringBuilder _said = new();
    private readonly string _catalog;
    private WebApplication _app = null!;
    private DurableEngine _engine = null!;

    private LeakHost(string catalog) => _catalog = catalog;

    public static Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["HOOK"] = "the-webhook-s-own-secret", ["ALERTS"] = "ghp_token_for_alerts_only",
    };

    public string Data => Path.Combine(_folder.FullName, "data");

    public ILedger Ledger => Get<ILedger>();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="catalog">"$F" stands for the folder of the targets.</param>
    public static async Task<LeakHost> StartAsync(string catalog, params (string File, string Text)[] files)
    {
        var host = new LeakHost(catalog);
        Directory.CreateDirectory(host.Data);
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(host.FileOf(file), text, Cancelled);
        }

        await host.OpenAsync();
        return host;
    }

    public string FileOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>The value of a key of a target.</summary>
    public string Value(string file, string key) => File.ReadAllLines(FileOf(file))
        .Select(line => line.Split('=', 2)).First(pair => pair[0] == key)[1].Trim('\'', '"');

    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public HttpClient Client(Role? role, string name = "ada")
    {
        var client = new HttpClient
        {
            BaseAddress = new Uri(
                _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        if (role is { } given)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", Get<TokenFile>().Create($"{name}-{Guid.NewGuid():N}", given, null, name));
        }

        return client;
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(
        HttpClient client, string path, string body, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Keep(response.Headers + text);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }

    public async Task<JsonElement> GetAsync(HttpClient client, string path)
    {
        var text = await client.GetStringAsync(path, Cancelled);
        Keep(text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Starts a rotation and waits until it is in one of the states.</summary>
    public async Task RotateAsync(HttpClient client, string secret, params string[] states)
    {
        var (_, started) = await PostAsync(client, "/api/rotations", $$"""{"secret":"{{secret}}","reason":"test"}""");
        var id = started.GetProperty("rotationId").GetString();
        await UntilAsync(async () =>
        {
            var view = await GetAsync(client, $"/api/rotations/{id}");
            return states.Contains(view.GetProperty("rotation").GetProperty("state").GetString(), StringComparer.Ordinal);
        });
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Everything that was written or said, by its place.</summary>
    public async Task<Dictionary<string, byte[]>> PlacesAsync()
    {
        await CloseAsync();
        var places = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        lock (_said)
        {
            places["answers and logs"] = Encoding.UTF8.GetBytes(_said.ToString());
        }

        foreach (var file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories))
        {
            places[file] = await File.ReadAllBytesAsync(file, Cancelled);
        }

        return places;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    /// <summary>Whatever runs beside it logs into the same text.</summary>
    private void Keep(string text)
    {
        lock (_said)
        {
            _said.AppendLine(text);
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private async Task OpenAsync()
    {
        var read = CatalogReader.Read(
            _catalog.Replace("$F", _folder.FullName, StringComparison.Ordinal), "catalog.yaml", _folder.FullName,
            CatalogLoader.Descriptors());
        var catalog = read.Catalog ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new Keeping(_said));
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ISystemSynchronisation, Silent>();
        builder.Services.AddRotundaProviders();
        builder.Services.AddRotundaActivities(new ActivitiesOptions
        {
            DataDirectory = Data, CatalogFolder = _folder.FullName, Environment = Environment.GetValueOrDefault,
        });
        builder.Services.AddSingleton<IOrchestrationClient>(_ => _engine.Client);
        builder.Services.AddSingleton<ICatalogSource>(new ApiHost.FixedCatalog(catalog));
        builder.Services.AddRotundaCallers(Path.Combine(Data, "tokens.json"), Path.Combine(Data, "sessions.json"));
        builder.Services.AddSingleton<IReadiness, Ready>();
        builder.Services.AddRotundaApi();
        builder.Services.AddRotundaTelemetry(TelemetryOptions.Usual with { Meter = _folder.Name });
        _app = builder.Build();
        _engine = new DurableEngine(
            new EngineOptions
            {
                HubPath = Path.Combine(Data, "hub.db"), TimeProvider = TimeProvider.System, GoesFirst = DeskParts.GoesFirst,
            },
            DeskParts.Tasks(_app.Services), DeskParts.Payloads);
        await _engine.StartAsync(Cancelled);
        _app.MapRotundaApi();
        await _app.StartAsync(Cancelled);
        await Get<CatalogAdoption>().AdoptAllAsync(catalog, Cancelled);
        // As a server does when it starts: the one before may have stopped between the ledger and the engine.
        await Get<Reconciler>().RunAsync(Cancelled);
    }

    private async Task CloseAsync()
    {
        await _engine.DisposeAsync();
        await _app.DisposeAsync();
    }

    private sealed class Silent : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }

    private sealed class Ready : IReadiness
    {
        public Task<IReadOnlyDictionary<string, string>> CheckAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private sealed class Keeping(StringBuilder said) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (said)
            {
                said.AppendLine(formatter(state, exception)).Append(exception);
            }
        }

        public void Dispose()
        {
        }
    }
}
