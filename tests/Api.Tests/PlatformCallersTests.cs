using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>Callers that the platform has checked: what is believed, and what is not.</summary>
public sealed class PlatformCallersTests
{
    [Fact]
    public async Task A_principal_is_not_believed_while_the_platform_does_not_check()
    {
        await using var host = await ApiHost.StartAsync(Identity.PlatformOff, ApiHost.Policy("a-key"));
        using var client = host.Client(Role.Admin);

        using var response = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("sign-in-off", await CodeOf(response));
    }

    [Theory]
    [InlineData("no base64!")]
    [InlineData("bm8ganNvbg==")]
    [InlineData("bnVsbA==")]
    [InlineData("e30=")]
    public async Task A_principal_that_cannot_be_read_is_refused_and_not_repeated(string header)
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform);
        using var client = host.Client(null);
        client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, header);

        using var response = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("sign-in-invalid", await CodeOf(response));
        Assert.DoesNotContain(header, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_principals_are_one_too_many()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform);
        using var client = host.Client(Role.Viewer);
        client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, ApiHost.Principal("eve", "admin"));

        using var response = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("github", true)]
    [InlineData("aad", false)]
    public async Task Only_the_directory_names_people_and_by_their_id(string provider, bool withId)
    {
        var claims = new JsonArray(new JsonObject { ["typ"] = "roles", ["val"] = "admin" });
        if (withId)
        {
            claims.Add(new JsonObject { ["typ"] = "oid", ["val"] = "1" });
        }

        await using var host = await ApiHost.StartAsync(Identity.Platform);
        using var client = host.Client(null);
        var principal = new JsonObject { ["auth_typ"] = provider, ["role_typ"] = "roles", ["claims"] = claims };
        client.DefaultRequestHeaders.Add(
            PlatformCallers.PrincipalHeader,
            Convert.ToBase64String(Encoding.UTF8.GetBytes(principal.ToJsonString())));

        using var response = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, "/api/secrets", "auditor")]
    [InlineData(HttpStatusCode.OK, "/api/secrets", "Rotunda.Viewer")]
    [InlineData(HttpStatusCode.OK, "/api/secrets", "auditor", "VIEWER")]
    public async Task App_roles_are_ours_by_name_and_others_mean_nothing(HttpStatusCode expected, string address, params string[] roles)
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, ApiHost.Policy("a-key"));
        using var client = host.Client(null);
        client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, ApiHost.Principal("ada", roles));

        using var response = await client.GetAsync(address);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Someone_with_two_roles_may_what_either_may()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, ApiHost.Policy("a-key"));
        using var client = host.Client(null);
        client.DefaultRequestHeaders.Add(PlatformCallers.PrincipalHeader, ApiHost.Principal("ada", "operator", "approver"));
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");

        using var start = await client.PostAsync("/api/rotations", Json("""{"secret":"a-key","reason":"x"}"""));
        using var approve = await client.PostAsync("/api/rotations/no-such-1/approve", Json("""{"reason":"x"}"""));

        Assert.Equal(HttpStatusCode.Accepted, start.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, approve.StatusCode);
        Assert.Equal("ada [id-of-ada]", (await host.Ledger.GetRotationAsync("a-key-1", CancellationToken.None))!.RequestedBy);
    }

    [Fact]
    public async Task A_function_key_has_the_role_of_the_setting_under_its_own_address_only()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform, ApiHost.Policy("a-key"));
        using var client = host.Client(null);

        using var start = await client.PostAsync("/machine/api/rotations", Json("""{"secret":"a-key","reason":"x"}"""));
        using var approve = await client.PostAsync("/machine/api/rotations/a-key-1/approve", Json("""{"reason":"x"}"""));
        using var person = await client.GetAsync("/api/secrets");

        Assert.Equal(HttpStatusCode.Accepted, start.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, approve.StatusCode);
        Assert.Equal("sign-in-missing", await CodeOf(person));
        Assert.Equal(PlatformCallers.Machine, (await host.Ledger.GetRotationAsync("a-key-1", CancellationToken.None))!.RequestedBy);
    }

    [Theory]
    [InlineData(Identity.Token)]
    [InlineData(Identity.Platform)]
    public async Task Nobody_approves_the_own_request_in_either_head(Identity identity)
    {
        await using var host = await ApiHost.StartAsync(identity, ApiHost.Policy("a-key"));
        using var ada = host.Client(Role.Admin, "ada");
        using var bob = host.Client(Role.Approver, "bob");
        await ada.PostAsync("/api/rotations", Json("""{"secret":"a-key","reason":"x"}"""));
        await host.Ledger.RecordStateAsync(
            new RecordInput("a-key-1", 1, 1, RotationState.WaitingForApproval, "approval.requested", "rotunda", null, null),
            CancellationToken.None);

        using var own = await ada.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"mine"}"""));
        using var other = await bob.PostAsync("/api/rotations/a-key-1/approve", Json("""{"reason":"seen"}"""));

        Assert.Equal(HttpStatusCode.Forbidden, own.StatusCode);
        Assert.Equal("own-request", await CodeOf(own));
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(RotationId: "a-key-1"), CancellationToken.None);
        Assert.Contains(rows, r => r.Action == "request.refused" && r.Actor.StartsWith("ada", StringComparison.Ordinal));
        Assert.Contains(rows, r => r.Action == "control.approve" && r.Actor.StartsWith("bob", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ada@x [1]", "ada.new@x [1]", true)]
    [InlineData("ada@x [1]", "ada@x [2]", false)]
    [InlineData("ada", "ADA", true)]
    [InlineData("ada", "ada [1]", false)]
    [InlineData("ada []", "ada []", true)]
    [InlineData("ada", "laptop [Ada]", true)]
    [InlineData("ada [bob]", "ada", false)]
    public void A_person_is_known_by_what_stands_in_brackets_even_under_a_new_name(string one, string other, bool same) =>
        Assert.Equal(same, Actors.IsSame(one, other));

    [Fact]
    public async Task Unknown_addresses_are_refused_in_the_one_form()
    {
        await using var host = await ApiHost.StartAsync(Identity.Platform);
        using var client = host.Client(Role.Viewer);

        using var nowhere = await client.GetAsync("/api/nothing");
        using var method = await client.DeleteAsync("/api/rotations");

        Assert.Equal((HttpStatusCode.NotFound, "no-route"), (nowhere.StatusCode, await CodeOf(nowhere)));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "no-method"), (method.StatusCode, await CodeOf(method)));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<string?> CodeOf(HttpResponseMessage response) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"];
}
