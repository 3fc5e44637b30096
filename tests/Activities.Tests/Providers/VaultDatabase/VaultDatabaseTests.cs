using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.VaultDatabase;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.VaultDatabase;

/// <summary>Both kinds of roles of Vault's database engine, before a real PostgreSQL.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class VaultDatabaseTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData(false, "token")]
    [InlineData(false, "approle")]
    [InlineData(true, "token")]
    [InlineData(true, "approle")]
    public async Task Conforms(bool isStatic, string auth)
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic, auth);
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Theory]
    [InlineData(false, "token")]
    [InlineData(false, "approle")]
    [InlineData(true, "token")]
    public async Task Survives_every_fault_of_every_call(bool isStatic, string auth)
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic, auth);
        Assert.True(await VendorFaultSuite.RunAsync(environment) > 50);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_logins_are_tried_is_looked_at_before_anything_is_taken(bool isStatic)
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic);
        var settings = environment.Settings;
        settings["verifyPort"] = 1;
        // The API's own address does as well.
        settings["address"] = $"{environment.Vendor.Address}/v1";

        var told = await ((IValidateSetup)environment.Provider).ValidateAsync(environment.Call(settings: settings), default);

        Assert.Equal(StepOutcomeKind.RetryLater, told.Kind);
        Assert.Contains(":1 (connection refused: nothing listens at that port)", told.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_static_role_that_Vault_has_rotated_by_itself_is_read_back_and_not_rotated_again()
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic: true);
        environment.Fake.RotateStatic();
        var before = environment.Fake.StaticRotations;
        var issued = await IssueAsync(environment);
        using var value = issued.Value!;
        Assert.Equal(StepOutcomeKind.AlreadyDone, issued.Outcome.Kind);
        Assert.Equal(before, environment.Fake.StaticRotations);
        Assert.Equal(environment.Fake.StaticPassword, value.RevealText());
    }

    [Fact]
    public async Task A_static_role_is_rotated_once_although_the_answer_was_lost_and_its_next_rotation_is_known()
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic: true);
        environment.Vendor.FailNext("POST", new(Rotunda.Testing.VendorFakes.FakeFaultKind.LoseReply));
        Assert.Equal(StepOutcomeKind.Unknown, (await IssueAsync(environment)).Outcome.Kind);
        var issued = await IssueAsync(environment, attempt: 2);
        using var value = issued.Value!;
        Assert.Equal(1, environment.Fake.StaticRotations);
        Assert.Equal(environment.Fake.StaticPassword, value.RevealText());
        Assert.InRange(issued.ExpiresAt!.Value - environment.Held.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task A_lease_is_renewed_until_its_maximum_by_our_clock_and_not_by_Vaults()
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic: false);
        var (provider, time) = ((VaultLeaseProvider)environment.Provider, environment.Held);
        var issued = await IssueAsync(environment);
        issued.Value!.Dispose();
        var (began, lease) = (time.GetUtcNow(), issued.Lease!);
        Assert.InRange(lease.EndsAt, began.AddMinutes(59), began.AddHours(1));
        Assert.InRange(lease.LastEnd!.Value, began.AddHours(23.9), began.AddHours(24));
        Assert.Null(lease.Owner);

        time.Advance(TimeSpan.FromMinutes(40));
        var renewed = await provider.RenewAsync(environment.Call(), issued.Credential!, lease, default);
        Assert.InRange(renewed.Term!.EndsAt, began.AddMinutes(99), began.AddMinutes(101));
        Assert.Equal(lease.LastEnd, renewed.Term.LastEnd);

        environment.Fake.Leases.Values.Single().EndsAt = time.GetUtcNow().AddYears(1);
        time.Advance(TimeSpan.FromHours(23));
        var capped = await provider.RenewAsync(environment.Call(), issued.Credential!, renewed.Term, default);
        Assert.InRange(capped.Term!.EndsAt, began.AddHours(23.9), began.AddHours(24.1));
        environment.Fake.End(environment.Fake.Leases.Values.Single());
        Assert.Equal(LeaseAnswerKind.Gone, (await provider.RenewAsync(environment.Call(), issued.Credential!, lease, default)).Kind);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_says_so_and_one_of_a_sealed_Vault_is_not_known()
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic: false);
        environment.Fake.Renewable = false;
        var provider = (VaultLeaseProvider)environment.Provider;
        var issued = await IssueAsync(environment);
        issued.Value!.Dispose();
        Assert.False(issued.Lease!.Renewable);
        var answer = await provider.RenewAsync(environment.Call(), issued.Credential!, null, default);
        Assert.Equal((LeaseAnswerKind.Lives, false), (answer.Kind, answer.Term!.Renewable));

        environment.Fake.Sealed = true;
        Assert.Equal(
            LeaseAnswerKind.CannotTell, (await provider.RenewAsync(environment.Call(), issued.Credential!, null, default)).Kind);
        var refused = await IssueAsync(environment);
        Assert.Equal(StepOutcomeKind.RetryLater, refused.Outcome.Kind);
    }

    [Fact]
    public async Task The_token_that_a_lease_hangs_on_is_renewed_with_it_also_after_another_login()
    {
        await using var environment = await VaultDatabaseEnvironment.StartAsync(fixture, isStatic: false, "approle");
        var time = environment.Held;
        var issued = await IssueAsync(environment);
        issued.Value!.Dispose();
        Assert.Equal("acc-login-1-b81c", issued.Lease!.Owner);
        // The token lives for twenty minutes, so the lease does.
        Assert.InRange(issued.Lease.EndsAt, time.GetUtcNow().AddMinutes(19), time.GetUtcNow().AddMinutes(20));
        using var restarted = new VaultLeaseProvider();
        for (var round = 0; round < 5; round++)
        {
            time.Advance(TimeSpan.FromMinutes(13));
            var answer = await restarted.RenewAsync(environment.Call(), issued.Credential!, issued.Lease, default);
            Assert.InRange(answer.Term!.EndsAt, time.GetUtcNow().AddMinutes(19), time.GetUtcNow().AddMinutes(20));
            environment.Fake.Tick();
            Assert.Single(environment.Fake.Leases);
        }

        time.Advance(TimeSpan.FromMinutes(21));
        environment.Fake.Tick();
        Assert.Empty(environment.Fake.Leases);
    }

    private static Task<IssueResult> IssueAsync(VaultDatabaseEnvironment environment, int attempt = 1) =>
        ((IIssueCredentials)environment.Provider).IssueAsync(environment.Call(attempt), environment.Request("label"), default);
}
