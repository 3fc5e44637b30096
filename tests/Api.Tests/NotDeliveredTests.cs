using System.Text.Json.Nodes;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>The catalog moves a target while a rotation is in its grace period: the status says so, and a deliver run takes over.</summary>
public sealed class NotDeliveredTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly StartRequest Deliver =
        new("a-key", RotationTrigger.Manual, "the target was moved", "ada") { Instead = Strategy.Deliver };

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("rotunda-held-");
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "now"), "the-value-in-use", None);
        _host = await ApiHost.StartAsync(Policy("app.key"));
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, None);
        await _host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task A_moved_target_is_a_group_of_the_status_and_names_what_mends_it()
    {
        await ToGraceAsync();
        Assert.Equal(ScheduleGroup.Running, (await StatusAsync()).Group);

        _host.SetCatalog(Policy("moved.key"));

        var status = await StatusAsync();
        Assert.Equal(ScheduleGroup.NotDelivered, status.Group);
        Assert.Contains("plain never got the new value", status.Message);
        Assert.StartsWith("rotunda deliver a-key", status.NextAction);
    }

    [Fact]
    public async Task A_deliver_run_takes_the_held_rotation_over_and_does_the_rest()
    {
        await ToGraceAsync();
        _host.SetCatalog(Policy("moved.key"));

        var started = await _host.Get<RotationDesk>().StartAsync(Deliver, None);

        Assert.Equal((StartOutcomeKind.Started, "a-key-2", "a-key-1"), (started.Kind, started.RotationId, started.SupersededId));
        var plan = (await _host.Ledger.GetRotationAsync("a-key-2", None))!.Plan;
        Assert.Equal(
            [
                StepKinds.TakeOver, StepKinds.Validate, StepKinds.Validate, StepKinds.Deliver, StepKinds.ConfirmSync, StepKinds.Grace,
                StepKinds.Hold, StepKinds.Deliver, StepKinds.ConfirmSync, StepKinds.Revoke, StepKinds.Finish,
            ],
            plan.Steps.Select(step => step.Kind));
        Assert.Equal(RotationState.Superseded, (await _host.Ledger.GetRotationAsync("a-key-1", None))!.State);
        Assert.NotEqual(ScheduleGroup.NotDelivered, (await StatusAsync()).Group);
    }

    [Fact]
    public async Task Nothing_is_taken_over_before_the_new_value_is_in_use_or_where_nothing_is_missing()
    {
        _host.SetCatalog(Policy("moved.key"));
        Assert.Equal(StartOutcomeKind.Conflict, (await _host.Get<RotationDesk>().StartAsync(Deliver, None)).Kind);

        _host.SetCatalog(Policy("app.key"));
        await ToGraceAsync();
        Assert.Equal(StartOutcomeKind.Conflict, (await _host.Get<RotationDesk>().StartAsync(Deliver, None)).Kind);
    }

    /// <summary>Writes what a rotation leaves on record until its grace period.</summary>
    private async Task ToGraceAsync()
    {
        var minted = await _host.Ledger.BeginMintAsync("a-key-1", null, None);
        using var value = SecretValue.FromText("the-new-value");
        var store = _host.Get<Providers.Stores.Embedded.EmbeddedStore>();
        var reference = await store.PutPendingAsync("a-key", "a-key-1", value, fingerprint: null, None);
        await store.PromoteAsync(reference, None);
        await _host.Ledger.RecordMintedAsync(minted.Id, null, null, "0123456789ab", reference, None);
        await _host.Ledger.PromoteAsync("a-key-1", None);
        await _host.Ledger.RecordStateAsync(
            new RecordInput("a-key-1", 1, 1, RotationState.Grace, RotationActions.GraceStarted, "rotunda", null, null), None);
    }

    private async Task<SecretSummary> StatusAsync() => Assert.Single(await _host.Get<StatusReader>().ListAsync(None));

    private Policy Policy(string file) => ApiHost.Policy("a-key") with
    {
        Current = new CurrentCredential(null, $"file:{Path.Combine(_files.FullName, "now")}"),
        Targets =
        [
            new TargetBinding(
                "plain",
                new ProviderBinding("file", new JsonObject { ["path"] = Path.Combine(_files.FullName, file) }),
                0,
                TimeSpan.FromMinutes(5)),
        ],
    };
}
