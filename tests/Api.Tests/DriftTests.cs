using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Rotunda.Activities.Drift;
using Rotunda.Activities.Listing;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Api.Tests;

/// <summary>Drift of real files: found by the sweep, kept in the ledger, shown in the status and told; and the run that mends it.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("rotunda-drift-");
    private ApiHost _host = null!;

    private string Env => Path.Combine(_files.FullName, "app.env");

    private string Plain => Path.Combine(_files.FullName, "app.key");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "now"), "the-value-in-use", None);
        await File.WriteAllTextAsync(Env, "OTHER=1\nKEY=the-value-in-use\n", None);
        await File.WriteAllTextAsync(Plain, "the-value-in-use", None);
        _host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Current = new CurrentCredential(null, $"file:{Path.Combine(_files.FullName, "now")}"),
            Targets =
            [
                Target("env", "dotenv", new JsonObject
                {
                    ["path"] = Env,
                    ["keys"] = new JsonObject { ["KEY"] = "{value}", ["NEXT"] = "{secondary}", ["SALT"] = "{salt}" },
                }),
                Target("plain", "file", new JsonObject { ["path"] = Plain }),
            ],
        });
        await _host.Get<CatalogAdoption>().AdoptAllAsync(_host.Catalog, None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task What_nobody_touched_has_not_drifted()
    {
        Assert.Equal([("env", Standing.Same), ("plain", Standing.Same)], await LookAsync());
        Assert.Equal(ScheduleGroup.UpToDate, (await StatusAsync()).Group);
    }

    [Fact]
    public async Task What_is_edited_and_what_is_deleted_is_found_shown_and_told_once()
    {
        await File.WriteAllTextAsync(Env, "OTHER=1\nKEY=edited-by-hand\n", None);
        File.Delete(Plain);

        Assert.Equal([("env", Standing.Differs), ("plain", Standing.Missing)], await LookAsync());

        var status = await StatusAsync();
        Assert.Equal(ScheduleGroup.Drifted, status.Group);
        Assert.Contains("rotunda deliver a-key", status.Message);
        Assert.DoesNotContain("edited-by-hand", status.Message);
        Assert.Equal(2, await _host.Get<NoticeDesk>().RunAsync(None));
        await LookAsync();
        Assert.Equal(0, await _host.Get<NoticeDesk>().RunAsync(None));
    }

    [Fact]
    public async Task A_key_that_was_taken_out_and_what_others_wrote_beside_it_are_told_apart()
    {
        await File.WriteAllTextAsync(Env, "OTHER=2\n# new\n", None);
        Assert.Equal(("env", Standing.Missing), (await LookAsync())[0]);
        await File.WriteAllTextAsync(Env, "OTHER=2\n# new\nKEY=the-value-in-use\nMORE=3\n", None);
        Assert.Equal(("env", Standing.Same), (await LookAsync())[0]);
    }

    [Fact]
    public async Task The_schedule_looks_again_when_its_time_has_come_and_since_when_is_kept()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        var look = ActivatorLook(clock);
        var sweep = new DriftSweep(
            _host.Get<ICatalogSource>(),
            look,
            _host.Get<OrphanLook>(),
            _host.Ledger,
            clock,
            NullLogger<DriftSweep>.Instance);
        await File.WriteAllTextAsync(Plain, "edited", None);

        Assert.Equal(1, await sweep.RunAsync(None));
        var first = (await _host.Ledger.GetSecretAsync("a-key", None))!.Drift!;
        Assert.Equal(0, await sweep.RunAsync(None));
        clock.Advance(DriftSweep.Every);
        Assert.Equal(1, await sweep.RunAsync(None));

        var second = (await _host.Ledger.GetSecretAsync("a-key", None))!.Drift!;
        Assert.Equal(DriftSweep.Every, second.LookedAt - first.LookedAt);
        Assert.Equal(first.Drifted[0].Since, second.Drifted[0].Since);
    }

    [Fact]
    public async Task While_a_rotation_is_under_way_nothing_is_looked_at()
    {
        await _host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
        Assert.Null((await _host.Get<DriftSweep>().VerifyAsync("a-key", None))!["a-key"]);
    }

    [Fact]
    public async Task The_surface_looks_tells_and_delivers()
    {
        await File.WriteAllTextAsync(Plain, "edited", None);
        using var client = _host.Client(Role.Operator, "otto");

        var seen = await Json(await client.PostAsync("/api/secrets/a-key/verify", null, None));
        Assert.True((bool)seen["drifted"]!);
        var kept = await Json(await client.GetAsync("/api/secrets/a-key/drift", None));
        Assert.Equal(seen.ToJsonString(), kept.ToJsonString());
        Assert.Single((await Json(await client.PostAsync("/api/verify", null, None)))["secrets"]!.AsArray());

        var plan = await Json(await client.GetAsync("/api/secrets/a-key/plan?run=deliver", None));
        Assert.Equal("deliver", (string?)plan["strategy"]);
        Assert.Contains("plain has drifted", plan["warnings"]!.ToJsonString());
        using var answer = await client.PostAsync(
            "/api/secrets/a-key/deliver", JsonContent.Create(new { reason = "edited on Monday" }), None);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var rotation = (await _host.Ledger.GetRotationAsync("a-key-1", None))!;
        Assert.Equal(
            (Strategy.Deliver, Strategy.DualKey, "otto"),
            (rotation.Plan.Strategy, rotation.Plan.SecretStrategy, rotation.RequestedBy));
    }

    [Fact]
    public async Task A_run_that_succeeded_leaves_no_drift_on_record()
    {
        await File.WriteAllTextAsync(Plain, "edited", None);
        await LookAsync();
        await _host.Get<RotationDesk>().StartAsync(
            new StartRequest("a-key", RotationTrigger.Manual, "x", "ada") { Instead = Strategy.Deliver }, None);
        await _host.Ledger.RecordStateAsync(
            new RecordInput("a-key-1", 1, 1, RotationState.Succeeded, RotationActions.Succeeded, "rotunda", null, null), None);

        Assert.Null((await _host.Ledger.GetSecretAsync("a-key", None))!.Drift);
        Assert.Equal(ScheduleGroup.UpToDate, (await StatusAsync()).Group);
    }

    [Fact]
    public async Task What_is_not_stored_cannot_be_delivered()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("b-key"));
        using var client = host.Client(Role.Operator);
        using var answer = await client.PostAsync("/api/secrets/b-key/deliver", JsonContent.Create(new { reason = "x" }), None);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    private DriftLook ActivatorLook(TimeProvider clock) => new(
        _host.Ledger,
        _host.Get<Providers.Registry.StoreRegistry>(),
        _host.Get<Providers.Registry.ProviderRegistry>(),
        _host.Get<Providers.Contract.IReferenceResolver>(),
        clock);

    private async Task<IReadOnlyList<(string, Standing)>> LookAsync() =>
        [.. (await _host.Get<DriftSweep>().VerifyAsync("a-key", None))!["a-key"]!.Findings.Select(f => (f.Place, f.Standing))];

    private async Task<SecretSummary> StatusAsync() => Assert.Single(await _host.Get<StatusReader>().ListAsync(None));

    private static async Task<JsonObject> Json(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(None));
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(None))!.AsObject();
        }
    }

    private static TargetBinding Target(string name, string type, JsonObject settings) =>
        new(name, new ProviderBinding(type, settings), 0, TimeSpan.FromMinutes(5));
}
