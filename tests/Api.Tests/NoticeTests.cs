using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>What people are told: once per condition, also after a restart; and what a vault's word sets off.</summary>
public sealed class NoticeTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_condition_is_told_once_also_by_another_process()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, None);
        var later = new ManualTimeProvider(DateTimeOffset.UtcNow.AddDays(29.5));

        Assert.Equal(1, await Desk(host, later).RunAsync(None));
        Assert.Equal(0, await Desk(host, later).RunAsync(None));
        later.Advance(TimeSpan.FromDays(3));
        Assert.Equal(1, await Desk(host, later).RunAsync(None));

        Assert.Equal([Notice.DueSoon, Notice.Overdue], (await RowsAsync(host)).Select(r => r.Action));
    }

    [Fact]
    public async Task A_rotation_that_is_stuck_again_is_told_again()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        await host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
        var desk = host.Get<NoticeDesk>();

        await RecordAsync(host, 1, RotationState.Stuck, RotationActions.Stuck);
        Assert.Equal(1, await desk.RunAsync(None));
        Assert.Equal(0, await desk.RunAsync(None));
        await RecordAsync(host, 2, RotationState.Running, RotationActions.Resumed);
        Assert.Equal(0, await desk.RunAsync(None));
        await RecordAsync(host, 3, RotationState.Stuck, RotationActions.Stuck);
        Assert.Equal(1, await desk.RunAsync(None));

        Assert.All(await RowsAsync(host), row => Assert.Equal((Notice.Stuck, "a-key-1"), (row.Action, row.RotationId)));
    }

    [Fact]
    public async Task The_report_counts_and_comes_once_a_day()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"), ApiHost.Policy("b-key"));
        await host.Get<CatalogAdoption>().AdoptAllAsync(host.Catalog, None);
        await host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
        await RecordAsync(host, 1, RotationState.Stuck, RotationActions.Stuck);
        var clock = new ManualTimeProvider(new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero));
        var desk = new ReportDesk(host.Get<StatusReader>(), clock, NullLogger<ReportDesk>.Instance);

        var report = await desk.RunAsync(None);
        Assert.Null(await desk.RunAsync(None));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.NotNull(await desk.RunAsync(None));

        Assert.Equal((2, 1, 1, 0), (report!.Secrets, report.UpToDate, report.Stuck, report.Overdue));
        Assert.StartsWith("a-key-1, started", report.OldestStuck, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_catalog_keeps_in_that_vault_is_rotated_once_and_the_rest_is_told()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var stored = new RotationCatalog(
            new Dictionary<string, Policy>(StringComparer.Ordinal) { ["a-key"] = ApiHost.Policy("a-key") with { Store = "vault" } },
            "hash",
            host.Folder,
            new Dictionary<string, ProviderBinding>(
                StringComparer.Ordinal) { ["vault"] = new("any", new JsonObject { ["address"] = "https://prod.vault.azure.net/" }) });
        var desk = new NearExpiryDesk(new Fixed(stored), host.Get<RotationDesk>(), host.Get<NoticeDesk>(), TimeProvider.System);

        await desk.HandleAsync(Near("prod", "a-key"), null, None);
        await desk.HandleAsync(Near("prod", "a-key"), null, None);
        await desk.HandleAsync(Near("prod", "other"), null, None);
        await desk.HandleAsync(Near("prod", "other"), null, None);
        await desk.HandleAsync(Near("elsewhere", "a-key"), null, None);

        var rotation = Assert.Single(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        Assert.Equal(
            ("a-key-1", NearExpiryDesk.RequestedBy, RotationTrigger.Schedule),
            (rotation.Id, rotation.RequestedBy, rotation.Trigger));
        Assert.Equal(["other", "a-key"], (await RowsAsync(host)).Select(r => r.Secret));
    }

    [Theory]
    [InlineData("https://prod.vault.azure.net/", 1)]
    [InlineData("https://other.vault.azure.net/", 0)]
    [InlineData(null, 0)]
    public async Task What_is_kept_in_the_heads_own_vault_is_rotated(string? own, int rotations)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var kept = new RotationCatalog(
            new Dictionary<string, Policy>(StringComparer.Ordinal) { ["a-key"] = ApiHost.Policy("a-key") with { Store = "key-vault" } },
            "hash",
            host.Folder);
        var desk = new NearExpiryDesk(new Fixed(kept), host.Get<RotationDesk>(), host.Get<NoticeDesk>(), TimeProvider.System);

        await desk.HandleAsync(Near("prod", "a-key"), own is null ? null : new Uri(own), None);

        Assert.Equal(rotations, (await host.Ledger.ListRotationsAsync(new RotationFilter(), None)).Count);
        Assert.Equal(1 - rotations, (await RowsAsync(host)).Count);
    }

    [Fact]
    public async Task Outside_its_window_it_is_told_and_not_rotated()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var monday = new ManualTimeProvider(new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
        var policy = ApiHost.Policy("a-key") with
        {
            Store = "vault",
            Window = new RotationWindow([DayOfWeek.Sunday], new TimeOnly(1, 0), new TimeOnly(2, 0)),
        };
        var stored = new RotationCatalog(
            new Dictionary<string, Policy>(StringComparer.Ordinal) { ["a-key"] = policy }, "hash", host.Folder,
            new Dictionary<string, ProviderBinding>(
                StringComparer.Ordinal) { ["vault"] = new("any", new JsonObject { ["address"] = "https://prod.vault.azure.net/" }) });
        var desk = new NearExpiryDesk(new Fixed(stored), host.Get<RotationDesk>(), host.Get<NoticeDesk>(), monday);

        await desk.HandleAsync(Near("prod", "a-key"), null, None);

        Assert.Empty(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        Assert.Contains("window", Assert.Single(await RowsAsync(host)).Detail, StringComparison.Ordinal);
    }

    private static NoticeDesk Desk(ApiHost host, TimeProvider clock) =>
        new(
            new Fixed(host.Catalog), host.Get<CatalogAdoption>(), host.Get<Leavers>(), host.Get<NoticeEvents>(), host.Get<NoticeChanges>(),
            host.Get<NoticeDispatch>(), host.Get<NoticeDigests>(), host.Get<NoticeCatalog>(),
            new HoldReader(new Fixed(host.Catalog), host.Ledger, host.Engine, clock), host.Ledger, clock, NullLogger<NoticeDesk>.Instance);

    private static Task RecordAsync(ApiHost host, int sequence, RotationState state, string action) =>
        host.Ledger.RecordStateAsync(new RecordInput("a-key-1", 1, sequence, state, action, "rotunda", "why", null), None);

    private static NearExpiryEvent Near(string vault, string name) => new(vault, name, "7", DateTimeOffset.FromUnixTimeSeconds(1893456000));

    private static async Task<IReadOnlyList<AuditRow>> RowsAsync(ApiHost host) =>
        [.. (await host.Ledger.ReadAuditAsync(
            new AuditFilter(),
            None)).Where(r => r.Action.StartsWith("notice.", StringComparison.Ordinal))];

    private sealed record Fixed(RotationCatalog? Current) : ICatalogSource;
}
