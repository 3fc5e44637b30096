using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.CatalogFiles;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Secrets that are taken out of the catalog with live credentials, and those that go on under another name.</summary>
public sealed class LeavingTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("rotunda-leaving-");
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_files.FullName, "now"), "the-value-in-use", None);
        _host = await ApiHost.StartAsync(Named("a-key"), ApiHost.Policy("b-key"));
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task What_left_the_catalog_stays_in_the_status_and_is_told_once()
    {
        Leave();

        var (gone, _) = await StatusAsync();
        Assert.Equal(ScheduleGroup.NotInCatalog, gone!.Group);
        Assert.EndsWith("with one live credential. To end it: rotunda retire a-key --reason \"…\"", gone.Message);
        Assert.Null(gone.Open);
        Assert.Equal("generated", gone.Provider);
        Assert.NotNull(await _host.Get<StatusReader>().GetSecretAsync("a-key", None));
        Assert.Equal(1, await _host.Get<NoticeDesk>().RunAsync(None));
        Assert.Equal(0, await _host.Get<NoticeDesk>().RunAsync(None));
    }

    [Fact]
    public async Task It_is_retired_by_a_plan_that_asks_takes_away_and_revokes()
    {
        Leave();
        using var client = _host.Client(Role.Operator, "otto");

        using var answer = await client.PostAsync(
            "/api/secrets/a-key/retire", JsonContent.Create(new { reason = "the service is gone" }), None);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var plan = (await _host.Ledger.GetRotationAsync("a-key-1", None))!.Plan;
        Assert.Equal((Strategy.Retire, Strategy.DualKey), (plan.Strategy, plan.SecretStrategy));
        Assert.Equal(
            ["approve-start", "withdraw-env", "grace", "hold", "revoke", "finish"],
            plan.Steps.Where(step => step.Kind != StepKinds.Validate).Select(step => step.Id));
        var (gone, _) = await StatusAsync();
        Assert.Equal((ScheduleGroup.NotInCatalog, "a-key-1"), (gone!.Group, gone.Open!.Id));
    }

    [Fact]
    public async Task One_that_is_in_the_catalog_is_not_retired_nor_handed_over()
    {
        using var client = _host.Client(Role.Admin, "ada");
        var body = JsonContent.Create(new { reason = "x" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PostAsync("/api/secrets/a-key/retire", body, None)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/api/secrets/a-key/hand-over", body, None)).StatusCode);
    }

    [Fact]
    public async Task What_another_secret_is_delivered_to_by_now_is_not_taken_away()
    {
        _host.SetCatalog(Named("c-key"));

        var plan = await _host.Get<RotationDesk>().PlanAsync(
            new StartRequest("a-key", RotationTrigger.Manual, "x", "ada") { Instead = Strategy.Retire }, None);

        Assert.DoesNotContain(plan!.Steps, step => step.Id == "withdraw-env");
    }

    [Fact]
    public async Task An_account_that_the_catalog_uses_is_not_revoked_under_another_name()
    {
        await _host.Ledger.AdoptAsync(
            new AdoptSecret("c-key", "tester", new AdoptedCredential("shared-id", null, null, null, null)), None);
        await _host.Ledger.AdoptAsync(
            new AdoptSecret("d-key", "tester", new AdoptedCredential("shared-id", null, null, null, null)), None);
        await _host.Ledger.SetPoliciesAsync([("d-key", new KeptPolicy(ApiHost.Policy("d-key"), null).ToText())], None);
        _host.SetCatalog(ApiHost.Policy("c-key"));

        var outcome = await _host.Get<RotationDesk>().StartAsync(
            new StartRequest("d-key", RotationTrigger.Manual, "x", "ada") { Instead = Strategy.Retire }, None);

        Assert.Equal(StartOutcomeKind.Refused, outcome.Kind);
        Assert.Contains("was: d-key", outcome.Message);
    }

    [Fact]
    public async Task A_person_hands_it_over_on_record()
    {
        Leave();
        using var client = _host.Client(Role.Approver, "petra");

        using var answer = await client.PostAsync(
            "/api/secrets/a-key/hand-over", JsonContent.Create(new { reason = "team payments has it" }), None);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null((await StatusAsync()).Gone);
        Assert.Equal(CredentialState.HandedOver, Assert.Single(await _host.Ledger.ListCredentialsAsync("a-key", None)).State);
        var row = Assert.Single(await _host.Ledger.ReadAuditAsync(new AuditFilter(), None), r => r.Action == AuditActions.SecretHandedOver);
        Assert.Equal(("petra", "team payments has it"), (row.Actor, row.Detail));
        Assert.True((await _host.Ledger.VerifyAuditAsync(None)).Intact);
        foreach (var (verb, status) in new[]
        {
            ("retire", HttpStatusCode.UnprocessableEntity), ("hand-over", HttpStatusCode.NotFound),
        })
        {
            using var admin = _host.Client(Role.Admin, "ada");
            using var again = await admin.PostAsync($"/api/secrets/a-key/{verb}", JsonContent.Create(new { reason = "again" }), None);
            Assert.Equal(status, again.StatusCode);
            Assert.Contains("nothing is left to retire", await again.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_new_name_carries_the_life_along()
    {
        var before = (await _host.Ledger.GetSecretAsync("a-key", None))!;
        await EndedAsync("a-key-1");
        _host.SetCatalog(Named("a-new-name") with { Was = "a-key" });
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);

        var after = (await _host.Ledger.GetSecretAsync("a-new-name", None))!;
        Assert.Equal((before.Salt, before.AdoptedAt, 1), (after.Salt, after.AdoptedAt, after.LastNumber));
        Assert.Null((await StatusAsync()).Gone);
        var credential = Assert.Single(await _host.Ledger.ListCredentialsAsync("a-new-name", None));
        Assert.Equal(("a-new-name", CredentialState.Active), (credential.Value!.Name, credential.State));
        using var value = await _host.Get<StoreRegistry>().Get(StoreNames.Embedded).GetAsync(credential.Value, None);
        Assert.Equal("the-value-in-use", value.RevealText());
        Assert.Equal("a-key-1", Assert.Single(await _host.Ledger.ListRotationsAsync(new RotationFilter("a-new-name"), None)).Id);
        var next = await _host.Get<RotationDesk>().StartAsync(new StartRequest("a-new-name", RotationTrigger.Manual, "x", "ada"), None);
        Assert.Equal("a-new-name-2", next.RotationId);
        Assert.True((await _host.Ledger.VerifyAuditAsync(None)).Intact);
    }

    [Fact]
    public void Who_uses_the_old_name_is_told_the_new_one_and_the_log_calls_it_a_renaming()
    {
        var before = _host.Get<ICatalogSource>().Current!;
        _host.SetCatalog(Named("a-new-name") with { Was = "a-key" });

        Assert.Equal("'a-key' is named 'a-new-name' in the catalog now. Use that name.", _host.Get<StatusReader>().NoSecret("a-key"));
        Assert.Equal(
            "renamed: a-key to a-new-name; removed: b-key", CatalogChange.InWords(before, _host.Get<ICatalogSource>().Current!));
    }

    [Fact]
    public async Task While_a_rotation_of_the_old_name_is_under_way_the_new_one_waits()
    {
        await _host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
        _host.SetCatalog(Named("a-new-name") with { Was = "a-key" });
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.Null(await _host.Ledger.GetSecretAsync("a-new-name", None));
        Assert.Contains("a-key-1", _host.Get<CatalogAdoption>().Problems["a-new-name"]);
    }

    [Fact]
    public async Task A_name_that_was_left_is_not_taken_for_a_new_secret()
    {
        _host.SetCatalog(Named("a-new-name") with { Was = "a-key" });
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);
        _host.SetCatalog(Named("a-new-name") with { Was = "a-key" }, Named("a-key"));
        await _host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.Contains("a-new-name", _host.Get<CatalogAdoption>().Problems["a-key"]);
    }

    [Fact]
    public void A_kept_policy_is_read_as_it_was_written()
    {
        var policy = Named("a-key") with
        {
            Window = new RotationWindow([DayOfWeek.Monday], new TimeOnly(1, 0), new TimeOnly(2, 30)),
            Evidence = new EvidencePolicy(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
            Approval = new ApprovalPolicy(ApprovalMoment.Revoke, null),
            OnDrift = OnDrift.Overwrite,
        };
        var text = new KeptPolicy(policy, new Dictionary<string, ProviderBinding> { ["v"] = new("vault", []) }).ToText();
        Assert.Equal(text, KeptPolicy.Of(text)!.ToText());
        Assert.Equal((policy.Evidence, policy.Approval), (KeptPolicy.Of(text)!.Policy.Evidence, KeptPolicy.Of(text)!.Policy.Approval));
        Assert.Null(KeptPolicy.Of("{}"));
    }

    private void Leave() => _host.SetCatalog(ApiHost.Policy("b-key"));

    private async Task EndedAsync(string id)
    {
        await _host.Get<RotationDesk>().StartAsync(new StartRequest("a-key", RotationTrigger.Manual, "x", "ada"), None);
        await _host.Ledger.RecordStateAsync(
            new RecordInput(id, 1, 1, RotationState.RolledBack, RotationActions.RolledBack, "rotunda", null, null), None);
    }

    private async Task<(SecretSummary? Gone, SecretSummary? Other)> StatusAsync()
    {
        var all = await _host.Get<StatusReader>().ListAsync(None);
        return (all.FirstOrDefault(s => s.Name == "a-key"), all.FirstOrDefault(s => s.Name == "b-key"));
    }

    private Policy Named(string name) => ApiHost.Policy(name) with
    {
        Current = new CurrentCredential(null, $"file:{Path.Combine(_files.FullName, "now")}"),
        Targets =
        [
            new TargetBinding(
                "env",
                new ProviderBinding(
                    "dotenv",
                    new JsonObject
                    {
                        ["path"] = Path.Combine(_files.FullName, "app.env"),
                        ["keys"] = new JsonObject { ["KEY"] = "{value}" },
                    }),
                0,
                TimeSpan.FromMinutes(5)),
        ],
    };
}
