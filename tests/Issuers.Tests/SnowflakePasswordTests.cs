using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Passwords in Snowflake's statements, and users who cannot have one.</summary>
public sealed class SnowflakePasswordTests
{
    [Theory]
    [InlineData("TYPE", "SERVICE", "snowflake-key-pair")]
    [InlineData("DISABLED", "true", "disabled")]
    [InlineData("MUST_CHANGE_PASSWORD", "true", "MUST_CHANGE_PASSWORD")]
    [InlineData("HAS_MFA", "true", "second factor")]
    public async Task A_user_who_cannot_log_in_by_a_password_alone_is_refused_before_anything_is_changed(
        string property,
        string value,
        string expected)
    {
        await using var environment = await Bench.StartAsync(nameof(SnowflakePasswordTable));
        ((SnowflakePasswordTable)environment.Table).Properties[property] = value;

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(expected, outcome.Reason);
    }

    [Fact]
    public async Task Every_printable_character_arrives_and_the_old_password_can_be_set_again()
    {
        await using var environment = await Bench.StartAsync(nameof(SnowflakePasswordTable));
        var old = environment.InUse!;
        foreach (var text in OddValues.Of(() => "a-plain-password").Append(old))
        {
            Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, text)).Kind);
            Assert.Equal(text, environment.InUse);
            Assert.Equal(Validity.Valid, (await TryAsync(environment, text)).Validity);
        }

        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_password_that_Snowflake_would_not_take_is_made_anew()
    {
        await using var environment = await Bench.StartAsync(nameof(SnowflakePasswordTable));

        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment, "short")).Kind);
        Assert.DoesNotContain(environment.Vendor.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("390102", "Your user account has been temporarily locked.")]
    [InlineData("390120", "Multi-factor authentication is required.")]
    public async Task A_refusal_for_another_reason_says_nothing_of_the_password(string code, string message)
    {
        await using var environment = await Bench.StartAsync(nameof(SnowflakePasswordTable));
        ((SnowflakePasswordTable)environment.Table).Refuses = (code, message);

        var tried = await TryAsync(environment, environment.InUse!);

        Assert.Equal(Validity.CannotTell, tried.Validity);
        Assert.Contains(code, tried.Detail);
        Assert.Contains(message, tried.Detail);
    }

    private static async Task<StepOutcome> ApplyAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), environment.Credential, value, null, default);
    }

    private static async Task<Verification> TryAsync(TableEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(
            environment.Call(), environment.Credential, value, default);
    }
}
