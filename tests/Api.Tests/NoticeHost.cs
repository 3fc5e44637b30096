using Microsoft.Extensions.DependencyInjection;
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
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>Desk, activities and channels over a real ledger and engine, on a clock of the test's own; can be started again.</summary>
internal sealed class NoticeHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-notices-");
    private ServiceProvider _services = null!;
    private DurableEngine _engine = null!;

    /// <summary>A Monday.</summary>
    public ManualTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Folder => _folder.FullName;

    public RotationCatalog Catalog => Get<ICatalogSource>().Current!;

    public ILedger Ledger => Get<ILedger>();

    public IOrchestrationClient Engine => _engine.Client;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <param name="notices">The catalog's block, and its secrets; the rest is made of it.</param>
    public static async Task<NoticeHost> StartAsync(string notices, string secrets)
    {
        var host = new NoticeHost();
        await host.OpenAsync(host.Read(notices, secrets));
        return host;
    }

    /// <summary>The process ends and another one begins, on the same files.</summary>
    public async Task RestartAsync()
    {
        var catalog = Catalog;
        await CloseAsync();
        await OpenAsync(catalog);
    }

    /// <summary>What stands at the catalog's place cannot be used; null: it can.</summary>
    public void Break(string? problem) => ((Fixed)Get<ICatalogSource>()).Problem = problem;

    public void SetNotices(string notices) => ((Fixed)Get<ICatalogSource>()).Current = Catalog with
    {
        Notices = Read(notices, "a-key: { provider: { type: generated }, owner: team }").Notices,
    };

    /// <summary>A rotation on record, as the engine of the rotation would have written it.</summary>
    public async Task<string> RotationAsync(RotationState state, string action, RotationTrigger trigger = RotationTrigger.Manual,
        string? detail = "why it is so", string secret = "a-key", DateTimeOffset? until = null)
    {
        await Get<CatalogAdoption>().AdoptAllAsync(Catalog, Token);
        var started = await Get<RotationDesk>().StartAsync(
            new StartRequest(secret, trigger, "a reason.", "ada", Incident: trigger == RotationTrigger.Emergency ? "INC-1" : null), Token);
        var id = started.RotationId!;
        await RecordAsync(id, state, action, detail, until);
        return id;
    }

    public async Task RecordAsync(
        string id, RotationState state, string action, string? detail = "why it is so", DateTimeOffset? until = null)
    {
        var (rotation, rows) = (await Ledger.GetRotationAsync(id, Token), await Ledger.ReadRotationAsync(id, Token));
        await Ledger.RecordStateAsync(
            new RecordInput(id, rotation!.Number, 1_000 + rows.Count, state, action, "rotunda", detail, until), Token);
    }

    public Task<int> TellAsync() => Get<NoticeDesk>().RunAsync(Token);

    /// <summary>Every delivery, once all of them are where the test expects them.</summary>
    public Task<IReadOnlyList<OrchestrationState>> UntilAsync(Func<IReadOnlyList<OrchestrationState>, bool> condition) =>
        UntilAsync(NoticeNames.InstancePrefix, condition);

    /// <summary>The one instance with such an id, once it is where the test expects it.</summary>
    public async Task<OrchestrationState> OneAsync(string prefix, Func<OrchestrationState, bool> condition) =>
        (await UntilAsync(prefix, all => all.Count == 1 && condition(all[0])))[0];

    private async Task<IReadOnlyList<OrchestrationState>> UntilAsync(
        string prefix, Func<IReadOnlyList<OrchestrationState>, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var all = await InstancesAsync(prefix);
            if (condition(all))
            {
                return all;
            }

            try
            {
                await look.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException late)
            {
                throw new TimeoutException($"The deliveries are not where they should be: {string.Join('\n', all)}", late);
            }
        }
    }

    public Task<IReadOnlyList<OrchestrationState>> SentAsync(int count) =>
        UntilAsync(all => all.Count == count && all.All(one => one.Status == OrchestrationStatus.Completed));

    public Task<IReadOnlyList<OrchestrationState>> DeliveriesAsync() => InstancesAsync(NoticeNames.InstancePrefix);

    private async Task<IReadOnlyList<OrchestrationState>> InstancesAsync(string prefix) => (await Engine.QueryAsync(
        new OrchestrationQuery(InstanceIdPrefix: prefix, PageSize: 1_000, WithInputsAndOutputs: true), Token)).Instances;

    public async Task<IReadOnlyList<AuditRow>> RowsAsync(string action) =>
        [.. (await Ledger.ReadAuditAsync(new AuditFilter(Limit: 1_000), Token)).Where(row => row.Action == action)];

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Delete(recursive: true);
    }

    private RotationCatalog Read(string notices, string secrets)
    {
        var text = $"version: 1\nnotices:\n{Indented(notices)}\nsecrets:\n{Indented(secrets)}\n";
        var read = CatalogReader.Read(text, "catalog.yaml", _folder.FullName, CatalogLoader.Descriptors());
        return read.Catalog ?? throw new InvalidOperationException(string.Join('\n', read.Problems));
    }

    private static string Indented(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);

    private async Task OpenAsync(RotationCatalog catalog)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ISystemSynchronisation, Silent>();
        services.AddSingleton<ICatalogSource>(new Fixed { Current = catalog });
        services.AddRotundaProviders();
        services.AddRotundaActivities(new ActivitiesOptions
        {
            DataDirectory = _folder.FullName, CatalogFolder = _folder.FullName, Environment = Environment.GetValueOrDefault,
        });
        services.AddRotundaApi();
        services.AddSingleton<IOrchestrationClient>(_ => new NoticesOnly(_engine.Client));
        _services = services.BuildServiceProvider();
        _engine = new DurableEngine(
            new EngineOptions { HubPath = Path.Combine(_folder.FullName, "hub.db"), TimeProvider = Clock },
            DeskParts.Tasks(_services),
            DeskParts.Payloads);
        await _engine.StartAsync(Token);
    }

    private async Task CloseAsync()
    {
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class Fixed : ICatalogSource
    {
        public RotationCatalog? Current { get; set; }

        public string? Problem { get; set; }
    }

    private sealed class Silent : ISystemSynchronisation
    {
        public bool? IsSynchronised() => null;
    }
}
