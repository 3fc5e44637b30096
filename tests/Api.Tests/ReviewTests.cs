using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Rotation.Catalog;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>An emergency that goes without approval is looked at by two people afterwards.</summary>
public sealed class ReviewTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task It_stays_open_until_two_people_who_did_not_start_it_have_looked()
    {
        await using var host = await StartAsync(new ApprovalPolicy(ApprovalMoment.Revoke, null));
        using var ada = host.Client(Role.Admin, "ada");
        await host.Ledger.RecordStateAsync(
            new RecordInput("a-key-1", 1, 1, RotationState.Succeeded, "rotation.succeeded", Actors.Rotunda, null, null), None);
        Assert.Equal(("needs-review", "rotunda review close a-key-1 --reason WHAT"), await StandingAsync(ada));

        await RefusesAsync(CloseAsync(ada), HttpStatusCode.Forbidden, "own-request");
        using var paul = host.Client(Role.Approver, "paul");
        await TakesAsync(CloseAsync(paul), "Another person");
        await TakesAsync(CloseAsync(paul), "Another person");
        await TakesAsync(CloseAsync(host.Client(Role.Approver, "pauls-other", owner: "Paul")), "Another person");
        var open = Assert.Single((await ada.GetFromJsonAsync<JsonNode>("/api/reviews", None))!["reviews"]!.AsArray())!;
        Assert.Equal(("a-key-1", "INC-7", 2), ((string?)open["rotationId"], (string?)open["incident"], (int)open["need"]!));
        Assert.Equal("paul", (string?)Assert.Single(open["reviewers"]!.AsArray())!["actor"]);

        await TakesAsync(CloseAsync(host.Client(Role.Approver, "vera")), "closed");
        await RefusesAsync(CloseAsync(host.Client(Role.Approver, "rita")), HttpStatusCode.Conflict, "wrong-state");
        Assert.Empty((await ada.GetFromJsonAsync<JsonNode>("/api/reviews", None))!["reviews"]!.AsArray());
        Assert.Single((await ada.GetFromJsonAsync<JsonNode>("/api/reviews?all=true", None))!["reviews"]!.AsArray());
        Assert.NotEqual("needs-review", (await StandingAsync(ada)).Group);
    }

    [Fact]
    public async Task An_emergency_of_a_secret_that_asks_nobody_leaves_none()
    {
        await using var host = await StartAsync(null);
        using var paul = host.Client(Role.Approver, "paul");

        await RefusesAsync(CloseAsync(paul), HttpStatusCode.NotFound, "not-found");
        Assert.Empty(await host.Ledger.ListReviewsAsync(closedToo: true, None));
    }

    private static async Task<ApiHost> StartAsync(ApprovalPolicy? approval)
    {
        var host = await ApiHost.StartAsync(ApiHost.Policy("a-key") with { Approval = approval });
        using var ada = host.Client(Role.Admin, "ada");
        using var started = await ada.PostAsJsonAsync(
            "/api/rotations", new { secret = "a-key", reason = "leaked", trigger = "emergency", incident = "INC-7" }, None);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        return host;
    }

    private static async Task<(string? Group, string? NextAction)> StandingAsync(HttpClient client)
    {
        var secret = (await client.GetFromJsonAsync<JsonNode>("/api/secrets", None))!["secrets"]![0]!;
        return ((string?)secret["group"], (string?)secret["nextAction"]);
    }

    private static Task<HttpResponseMessage> CloseAsync(HttpClient client) =>
        client.PostAsJsonAsync("/api/reviews/a-key-1/close", new { reason = "the leak was real" }, None);

    private static async Task TakesAsync(Task<HttpResponseMessage> asked, string words)
    {
        using var response = await asked;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(None), StringComparison.Ordinal);
    }

    private static async Task RefusesAsync(Task<HttpResponseMessage> asked, HttpStatusCode status, string code)
    {
        using var response = await asked;
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(None))!;
        Assert.Equal((status, code), (response.StatusCode, (string?)problem["code"]));
    }
}
