using System.Text.Json.Nodes;
using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Upstash's password, whose answer may lack it, and its ACL users, who have two.</summary>
public sealed class UpstashTests
{
    private static readonly CredentialHandle None = new(null, null, null);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_answer_to_a_reset_leaves_out_is_read_from_the_database(bool shows)
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashPasswordTable));
        ((UpstashPasswordTable)environment.Table).ResetShows = shows;

        using var issued = (await IssueAsync(environment)).Value!;

        var (made, expected) = (JsonNode.Parse(issued.RevealText())!, JsonNode.Parse(environment.Table.Keys[0].Value)!);
        Assert.True(JsonNode.DeepEquals(expected, made));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Nothing_is_reset_where_nobody_would_see_the_new_values()
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashPasswordTable));
        ((UpstashPasswordTable)environment.Table).Shows = false;
        var before = environment.Table.Keys[0].Value;

        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);
        var issued = await IssueAsync(environment);

        Assert.Equal((StepOutcomeKind.Rejected, StepOutcomeKind.Rejected), (told.Kind, issued.Outcome.Kind));
        Assert.Contains("Credential Protection", told.Reason);
        Assert.Equal(before, environment.Table.Keys[0].Value);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_user_s_first_token_works_until_it_is_taken_away_by_its_value_or_its_hash(bool tellsMap)
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashUserTable));
        ((UpstashUserTable)environment.Table).TellsMap = tellsMap;
        var (old, id) = (environment.InUse!, environment.Credential);
        var issued = await IssueAsync(environment);
        using var fresh = issued.Value!;

        Assert.Equal((Validity.Valid, Validity.Valid), (await TryAsync(environment, old), await TryAsync(environment, fresh.RevealText())));
        var revoked = tellsMap
            ? await environment.Provider.Can<IRevokeCredentials>()!.RevokeAsync(environment.Call(), id, default)
            : await EndAsync(environment, old);

        Assert.Equal(StepOutcomeKind.Done, revoked.Kind);
        Assert.Equal(Validity.Invalid, await TryAsync(environment, old));
        Assert.Equal(Validity.Valid, await TryAsync(environment, fresh.RevealText()));
        Assert.Equal(issued.Credential!.Id, Assert.Single(environment.Table.Keys).Id);
        environment.Vendor.AssertClean();
    }

    /// <summary>Somebody took the old one away meanwhile: what is left is all that anybody can log in with.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_way_back_leaves_a_user_s_only_token(bool byId)
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashUserTable));
        var issued = await IssueAsync(environment);
        using var fresh = issued.Value!;
        environment.Table.Keys.RemoveAt(0);
        var undo = environment.Call() with { Step = "undo-issue-revoke" };

        var refused = byId
            ? await environment.Provider.Can<IRevokeCredentials>()!.RevokeAsync(undo, issued.Credential!, default)
            : await environment.Provider.Can<IRevokeByValue>()!.RevokeAsync(undo, None, fresh, default);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains("only one of 'shop'", refused.Reason);
        Assert.Single(environment.Table.Keys);
    }

    /// <summary>A proxy's page, with a success's status: it says nothing of the user.</summary>
    [Fact]
    public async Task A_page_for_people_is_no_answer()
    {
        await using var page = (await FakeVendor.StartAsync()).On(
            "POST", "/", _ => new FakeReply(200, "<html><body>Sign in</body></html>"u8.ToArray(), "text/html"));
        await using var environment = await Bench.StartAsync(nameof(UpstashUserTable));
        var settings = environment.Settings;
        settings["url"] = page.Address;

        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), default);

        Assert.Contains("with something else than it should", told.Reason);
    }

    [Fact]
    public async Task A_token_whose_answer_was_lost_is_found_at_the_user_and_not_made_again()
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashUserTable));
        // GETUSER, GENTOKEN, SETUSER.
        environment.Vendor.FailAt(2, FakeFault.All.First(fault => fault.Kind == FakeFaultKind.LoseReply));

        var issued = await IssueAsync(environment);

        Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
        Assert.Equal(2, environment.Table.Keys.Count);
        Assert.Equal(environment.Table.Keys[^1].Value, issued.Value!.RevealText());
        issued.Value.Dispose();
    }

    [Fact]
    public async Task A_user_who_may_not_ping_is_known_all_the_same()
    {
        await using var environment = await Bench.StartAsync(nameof(UpstashUserTable));
        ((UpstashUserTable)environment.Table).Pings = false;

        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUse!));
        Assert.Equal(Validity.Invalid, await TryAsync(environment, "another-token"));
    }

    private static Task<IssueResult> IssueAsync(TableEnvironment environment) =>
        environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), environment.Request("rotunda-1"), default);

    private static async Task<StepOutcome> EndAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IRevokeByValue>()!.RevokeAsync(environment.Call(), None, value, default);
    }

    private static async Task<Validity> TryAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(environment.Call(), None, value, default)).Validity;
    }
}
