using System.Text.Json.Nodes;
using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Two secrets of a client under Keycloak's policy, and what clients and users may be like.</summary>
public sealed class KeycloakTests
{
    private static readonly CredentialHandle None = new(null, null, null);

    [Fact]
    public async Task The_old_secret_lives_on_until_it_is_shown_to_be_ended()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var old = environment.InUse!;
        var fresh = await IssueAsync(environment);

        Assert.Equal(Validity.Valid, await TryAsync(environment, old));
        Assert.Equal(Validity.Valid, await TryAsync(environment, fresh));
        Assert.Equal(StepOutcomeKind.Done, (await EndAsync(environment, old)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await EndAsync(environment, old)).Kind);

        Assert.Equal(Validity.Invalid, await TryAsync(environment, old));
        Assert.Equal(Validity.Valid, await TryAsync(environment, fresh));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task The_way_back_makes_the_old_secret_the_client_s_own_again()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var old = environment.InUse!;
        var fresh = await IssueAsync(environment);

        Assert.Equal(StepOutcomeKind.Done, (await EndAsync(environment, fresh, "undo-issue-revoke")).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await EndAsync(environment, fresh, "undo-issue-revoke")).Kind);

        Assert.Equal(old, environment.Table.Keys[^1].Value);
        Assert.Equal(Validity.Valid, await TryAsync(environment, old));
        Assert.Equal(Validity.Invalid, await TryAsync(environment, fresh));
        // And from there once more.
        Assert.NotEqual(fresh, await IssueAsync(environment));
        Assert.Equal(Validity.Valid, await TryAsync(environment, old));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Taking_the_new_secret_back_leaves_one_even_if_the_old_one_has_ended_by_itself()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var fresh = await IssueAsync(environment);
        ((KeycloakRotatedTable)environment.Table).HasLapsed = true;

        var outcome = await EndAsync(environment, fresh, "undo-issue-revoke");

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Equal(Validity.Valid, await TryAsync(environment, fresh));
    }

    [Fact]
    public async Task A_lost_answer_makes_no_second_secret_which_would_end_the_one_in_use()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var old = environment.InUse!;
        environment.Vendor.FailNext("POST", FakeFault.All.First(fault => fault.Kind == FakeFaultKind.LoseReply));
        // The first POST is the login's.
        Assert.False((await IssueRawAsync(environment, 1, true)).Outcome.Succeeded);
        environment.Vendor.FailAt(4, FakeFault.All.First(fault => fault.Kind == FakeFaultKind.LoseReply));
        Assert.Equal(StepOutcomeKind.Unknown, (await IssueRawAsync(environment, 1, true)).Outcome.Kind);
        var made = environment.Table.Keys[^1].Value;
        Assert.NotEqual(old, made);

        var since = DateTimeOffset.FromUnixTimeSeconds(KeycloakSecretTable.MadeAt(environment.Table.Keys.Count));
        var (again, blind) = (await IssueRawAsync(environment, 2, true), await IssueRawAsync(environment, 2, false, since));
        // What was there before the intent may be what all use: the number of the attempt says nothing of it.
        Assert.Equal(StepOutcomeKind.Rejected, (await IssueRawAsync(environment, 2, false, since.AddMinutes(30))).Outcome.Kind);

        Assert.Equal(made, again.Value!.RevealText());
        Assert.Equal(made, blind.Value!.RevealText());
        Assert.Equal(Validity.Valid, await TryAsync(environment, old));
        again.Value.Dispose();
        blind.Value.Dispose();
    }

    [Fact]
    public async Task A_rotated_secret_of_somebody_else_is_not_ended()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var somebodys = environment.InUse!;
        await IssueAsync(environment);

        var refused = await IssueRawAsync(environment, 1, false);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Outcome.Kind);
        Assert.Equal(Validity.Valid, await TryAsync(environment, somebodys));
    }

    [Fact]
    public async Task The_only_secret_is_ended_when_asked_first()
    {
        await using var environment = await Bench.StartAsync(nameof(KeycloakRotatedTable));
        var leaked = environment.InUse!;

        Assert.Equal(StepOutcomeKind.Done, (await EndAsync(environment, leaked)).Kind);

        Assert.Equal(Validity.Invalid, await TryAsync(environment, leaked));
        Assert.Single(environment.Table.Keys);

        // The one that took its place is known to nobody, and does not live on beside the next.
        var nobodys = environment.Table.Keys[^1].Value;
        var request = new IssueRequest("rotunda-2", null) { Ended = new CredentialHandle("x", null, null) };
        var issued = await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), request, default);
        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        Assert.Equal(Validity.Invalid, await TryAsync(environment, nobodys));
        Assert.Equal(Validity.Valid, await TryAsync(environment, issued.Value!.RevealText()));
        issued.Value.Dispose();
    }

    [Theory]
    [InlineData(nameof(KeycloakSecretTable), "enabled", "false", "disabled")]
    [InlineData(nameof(KeycloakSecretTable), "clientAuthenticatorType", "\"client-jwt\"", "client-jwt")]
    [InlineData(nameof(KeycloakSecretTable), "bearerOnly", "true", "bearer-only")]
    [InlineData(nameof(KeycloakSecretTable), "secret", "null", "manage-clients")]
    [InlineData(nameof(KeycloakSecretTable), "attributes", """{ "client.secret.expiration.time": "1" }""", "keycloak-rotated-secret")]
    [InlineData(nameof(KeycloakRotatedTable), "attributes", "{}", "keycloak-client-secret")]
    [InlineData(nameof(KeycloakPasswordTable), "enabled", "false", "disabled")]
    [InlineData(nameof(KeycloakPasswordTable), "totp", "true", "one-time code")]
    [InlineData(nameof(KeycloakPasswordTable), "requiredActions", """["UPDATE_PASSWORD"]""", "UPDATE_PASSWORD")]
    [InlineData(nameof(KeycloakPasswordTable), "access", """{ "manage": false }""", "manage-users")]
    public async Task What_cannot_be_rotated_is_said_before_anything_is_changed(string table, string member, string json, string expected)
    {
        await using var environment = await Bench.StartAsync(table);
        ((KeycloakTable)environment.Table).Other[member] = JsonNode.Parse(json);

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(expected, outcome.Reason);
        Assert.DoesNotContain(environment.Vendor.Requests, request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(KeycloakSecretTable))]
    [InlineData(nameof(KeycloakPasswordTable))]
    public async Task The_way_back_sets_the_old_value_again(string table)
    {
        await using var environment = await Bench.StartAsync(table);
        var old = environment.InUse!;

        foreach (var text in new[] { "a new one & <all> \"of\" it % + é", old })
        {
            using var value = SecretValue.FromText(text);
            var applying = environment.Provider.Can<IApplyValues>()!;
            Assert.True((await applying.ApplyAsync(environment.Call(), environment.Credential, value, null, default)).Succeeded);
            Assert.Equal(text, environment.InUse);
            Assert.Equal(Validity.Valid, await TryAsync(environment, text));
        }

        environment.Vendor.AssertClean();
    }

    private static Task<IssueResult> IssueRawAsync(
        TableEnvironment environment, int attempt, bool knowsValue, DateTimeOffset? since = null)
    {
        var value = environment.Table.Keys[0].Value;
        var request = new IssueRequest("rotunda-1", None)
        {
            Since = since ?? DateTimeOffset.MaxValue,
            InUse = () => Task.FromResult(knowsValue ? SecretValue.FromText(value) : null),
        };
        return environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(attempt), request, default);
    }

    private static async Task<string> IssueAsync(TableEnvironment environment)
    {
        var issued = await IssueRawAsync(environment, 1, true);
        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        using var value = issued.Value!;
        return value.RevealText();
    }

    private static async Task<StepOutcome> EndAsync(TableEnvironment environment, string text, string step = "")
    {
        using var value = SecretValue.FromText(text);
        var call = environment.Call() with { Step = step };
        return await environment.Provider.Can<IRevokeByValue>()!.RevokeAsync(call, None, value, default);
    }

    private static async Task<Validity> TryAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(environment.Call(), None, value, default)).Validity;
    }
}
