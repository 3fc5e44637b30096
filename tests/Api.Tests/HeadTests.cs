using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Rotunda.Access;
using Rotunda.Api.Head;
using Rotunda.CatalogFiles;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Telemetry;
using Rotunda.Telemetry.Numbers;

namespace Rotunda.Api.Tests;

/// <summary>The Functions head's parts, put together as it does: what comes before the first piece of work, and what becomes of a
/// job that fails.</summary>
public sealed class HeadTests : IDisposable
{
    private const string Claimed = "functions rotunda";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-head-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Whatever_starts_first_finds_the_ledger_claimed()
    {
        var worker = new Worker();
        using var host = Build(services => services.AddHostedService(provider => worker.With(provider)));

        await host.StartAsync(Token);
        await host.StopAsync(Token);

        Assert.Equal([Claimed], worker.ClaimedAtStart);
    }

    [Fact]
    public async Task No_work_is_taken_on_a_ledger_that_another_head_has()
    {
        using (var ledger =
            new SqliteLedger(Path.Combine(_folder.FullName, "ledger.db"), TimeProvider.System, new Rotunda.Files.CrashPoints()))
        {
            await ledger.ClaimAsync("functions other", Token);
        }

        var worker = new Worker();
        using var host = Build(services => services.AddHostedService(provider => worker.With(provider)));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => host.StartAsync(Token));
        Assert.Null(worker.ClaimedAtStart);
    }

    [Fact]
    public async Task A_job_that_fails_throws_so_that_its_run_counts_as_failed()
    {
        using var host = Build(after: services => services.Replace(ServiceDescriptor.Singleton<ICatalogText, Unreadable>()));
        var jobs = host.Services.GetRequiredService<HeadJobs>();

        Assert.Equal("as by a mistake", (await Assert.ThrowsAsync<InvalidOperationException>(() => jobs.SweepAsync(Token))).Message);
        await jobs.WatchAsync(Token);
    }

    /// <param name="before">Registers what is there before the head's parts, as the Functions worker is.</param>
    private IHost Build(Action<IServiceCollection>? before = null, Action<IServiceCollection>? after = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        File.WriteAllText(Path.Combine(_folder.FullName, "catalog.yaml"), "version: 1\nsecrets: {}\n");
        var options = new HeadOptions(
            "catalog.yaml",
            "Host=db",
            _folder.FullName,
            null,
            null,
            TimeSpan.FromDays(90),
            "rotunda",
            Role.Operator,
            false,
            false);
        builder.Services.AddSingleton<FakeOrchestrationClient>();
        builder.Services.AddSingleton<IOrchestrationClient>(provider => provider.GetRequiredService<FakeOrchestrationClient>());
        builder.Services.AddSingleton<IEngineProbe, NoProbe>();
        before?.Invoke(builder.Services);
        builder.Services.AddRotundaHead(options, null, _folder.FullName);
        builder.Services.AddRotundaTelemetry(TelemetryOptions.Usual with { Meter = _folder.Name });
        after?.Invoke(builder.Services);
        return builder.Build();
    }

    private sealed class Worker : IHostedService
    {
        private IServiceProvider? _services;

        public List<string?>? ClaimedAtStart { get; private set; }

        public Worker With(IServiceProvider services)
        {
            _services = services;
            return this;
        }

        public async Task StartAsync(CancellationToken cancellationToken) => ClaimedAtStart =
            [.. (await _services!.GetRequiredService<ILedger>()
                .ReadAuditAsync(new AuditFilter(), cancellationToken)).Where(row => row.Action == AuditActions.LedgerClaimed)
                .Select(row => row.Detail)];

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Unreadable : ICatalogText
    {
        public string Name => "nowhere";

        public string Folder => "/";

        public Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("as by a mistake");
    }

    private sealed class NoProbe : IEngineProbe
    {
        public Task CheckAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
