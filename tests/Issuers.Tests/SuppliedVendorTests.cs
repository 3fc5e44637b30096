using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Vendors whose keys people make, beside what every table goes through.</summary>
public sealed class SuppliedVendorTests
{
    [Fact]
    public void What_the_code_can_do_is_what_the_descriptors_say() => Assert.All(
        Bench.Providers().Where(provider => provider.Descriptor.Strategies.Contains(Strategy.Supplied)),
        provider => Assert.Equal(
            provider.Descriptor.Abilities,
            provider.Implemented & (provider.Descriptor.Abilities | Abilities.IssueCredentials | Abilities.RevokeCredentials
                | Abilities.RevokeByValue | Abilities.DisableCredentials)));

    [Fact]
    public async Task Anthropic_lists_what_lives_on_all_pages_with_what_is_shown_of_it()
    {
        await using var environment = await Bench.StartAsync(nameof(AnthropicTable));
        environment.Table.Crowd(4);
        environment.Table.Keys[1].More["archived"] = true;

        var listed = await environment.Provider.Can<IListCredentials>()!.ListAsync(environment.Call(), default);

        var living = environment.Table.Keys.Where(key => !key.More.ContainsKey("archived")).ToList();
        Assert.Equal(living.Select(key => key.Id), listed.Select(one => one.Handle.Id));
        Assert.Equal($"{living[0].Value[..16]}...{living[0].Value[^4..]}", listed[0].Hint);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Where_no_address_is_given_to_try_a_value_nothing_is_asked()
    {
        await using var environment = await Bench.StartAsync(nameof(ManualTable));
        var call = environment.Call(settings: []);

        Assert.Equal(StepOutcomeKind.Done, (await ((IValidateSetup)environment.Provider).ValidateAsync(call, default)).Kind);
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public void Anthropic_without_an_admin_key_ends_nothing()
    {
        var descriptor = Bench.Providers().Single(one => one.Descriptor.Id == "anthropic-api-key").Descriptor.For([]);

        Assert.Equal(Abilities.TakeSupplied | Abilities.VerifyCredentials, descriptor.Abilities);
    }

    [Theory]
    [InlineData("missing_scope", StepOutcomeKind.Rejected)]
    [InlineData("ratelimited", StepOutcomeKind.RetryLater)]
    [InlineData("internal_error", StepOutcomeKind.Unknown)]
    [InlineData("token_expired", StepOutcomeKind.Done)]
    public async Task Slack_s_errors_tell_whether_a_token_may_have_ended(string error, StepOutcomeKind expected)
    {
        await using var environment = await Bench.StartAsync(nameof(SlackTokenTable));
        ((SlackTokenTable)environment.Table).Says = error;

        Assert.Equal(expected, (await EndAsync(environment)).Kind);
    }

    [Fact]
    public async Task What_nobody_knows_any_more_is_not_shown_to_be_ended()
    {
        await using var environment = await Bench.StartAsync(nameof(GitHubTokenTable));
        await EndAsync(environment);
        environment.Vendor.Forget();

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await EndAsync(environment, "github_pat_11_unknown_0123")).Kind);
        Assert.Equal(["GET /user"], environment.Vendor.Requests);
    }

    [Theory]
    [InlineData("""{"accessKey":"AK1"}""")]
    [InlineData("AK1:secret-0123456789")]
    [InlineData("""{"accessKey":"AK1","accessKeySecret":"two words"}""")]
    public async Task A_pair_that_is_none_is_sent_nowhere(string text)
    {
        await using var environment = await Bench.StartAsync(nameof(GongTable));
        using var value = SecretValue.FromText(text);

        var tried = await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(
            environment.Call(), environment.Credential, value, default);

        Assert.Equal(Validity.Invalid, tried.Validity);
        Assert.Empty(environment.Vendor.Requests);
    }

    private static async Task<StepOutcome> EndAsync(TableEnvironment environment, string? text = null)
    {
        using var value = SecretValue.FromText(text ?? environment.Table.Keys[0].Value);
        return await environment.Provider.Can<IRevokeByValue>()!.RevokeAsync(
            environment.Call(), new CredentialHandle(null, null, null), value, default);
    }
}
