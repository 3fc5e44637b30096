using System.Text.Json.Nodes;
using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Two database users in turn, beyond what every vendor promises.</summary>
public sealed class AtlasUserTests
{
    private const string Password = "a-new-password-0123456789";
    private static readonly CredentialHandle Idle = new(AtlasUserTable.Idle, AtlasUserTable.Idle, null);
    private static readonly CredentialHandle InUse = new(AtlasUserTable.InUse, AtlasUserTable.InUse, null);

    [Fact]
    public async Task The_idle_user_is_made_like_the_one_in_use_and_logs_in_at_the_cluster()
    {
        await using var environment = await Bench.StartAsync(nameof(AtlasUserTable));
        var table = (AtlasUserTable)environment.Table;

        await ApplyAsync(environment, Idle);

        var (like, made) = (table.Find(InUse.Id!)!.More, table.Find(Idle.Id!)!.More);
        Assert.All(["roles", "scopes", "labels"], member => Assert.True(JsonNode.DeepEquals(like[member], made[member]), member));
        Assert.Equal(Validity.Valid, (await TryAsync(environment, Idle)).Validity);
        Assert.Equal(Validity.Valid, (await TryAsync(environment, Idle)).Validity);
        // Afresh each time: no connection is kept.
        Assert.Equal(2, table.Cluster.Logins);
        Assert.Equal(Validity.Invalid, (await TryAsync(environment, InUse)).Validity);
    }

    [Fact]
    public async Task The_only_one_that_is_left_is_locked_and_not_deleted_as_it_alone_tells_the_roles()
    {
        await using var environment = await Bench.StartAsync(nameof(AtlasUserTable));
        var table = (AtlasUserTable)environment.Table;
        var roles = table.Find(InUse.Id!)!.More["roles"]!.DeepClone();
        await ApplyAsync(environment, InUse);
        var (revoking, telling) = (environment.Provider.Can<IRevokeCredentials>()!, (ITellAccounts)environment.Provider);

        Assert.Equal(StepOutcomeKind.Done, (await revoking.RevokeAsync(environment.Call(), InUse, default)).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await revoking.RevokeAsync(environment.Call(2), InUse, default)).Kind);

        Assert.Equal(Validity.Invalid, (await TryAsync(environment, InUse)).Validity);
        Assert.Equal(AccountState.Locked, (await telling.LookAsync(environment.Call(), InUse, default)).State);
        await ApplyAsync(environment, Idle);
        Assert.True(JsonNode.DeepEquals(roles, table.Find(Idle.Id!)!.More["roles"]));
        Assert.DoesNotContain("rotunda", table.Find(Idle.Id!)!.More["labels"]!.ToJsonString());
        Assert.Equal(Validity.Valid, (await TryAsync(environment, Idle)).Validity);
    }

    [Fact]
    public async Task Another_user_of_the_project_is_never_touched()
    {
        await using var environment = await Bench.StartAsync(nameof(AtlasUserTable));
        var somebody = new CredentialHandle("somebody", "somebody", null);
        using var value = SecretValue.FromText(Password);

        var applied = await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), somebody, value, null, default);
        var revoked = await environment.Provider.Can<IRevokeCredentials>()!.RevokeAsync(environment.Call(), somebody, default);

        Assert.Equal((StepOutcomeKind.Rejected, StepOutcomeKind.Rejected), (applied.Kind, revoked.Kind));
        Assert.Empty(environment.Vendor.Requests);
    }

    [Fact]
    public async Task A_password_that_is_too_short_is_made_anew()
    {
        await using var environment = await Bench.StartAsync(nameof(AtlasUserTable));
        using var value = SecretValue.FromText("short");

        var outcome = await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), Idle, value, null, default);

        Assert.Equal(StepOutcomeKind.NewValueNeeded, outcome.Kind);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_said_before_anything_is_changed()
    {
        await using var environment = await Bench.StartAsync(nameof(AtlasUserTable));
        var elsewhere = environment.With(new() { ["cluster"] = "mongodb://127.0.0.1:1", ["connectTimeout"] = "1s" });

        var outcome = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: elsewhere), default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("access list", outcome.Reason);
    }

    private static async Task ApplyAsync(TableEnvironment environment, CredentialHandle user)
    {
        using var value = SecretValue.FromText(Password);
        var outcome = await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), user, value, null, default);
        Assert.True(outcome.Succeeded, outcome.Reason);
    }

    private static async Task<Verification> TryAsync(TableEnvironment environment, CredentialHandle user)
    {
        using var value = SecretValue.FromText(Password);
        return await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(environment.Call(), user, value, default);
    }
}
