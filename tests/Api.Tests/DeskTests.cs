using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Starts, controls, adoption and the reconciler, over the real ledger.</summary>
public sealed class DeskTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static Policy WithOldValue =>
        ApiHost.Policy("a-key") with { Strategy = Strategy.Overlap, Current = new CurrentCredential("old", null) };

    [Fact]
    public async Task A_start_is_accepted_with_its_address_and_runs_under_its_own_id()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);

        using var response = await Start(client);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("/api/rotations/a-key-1", response.Headers.Location!.ToString());
        Assert.Equal(["a-key-1"], host.Engine.Instances.Keys);
        Assert.Equal(RotationState.Planned, (await host.Ledger.GetRotationAsync("a-key-1", None))!.State);
    }

    [Fact]
    public async Task A_second_start_is_a_conflict_that_names_the_first()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);

        using var second = await Start(client);

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("a-key-1", (string?)JsonNode.Parse(await second.Content.ReadAsStringAsync())!["rotationId"]);
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_rotation()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "deploy-77");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Start(client)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.All(answers, a => Assert.Equal("/api/rotations/a-key-1", a.Headers.Location!.ToString()));
        Assert.Single(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
    }

    [Fact]
    public async Task Many_starts_at_once_leave_one_rotation_open()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Start(client)));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Accepted);
        Assert.Equal(11, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task An_emergency_supersedes_the_open_rotation_and_tells_it()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator, "otto");
        await Start(client);

        using var response = await client.PostAsync(
            "/api/rotations",
            Json("""{"secret":"a-key","reason":"leak","trigger":"emergency","incident":"INC-1"}"""));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("a-key-1", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["supersededId"]);
        Assert.Equal(RotationState.Superseded, (await host.Ledger.GetRotationAsync("a-key-1", None))!.State);
        var (instance, name, payload) = Assert.Single(host.Engine.Events);
        Assert.Equal(("a-key-1", RotationNames.ControlEvent), (instance, name));
        Assert.Equal(ControlVerb.Supersede, Assert.IsType<ControlMessage>(payload).Verb);
        Assert.Contains("a-key-2", host.Engine.Instances.Keys);
    }

    [Fact]
    public async Task A_start_stands_when_the_engine_is_down_and_the_reconciler_makes_it_good()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        host.Engine.Failure = new InvalidOperationException("down");
        Assert.Equal(HttpStatusCode.Accepted, (await Start(client)).StatusCode);
        Assert.Empty(host.Engine.Instances);

        host.Engine.Failure = null;
        await host.Get<Reconciler>().RunAsync(None);
        await host.Get<Reconciler>().RunAsync(None);

        Assert.Equal(["a-key-1"], host.Engine.Instances.Keys);
    }

    [Fact]
    public async Task A_rotation_without_an_orchestration_goes_on_where_the_ledger_says_it_stood()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);
        Assert.Null(((RotationInput)host.Engine.Inputs["a-key-1"]!).Resume);
        var plan = (await host.Ledger.GetRotationAsync("a-key-1", None))!.Plan;
        await host.Ledger.RecordStateAsync(
            new RecordInput("a-key-1", 1, 1, RotationState.Running, RotationActions.Started, "rotunda", null, null),
            None);
        var step = new StepInput("a-key-1", 1, plan.Steps[0], null, 3);
        await host.Ledger.BeginStepAsync(step, None);
        await host.Ledger.EndStepAsync(step, StepOutcome.Done(), None);
        host.Engine.Instances.Clear();
        host.Engine.Inputs.Clear();

        await host.Get<Reconciler>().RunAsync(None);

        var input = (RotationInput)host.Engine.Inputs["a-key-1"]!;
        Assert.Equal(1, input.RecordsWritten);
        Assert.Equal([plan.Steps[0].Id], input.Resume!.Started);
        Assert.Equal(3, input.Resume.Attempts[plan.Steps[0].Id]);
    }

    [Fact]
    public async Task An_orchestration_that_ended_with_the_books_open_is_shown_as_stuck()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);
        host.Engine.Instances["a-key-1"] = FakeOrchestrationClient.State(
            "a-key-1",
            OrchestrationStatus.Failed,
            new FailureDetails("Boom", "it broke"));

        await host.Get<Reconciler>().RunAsync(None);

        var rotation = (await host.Ledger.GetRotationAsync("a-key-1", None))!;
        Assert.Equal(RotationState.Stuck, rotation.State);
        Assert.Contains("it broke", rotation.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestration_that_stands_still_is_shown_as_stuck_until_it_moves_again()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);
        var states = new List<RotationState>();
        for (var time = 0; time < 2; time++)
        {
            host.Engine.Instances["a-key-1"] = FakeOrchestrationClient.State(
                "a-key-1",
                OrchestrationStatus.Stuck,
                new FailureDetails("Drift", "The history has Verify, the code called Deliver."));
            await host.Get<Reconciler>().RunAsync(None);
            var stuck = (await host.Ledger.GetRotationAsync("a-key-1", None))!;
            Assert.Contains("The history has Verify", stuck.Detail, StringComparison.Ordinal);
            states.Add(stuck.State);
            host.Engine.Instances["a-key-1"] = FakeOrchestrationClient.State("a-key-1", OrchestrationStatus.Running) with
            {
                CustomStatus = new PayloadSerializer(
                    RotationJson.Default).Serialize(new RotationStatus(RotationState.Grace, 5, 9, null, null, 1, null, null, null, null)),
            };
            await host.Get<Reconciler>().RunAsync(None);
            states.Add((await host.Ledger.GetRotationAsync("a-key-1", None))!.State);
        }

        Assert.Equal([RotationState.Stuck, RotationState.Grace, RotationState.Stuck, RotationState.Grace], states);
    }

    [Fact]
    public async Task A_superseded_orchestration_that_was_not_told_is_told_by_the_reconciler()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator, "otto");
        await Start(client);
        using var response = await client.PostAsync(
            "/api/rotations",
            Json("""{"secret":"a-key","reason":"leak","trigger":"emergency","incident":"INC-1"}"""));
        host.Engine.Events.Clear();

        await host.Get<Reconciler>().RunAsync(None);

        var (instance, _, payload) = Assert.Single(host.Engine.Events);
        Assert.Equal("a-key-1", instance);
        Assert.Equal(ControlVerb.Supersede, Assert.IsType<ControlMessage>(payload).Verb);
    }

    [Fact]
    public async Task Who_asked_may_not_approve_and_someone_else_may()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var asker = host.Client(Role.Admin, "anna");
        using var other = host.Client(Role.Approver, "paul");
        await Start(asker);
        await Waiting(host);

        using var own = await asker.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"sure"}"""));
        using var others = await other.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"sure"}"""));

        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        Assert.Equal("own-request", (string?)JsonNode.Parse(await own.Content.ReadAsStringAsync())!["code"]);
        Assert.Equal(HttpStatusCode.Accepted, others.StatusCode);
        var message = Assert.IsType<ControlMessage>(Assert.Single(host.Engine.Events).Payload);
        Assert.Equal((ControlVerb.Approve, "paul"), (message.Verb, message.By));
    }

    [Theory]
    [InlineData("skip-grace", RotationState.Grace)]
    [InlineData("skip-grace", RotationState.Stuck)]
    [InlineData("approve", RotationState.WaitingForApproval)]
    public async Task What_takes_another_person_takes_no_other_token_of_the_same(string verb, RotationState state)
    {
        await using var host = await ApiHost.StartAsync(WithOldValue);
        using var asker = host.Client(Role.Admin, "anna");
        using var second = host.Client(Role.Approver, "anna-at-night", owner: "Anna");
        using var other = host.Client(Role.Approver, "laptop", owner: "paul");
        using var adopted = await asker.PostAsync("/api/secrets/a-key/adopt", Json("""{"reason":"set by hand"}"""));
        Assert.Equal(HttpStatusCode.OK, adopted.StatusCode);
        await Start(asker);
        await host.Ledger.RecordStateAsync(new RecordInput("a-key-1", 1, 1, state, "test", Actors.Rotunda, null, null), None);

        using var own = await asker.PostAsync($"/api/rotations/a-key-1/{verb}", Json("""{"reason":"sure"}"""));
        using var again = await second.PostAsync($"/api/rotations/a-key-1/{verb}", Json("""{"reason":"sure"}"""));
        Assert.Empty(host.Engine.Events);
        using var others = await other.PostAsync($"/api/rotations/a-key-1/{verb}", Json("""{"reason":"sure"}"""));

        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Accepted),
            (own.StatusCode, again.StatusCode, others.StatusCode));
        Assert.Equal("own-request", (string?)JsonNode.Parse(await again.Content.ReadAsStringAsync())!["code"]);
        Assert.Equal("laptop [paul]", Assert.IsType<ControlMessage>(Assert.Single(host.Engine.Events).Payload).By);
    }

    [Theory]
    [InlineData("skip-grace", "hold", null, false)]
    [InlineData("skip-grace", "hold", "grace", false)]
    [InlineData("skip-grace", "hold", "hold", true)]
    [InlineData("skip-grace", "grace", null, true)]
    // What it shows comes a moment behind the ledger, which says "grace" already.
    [InlineData("skip-grace", "promote", null, true)]
    [InlineData("skip-grace", "promote", "hold", true)]
    [InlineData("skip-grace", "grace", "hold", false)]
    [InlineData("skip-grace", "grace", "evidence", false)]
    [InlineData("skip-grace", "grace", "mint", false)]
    [InlineData("skip-grace", "grace", "nothing", false)]
    public async Task A_verb_ends_the_wait_that_it_names_and_no_other(string verb, string at, string? step, bool passes)
    {
        await using var host = await ApiHost.StartAsync(WithOldValue);
        using var asker = host.Client(Role.Operator, "anna");
        using var other = host.Client(Role.Approver, "paul");
        using var adopted = await asker.PostAsync("/api/secrets/a-key/adopt", Json("""{"reason":"set by hand"}"""));
        Assert.Equal(HttpStatusCode.OK, adopted.StatusCode);
        await Start(asker);
        await host.Ledger.RecordStateAsync(new RecordInput("a-key-1", 1, 1, RotationState.Grace, "test", Actors.Rotunda, null, null), None);
        var status = new RotationStatus(RotationState.Grace, 5, 9, at, "A wait", 0, "it", null, null, null);
        host.Engine.Instances["a-key-1"] = FakeOrchestrationClient.State("a-key-1", OrchestrationStatus.Running) with
        {
            CustomStatus = new PayloadSerializer(RotationJson.Default).Serialize(status),
        };

        var body = step is null ? """{"reason":"sure"}""" : $$"""{"reason":"sure","step":"{{step}}"}""";
        using var answer = await other.PostAsync($"/api/rotations/a-key-1/{verb}", Json(body));

        Assert.Equal(passes ? HttpStatusCode.Accepted : HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(
            passes ? new[] { step ?? "grace" } : [],
            host.Engine.Events.Select(sent => ((ControlMessage)sent.Payload!).Step!));
        if (!passes)
        {
            Assert.Contains(
                $"rotunda {verb} a-key-1 --step {at} --reason WHY",
                (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"],
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_approval_is_for_the_step_that_asks_though_the_rotation_shows_the_one_before(bool isShown)
    {
        await using var host = await ApiHost.StartAsync(WithOldValue with { Approval = new ApprovalPolicy(ApprovalMoment.Start, null) });
        using var asker = host.Client(Role.Operator, "anna");
        using var other = host.Client(Role.Approver, "paul");
        await Start(asker);
        await Waiting(host);
        var plan = (await host.Ledger.GetRotationAsync("a-key-1", None))!.Plan;
        var approval = plan.Steps.First(step => step.Kind == StepKinds.Approval).Id;
        var status = new RotationStatus(
            RotationState.Running, 1, 9, isShown ? approval : plan.Steps[0].Id, "A step", 1, null, null, null, null);
        host.Engine.Instances["a-key-1"] = FakeOrchestrationClient.State("a-key-1", OrchestrationStatus.Running) with
        {
            CustomStatus = new PayloadSerializer(RotationJson.Default).Serialize(status),
        };

        using var answer = await other.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"sure"}"""));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(approval, Assert.IsType<ControlMessage>(Assert.Single(host.Engine.Events).Payload).Step);
    }

    [Theory]
    [InlineData("GET", "/api/rotations/a-key", "'a-key' is a secret that was never rotated. Start a rotation: rotunda rotate a-key")]
    [InlineData("POST", "/api/rotations/a-key/approve", "'a-key' is a secret that was never rotated.")]
    [InlineData("GET", "/api/secrets/a-kee/drift", "named 'a-kee'. Did you mean 'a-key'?")]
    [InlineData("POST", "/api/secrets/a-kee/verify", "named 'a-kee'. Did you mean 'a-key'?")]
    [InlineData("POST", "/api/secrets/a-kee/adopt", "named 'a-kee'. Did you mean 'a-key'?")]
    public async Task A_name_that_leads_nowhere_is_told_with_what_it_is_near(string method, string path, string words)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Admin);
        var body = path.EndsWith("verify", StringComparison.Ordinal) ? "" : """{"reason":"sure"}""";
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "GET" ? null : Json(body) };

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(words, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verb_that_the_state_does_not_take_is_refused_and_not_kept_for_later()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        using var other = host.Client(Role.Approver);
        await Start(client);

        using var response = await other.PostAsync("/api/rotations/a-key-1/skip-grace", Json("""{"reason":"hurry"}"""));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(host.Engine.Events);
    }

    [Theory]
    [InlineData("""{"reason":"x"}""")]
    [InlineData("""{"reason":"x","by":"soon"}""")]
    [InlineData("""{"reason":"x","by":"0s"}""")]
    [InlineData("""{"by":"2h"}""")]
    public async Task Extend_grace_needs_a_reason_and_a_duration(string body)
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);

        using var response = await client.PostAsync("/api/rotations/a-key-1/extend-grace", Json(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_known_value_is_adopted_with_its_fingerprint_and_never_rotated()
    {
        var policy = ApiHost.Policy("a-key");
        await using var host = await ApiHost.StartAsync(policy);
        var file = Path.Combine(host.Folder, "old.env");
        await File.WriteAllTextAsync(file, "KEY=the-old-value\n");
        var told = policy with { Current = new CurrentCredential("key-1", $"file:{file}#KEY") };

        await host.Get<CatalogAdoption>().EnsureAdoptedAsync(host.Catalog, told, None);
        await host.Get<CatalogAdoption>().EnsureAdoptedAsync(host.Catalog, told, None);

        var credential = Assert.Single(await host.Ledger.ListCredentialsAsync("a-key", None));
        Assert.Equal("key-1", credential.ProviderCredentialId);
        Assert.Equal(12, credential.Fingerprint!.Length);
        Assert.NotNull(credential.Value);
        Assert.Empty(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
    }

    [Fact]
    public async Task A_secret_that_cannot_be_adopted_says_why_and_is_tried_again()
    {
        var broken = ApiHost.Policy("broken") with { Current = new CurrentCredential(null, "env:ROTUNDA_TEST_NOT_SET") };
        await using var host = await ApiHost.StartAsync(broken, ApiHost.Policy("fine"));
        using var client = host.Client(Role.Operator);

        await host.Get<ScheduleSweep>().RunOnceAsync(None);

        Assert.Contains("ROTUNDA_TEST_NOT_SET", host.Get<CatalogAdoption>().Problems["broken"], StringComparison.Ordinal);
        Assert.Equal("fine", Assert.Single(await host.Ledger.ListSecretsAsync(None)).Name);
        using var start = await client.PostAsync("/api/rotations", Json("""{"secret":"broken","reason":"x"}"""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, start.StatusCode);
    }

    [Fact]
    public async Task What_is_due_is_started_by_the_sweep_once()
    {
        await using var host =
            await ApiHost.StartAsync(ApiHost.Policy("due") with { Interval = TimeSpan.FromMilliseconds(1) }, ApiHost.Policy("later"));

        await host.Get<ScheduleSweep>().RunOnceAsync(None);
        await host.Get<ScheduleSweep>().RunOnceAsync(None);

        var rotation = Assert.Single(await host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        Assert.Equal(("due", RotationTrigger.Schedule, "schedule"), (rotation.Secret, rotation.Trigger, rotation.RequestedBy));
    }

    [Fact]
    public async Task The_read_model_shows_no_value_and_everything_else()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Operator);
        await Start(client);

        var list = (await client.GetFromJsonAsync<JsonNode>("/api/secrets"))!;
        var secret = (await client.GetFromJsonAsync<JsonNode>("/api/secrets/a-key"))!;
        var rotation = (await client.GetFromJsonAsync<JsonNode>("/api/rotations/a-key-1"))!;
        var open = (await client.GetFromJsonAsync<JsonNode>("/api/rotations?state=open"))!;

        Assert.Equal("running", (string?)list["secrets"]![0]!["group"]);
        Assert.Equal("a-key-1", (string?)secret["rotations"]![0]!["id"]);
        Assert.Equal("planned", (string?)rotation["rotation"]!["state"]);
        Assert.NotEmpty(rotation["timeline"]!.AsArray());
        Assert.NotEmpty(rotation["plan"]!["steps"]!.AsArray());
        Assert.Single(open["rotations"]!.AsArray());
    }

    private static Task<HttpResponseMessage> Start(HttpClient client) =>
        client.PostAsync("/api/rotations", Json("""{"secret":"a-key","reason":"test"}"""));

    private static Task Waiting(ApiHost host) => host.Ledger.RecordStateAsync(
        new RecordInput("a-key-1", 1, 1, RotationState.WaitingForApproval, "approval.requested", "rotunda", "approve?", null), None);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
