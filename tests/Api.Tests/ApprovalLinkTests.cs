using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Links by which people decide, and those who attack them.</summary>
public sealed class ApprovalLinkTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ApiHost _host = null!;
    private HttpClient _admin = null!;
    private HttpClient _nobody = null!;

    public async ValueTask InitializeAsync()
    {
        var asks = new ApprovalPolicy(ApprovalMoment.Start, null) { Need = 2 };
        _host = await ApiHost.StartAsync(
            ApiHost.Policy("a-key") with { Approval = asks }, ApiHost.Policy("b-key") with { Approval = asks });
        (_admin, _nobody) = (_host.Client(Role.Admin, "ada"), _host.Client(null));
        foreach (var secret in new[] { "a-key", "b-key" })
        {
            using var started = await PostAsync(_admin, "/api/rotations", new { secret, reason = "test" });
            Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
            await StateAsync($"{secret}-1", 1, RotationState.WaitingForApproval);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        _nobody.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_link_decides_once_as_its_person_and_to_look_at_it_decides_nothing()
    {
        var code = await LinkAsync(new { person = "Paul" });
        using var page = await _nobody.GetAsync("/decide/a-key-1", None);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        using var looked = await PostAsync(_nobody, "/api/decisions/look", new { code });
        var asked = await JsonAsync(looked);
        Assert.Equal(("a-key-1", "open", "paul"), ((string?)asked["rotationId"], (string?)asked["state"], (string?)asked["person"]));
        AssertToldOnlyWhatIsWeighed(asked, (await _admin.GetFromJsonAsync<JsonObject>("/api/rotations/a-key-1", None))!["plan"]!);
        Assert.Equal(0, (await ApprovalAsync("a-key-1"))["given"]!.GetValue<int>());

        using var decided = await DecideAsync(code);
        Assert.Equal(HttpStatusCode.Accepted, decided.StatusCode);
        await RefusedAsync(DecideAsync(code), "no-such-code");
        await RefusedAsync(DecideAsync(code, "reject"), "no-such-code");
        await RefusedAsync(PostAsync(_nobody, "/api/decisions/look", new { code }), "no-such-code");

        // The same person by another way counts once; another one makes two.
        using var again = await PostAsync(_host.Client(Role.Approver, "paul"), "/api/rotations/a-key-1/approve", new { reason = "yes" });
        Assert.Empty(_host.Engine.Events);
        using var second = await DecideAsync(await LinkAsync(new { person = "vera" }));
        Assert.Equal("link [vera]", Assert.IsType<ControlMessage>(Assert.Single(_host.Engine.Events).Payload).By);
    }

    [Fact]
    public async Task A_forged_one_one_that_is_over_and_one_for_a_value_let_nobody_decide()
    {
        var good = await LinkAsync(new { person = "paul" });
        var forged = $"{(good[0] == '0' ? '1' : '0')}{good[1..]}";
        foreach (var wrong in new[] { forged, good[..^1], good + "0", new string('0', 64), "' OR '1'='1" })
        {
            await RefusedAsync(DecideAsync(wrong), "no-such-code");
        }

        var kept = (await _host.Ledger.GetCodeAsync(HashOf(good), None))!;
        await AddAsync("over", kept with { ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(-1) });
        await AddAsync("value", kept with { Kind = "provide" });
        foreach (var wrong in new[] { "over", "value" })
        {
            await RefusedAsync(DecideAsync(wrong), "no-such-code");
        }

        using var value = await PostAsync(_nobody, "/api/forms/look", new { code = good });
        Assert.Equal(HttpStatusCode.NotFound, value.StatusCode);
        Assert.Equal(0, (await ApprovalAsync("a-key-1"))["given"]!.GetValue<int>());
    }

    [Fact]
    public async Task One_for_another_plan_or_another_rotation_is_not_counted()
    {
        var kept = (await _host.Ledger.GetCodeAsync(HashOf(await LinkAsync(new { person = "paul" })), None))!;
        await AddAsync("other-plan", kept with { PlanHash = new string('a', 64) });
        await AddAsync("other-rotation", kept with { RotationId = "b-key-1" });
        await AddAsync("other-step", kept with { StepId = "approve-revoke" });

        await RefusedAsync(DecideAsync("other-plan"), "other-plan");
        await RefusedAsync(DecideAsync("other-rotation"), "other-plan");
        await RefusedAsync(DecideAsync("other-step"), "no-such-code");
        foreach (var id in new[] { "a-key-1", "b-key-1" })
        {
            Assert.Equal(0, (await ApprovalAsync(id))["given"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Whoever_takes_the_approval_back_has_no_link_that_gives_it_again()
    {
        var (used, spare) = (await LinkAsync(new { person = "paul" }), await LinkAsync(new { person = "paul" }));
        using var decided = await DecideAsync(used);
        using var paul = _host.Client(Role.Approver, "paul");
        using var back = await PostAsync(paul, "/api/rotations/a-key-1/withdraw", new { reason = "I looked again" });
        Assert.Equal(HttpStatusCode.Accepted, back.StatusCode);

        await RefusedAsync(DecideAsync(used), "no-such-code");
        await RefusedAsync(DecideAsync(spare), "no-such-code");
        Assert.Equal(0, (await ApprovalAsync("a-key-1"))["given"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_link_for_a_role_is_no_right_by_itself()
    {
        var code = await LinkAsync(new { role = "approver" });
        await RefusedAsync(DecideAsync(code), "not-asked");
        await RefusedAsync(DecideAsync(code, by: _host.Client(Role.Operator, "olaf")), "not-granted");
        using var decided = await DecideAsync(code, by: _host.Client(Role.Approver, "paul"));
        Assert.Equal(HttpStatusCode.Accepted, decided.StatusCode);
        Assert.Equal("paul", (string?)(await ApprovalAsync("a-key-1"))["decisions"]![0]!["actor"]);
        await RefusedAsync(DecideAsync(code, by: _host.Client(Role.Approver, "vera")), "no-such-code");
    }

    [Fact]
    public async Task None_is_made_for_the_requester_for_nobody_or_once_it_has_ended()
    {
        foreach (var body in new object[] { new { person = "ADA" }, new { }, new { person = "paul", role = "approver" } })
        {
            await RefusedAsync(PostAsync(_admin, "/api/rotations/a-key-1/decide-link", body), "wrong-state");
        }

        var code = await LinkAsync(new { person = "paul" });
        await StateAsync("a-key-1", 2, RotationState.Running);
        await RefusedAsync(PostAsync(_admin, "/api/rotations/a-key-1/decide-link", new { person = "paul" }), "wrong-state");
        await RefusedAsync(DecideAsync(code), "wrong-state");
        Assert.DoesNotContain(code, await _admin.GetStringAsync("/api/audit", None), StringComparison.Ordinal);
    }

    private Task AddAsync(string code, Rotunda.Ledger.CodeRecord kept) =>
        _host.Ledger.AddCodeAsync(kept with { Hash = HashOf(code) }, None);

    private static string HashOf(string code) => Convert.ToHexStringLower(
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(code)));

    private Task StateAsync(string id, int sequence, RotationState state) => _host.Ledger.RecordStateAsync(
        new RecordInput(id, 1, sequence, state, RotationActions.ApprovalRequested, Actors.Rotunda, null, null), None);

    /// <summary>All steps with their way back, and of their settings none that belongs to a system.</summary>
    private static void AssertToldOnlyWhatIsWeighed(JsonNode asked, JsonNode plan)
    {
        var (told, whole) = (asked["plan"]!.AsArray(), plan["steps"]!.AsArray());
        Assert.Equal(whole.Select(step => (string?)step!["title"]), told.Select(step => (string?)step!["title"]));
        Assert.Equal(
            whole.Sum(step => step!["undo"]!.AsArray().Count), told.Sum(step => step!["undo"]!.AsArray().Count));
        Assert.Contains(told, step => (string?)step!["id"] == (string?)asked["stepId"]);
        Assert.All(told, step => Assert.Null(step!["provider"]));
        Assert.All(told.SelectMany(step => step!["settings"]!.AsObject()), setting =>
            Assert.Contains(setting.Key, new[] { "approve", "duration", "forwardOnly", "shows" }));
    }

    private async Task<string> LinkAsync(object body)
    {
        using var made = await PostAsync(_admin, "/api/rotations/a-key-1/decide-link", body);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var link = await JsonAsync(made);
        Assert.Equal($"/decide/a-key-1#{link["code"]}", (string?)link["path"]);
        return (string)link["code"]!;
    }

    private Task<HttpResponseMessage> DecideAsync(string code, string verdict = "approve", HttpClient? by = null) =>
        PostAsync(by ?? _nobody, "/api/decisions/decide", new { code, verdict, reason = "looked at it" });

    private async Task<JsonNode> ApprovalAsync(string id) =>
        (await _admin.GetFromJsonAsync<JsonNode>($"/api/rotations/{id}", None))!["approval"]!;

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, object body) =>
        client.PostAsJsonAsync(path, body, None);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonNode>(None))!;

    private static async Task RefusedAsync(Task<HttpResponseMessage> asked, string code)
    {
        using var response = await asked;
        Assert.Equal(code, (string?)(await JsonAsync(response))["code"]);
    }
}
