using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Approvals that several people have to give.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ApiHost _host = null!;
    private HttpClient _paul = null!;
    private HttpClient _vera = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with
        {
            Approval = new ApprovalPolicy(ApprovalMoment.Start, null) { Need = 2, Roles = ["approver"], People = ["olaf", "otto"] },
        });
        (_paul, _vera) = (_host.Client(Role.Approver, "paul"), _host.Client(Role.Approver, "vera"));
        using var admin = _host.Client(Role.Admin, "olaf");
        using var started = await PostAsync(admin, "/api/rotations", new { secret = "a-key", reason = "test" });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        await StateAsync(1, RotationState.WaitingForApproval);
    }

    public async ValueTask DisposeAsync()
    {
        _paul.Dispose();
        _vera.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task The_rotation_hears_of_it_when_enough_have_approved()
    {
        using var first = await ApproveAsync(_paul);
        Assert.Contains("1 of 2", await first.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        using var again = await ApproveAsync(_paul);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        using var otherToken = await ApproveAsync(_host.Client(Role.Approver, "paul-laptop", owner: "paul"));
        Assert.Contains("1 of 2", await otherToken.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
        Assert.Empty(_host.Engine.Events);

        var asked = (await ViewAsync(_paul))["approval"]!;
        Assert.Equal((1, 2, "paul"), ((int)asked["given"]!, (int)asked["need"]!, (string?)asked["decisions"]![0]!["actor"]));
        Assert.Contains("You have approved it: 1 of 2", WhyNot(await ViewAsync(_paul)), StringComparison.Ordinal);
        Assert.Null(WhyNot(await ViewAsync(_vera)));

        using var second = await ApproveAsync(_vera);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        var message = Assert.IsType<ControlMessage>(Assert.Single(_host.Engine.Events).Payload);
        Assert.Equal((ControlVerb.Approve, "vera", "approve-start"), (message.Verb, message.By, message.Step));
    }

    [Fact]
    public async Task Both_at_once_make_two_and_the_rotation_hears_of_it()
    {
        var both = await Task.WhenAll(ApproveAsync(_paul), ApproveAsync(_vera));

        Assert.All(both, one => Assert.Equal(HttpStatusCode.Accepted, one.StatusCode));
        Assert.Single(_host.Engine.Events);
        Assert.Equal(2, (int)(await ViewAsync(_paul))["approval"]!["given"]!);
    }

    [Fact]
    public async Task The_requester_those_whom_nobody_asked_and_decisions_on_another_plan_are_refused()
    {
        using var own = await ApproveAsync(_host.Client(Role.Admin, "olafs-other", owner: "olaf"));
        await RefusesAsync(own, HttpStatusCode.Forbidden, "own-request");
        using var other = await ApproveAsync(_host.Client(Role.Admin, "ada"));
        await RefusesAsync(other, HttpStatusCode.Forbidden, "not-asked");
        foreach (var verb in new[] { "approve", "reject" })
        {
            using var plan = await PostAsync(_paul, $"/api/rotations/a-key-1/{verb}", new { reason = "ok", plan = new string('a', 64) });
            await RefusesAsync(plan, HttpStatusCode.Conflict, "other-plan");
        }

        var hash = (string)(await ViewAsync(_paul))["planHash"]!;
        using var seen = await PostAsync(_paul, "/api/rotations/a-key-1/approve", new { reason = "ok", plan = hash });
        Assert.Equal(HttpStatusCode.Accepted, seen.StatusCode);
        using var named = await ApproveAsync(_host.Client(Role.Admin, "Otto"));
        Assert.Equal(HttpStatusCode.Accepted, named.StatusCode);
        Assert.Single(_host.Engine.Events);
    }

    [Fact]
    public async Task An_approval_is_taken_back()
    {
        using var nothing = await PostAsync(_paul, "/api/rotations/a-key-1/withdraw", new { reason = "no" });
        await RefusesAsync(nothing, HttpStatusCode.Conflict, "wrong-state");
        using var given = await ApproveAsync(_paul);
        Assert.Contains((await ViewAsync(_paul))["can"]!.AsArray(), one => (string?)one!["verb"] == "withdraw");

        using var back = await PostAsync(_paul, "/api/rotations/a-key-1/withdraw", new { reason = "I looked again" });
        Assert.Equal(HttpStatusCode.Accepted, back.StatusCode);
        using var second = await ApproveAsync(_vera);
        Assert.Empty(_host.Engine.Events);
        Assert.Contains("I looked again", await _paul.GetStringAsync("/api/audit", None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_decided_before_a_crash_is_passed_on_by_the_watch()
    {
        foreach (var who in new[] { "paul", "vera" })
        {
            await _host.Get<Reconciler>().RunAsync(None);
            Assert.Empty(_host.Engine.Events);
            await _host.Ledger.DecideAsync(new DecisionInput("a-key-1", "approve-start", who, Verdicts.Approve, null, "ok"), None);
        }

        await _host.Get<Reconciler>().RunAsync(None);

        Assert.Equal("vera", Assert.IsType<ControlMessage>(Assert.Single(_host.Engine.Events).Payload).By);
        await StateAsync(2, RotationState.Running);
        await _host.Get<Reconciler>().RunAsync(None);
        Assert.Single(_host.Engine.Events);
    }

    [Fact]
    public async Task One_no_is_enough_and_outlives_a_crash_too()
    {
        using var yes = await ApproveAsync(_paul);
        await _host.Ledger.DecideAsync(new DecisionInput("a-key-1", "approve-start", "vera", Verdicts.Reject, null, "no"), None);
        await _host.Get<Reconciler>().RunAsync(None);

        var message = Assert.IsType<ControlMessage>(Assert.Single(_host.Engine.Events).Payload);
        Assert.Equal((ControlVerb.Reject, "vera", "no"), (message.Verb, message.By, message.Reason));
    }

    private Task StateAsync(int sequence, RotationState state) => _host.Ledger.RecordStateAsync(
        new RecordInput("a-key-1", 1, sequence, state, RotationActions.ApprovalRequested, Actors.Rotunda, null, null), None);

    private static Task<HttpResponseMessage> ApproveAsync(HttpClient client) =>
        PostAsync(client, "/api/rotations/a-key-1/approve", new { reason = "looked at it" });

    private static async Task<JsonNode> ViewAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonNode>("/api/rotations/a-key-1", None))!;

    private static string? WhyNot(JsonNode view) =>
        (string?)view["can"]!.AsArray().Single(one => (string?)one!["verb"] == "approve")!["whyNot"];

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body) =>
        client.PostAsJsonAsync(path, body, None);

    private static async Task RefusesAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(None))!;
        Assert.Equal((status, code), (response.StatusCode, (string?)problem["code"]));
    }
}
