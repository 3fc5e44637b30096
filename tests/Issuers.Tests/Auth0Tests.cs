using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>The one vendor that takes a value of our own.</summary>
public sealed class Auth0Tests
{
    [Fact]
    public async Task The_way_back_sets_the_old_secret_again()
    {
        await using var environment = await Bench.StartAsync(nameof(Auth0Table));
        var old = environment.InUse!;

        Assert.True((await ApplyAsync(environment, "a-new-secret-0123456789")).Succeeded);
        Assert.Equal(Validity.Invalid, await VerifyAsync(environment, old, audience: null));
        Assert.True((await ApplyAsync(environment, old)).Succeeded);

        Assert.Equal(old, environment.InUse);
        Assert.Equal(Validity.Valid, await VerifyAsync(environment, old, audience: null));
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData(true, true, Validity.Valid)]
    [InlineData(true, false, Validity.Invalid)]
    [InlineData(false, true, Validity.CannotTell)]
    public async Task With_an_audience_a_secret_is_tried_by_itself(bool grants, bool isRight, Validity expected)
    {
        await using var environment = await Bench.StartAsync(nameof(Auth0Table));
        ((Auth0Table)environment.Table).Grants = grants;

        var tried = await VerifyAsync(environment, isRight ? environment.InUse! : "another-secret-0123456789", "https://orders.example");

        Assert.Equal(expected, tried);
        Assert.Equal(["POST /oauth/token"], environment.Vendor.Requests);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("private_key_jwt")]
    public async Task An_application_that_logs_in_otherwise_is_refused_before_anything_is_changed(string method)
    {
        await using var environment = await Bench.StartAsync(nameof(Auth0Table));
        ((Auth0Table)environment.Table).Method = method;

        var checkedBefore = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, checkedBefore.Kind);
        Assert.Contains(method, checkedBefore.Reason);
    }

    private static async Task<StepOutcome> ApplyAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IApplyValues>()!.ApplyAsync(
            environment.Call(), environment.Credential, value, null, default);
    }

    private static async Task<Validity> VerifyAsync(TableEnvironment environment, string text, string? audience)
    {
        using var value = SecretValue.FromText(text);
        var call = environment.Call(settings: environment.With(audience is null ? [] : new() { ["audience"] = audience }));
        return (await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(call, environment.Credential, value, default)).Validity;
    }
}
