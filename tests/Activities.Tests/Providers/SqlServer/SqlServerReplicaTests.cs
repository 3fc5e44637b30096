using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>The logins of an availability group, which each replica has for itself.</summary>
public sealed class SqlServerReplicaTests
{
    private const string New = "New-0123456789abcdef";
    private static readonly SqlServerProvider Provider = new();

    [Fact]
    public async Task Each_replica_is_changed_verified_and_locked()
    {
        await using var environment = new SqlServerEnvironment(2);

        await SqlServerTests.ApplyAsync(environment, environment.Call(), New);

        Assert.All(environment.Worlds, world => Assert.Equal(New, world.Logins[SqlServerEnvironment.Idle].Password));
        Assert.Equal(Validity.Valid, await SqlServerTests.TryAsync(environment, environment.Credential, New));
        environment.Worlds[1].Logins[SqlServerEnvironment.Idle].Password = "the-old-one-0123456789";
        Assert.Equal(Validity.Invalid, await SqlServerTests.TryAsync(environment, environment.Credential, New));
        await Provider.RevokeAsync(environment.Call(), environment.Credential, default);
        Assert.All(environment.Worlds, world => Assert.True(world.Logins[SqlServerEnvironment.Idle].IsDisabled));
    }

    [Fact]
    public async Task A_replica_that_is_down_leaves_all_as_it_is()
    {
        await using var environment = new SqlServerEnvironment(2);
        var replicas = new JsonArray(environment.World.Server.Address, "127.0.0.1,1");
        var settings = environment.With("replicas", replicas, ("connectTimeout", "1s"));

        var outcome = await SqlServerTests.ApplyAsync(environment, environment.Call(settings: settings), New);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("127.0.0.1,1", outcome.Reason);
        Assert.Empty(environment.World.ChangesSoFar());
    }

    [Fact]
    public async Task A_replica_that_refuses_after_another_has_changed_is_not_known_and_the_next_attempt_ends_it()
    {
        await using var environment = new SqlServerEnvironment(2);
        (environment.World.Remembers, environment.Worlds[1].Policy) = (true, _ => 1205);

        Assert.Equal(StepOutcomeKind.Unknown, (await SqlServerTests.ApplyAsync(environment, environment.Call(), New)).Kind);

        environment.Worlds[1].Policy = _ => null;
        Assert.Equal(StepOutcomeKind.Done, (await SqlServerTests.ApplyAsync(environment, environment.Call(2), New)).Kind);
        Assert.Equal(Validity.Valid, await SqlServerTests.TryAsync(environment, environment.Credential, New));
    }

    [Fact]
    public async Task A_revoke_that_reached_one_replica_only_is_tried_again()
    {
        await using var environment = new SqlServerEnvironment(2);
        environment.Worlds[1].Refuse = ("ALTER LOGIN", 1205, 16);

        var outcome = await Provider.RevokeAsync(environment.Call(), environment.InUseCredential, default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        environment.Worlds[1].Refuse = null;
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(2), environment.InUseCredential, default)).Kind);
        Assert.All(environment.Worlds, world => Assert.True(world.Logins[SqlServerEnvironment.Used].IsDisabled));
    }

    [Theory]
    [InlineData("16.0.4000.0")]
    [InlineData("15.0.2000.5")]
    public async Task A_replica_that_is_not_named_is_found(string version)
    {
        await using var environment = new SqlServerEnvironment(2);
        environment.Worlds.ForEach(world => world.Version = version);
        environment.World.Databases["orders"].Replicas = ["SQL1", "SQL2", "SQL3"];

        var outcome = await Provider.ValidateAsync(environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("orders-group holds orders on SQL3", outcome.Reason);
        // Without 'replicas' the others are not named at all.
        var alone = await Provider.ValidateAsync(environment.Call(settings: environment.With("replicas", null)), default);
        Assert.Contains("on SQL2", alone.Reason);
    }

    [Fact]
    public async Task Another_group_on_the_same_instances_is_no_matter_of_these_logins()
    {
        await using var environment = new SqlServerEnvironment(2);
        environment.World.Databases["stock"] = new("stock") { Replicas = ["SQL1", "SQL9"] };

        Assert.Equal(StepOutcomeKind.Done, (await Provider.ValidateAsync(environment.Call(), default)).Kind);
    }

    [Fact]
    public async Task Another_sid_or_the_same_instance_twice_is_told()
    {
        await using var environment = new SqlServerEnvironment(2);
        environment.Worlds[1].Logins[SqlServerEnvironment.Idle].Sid = "0xC0DE";
        Assert.Contains(
            "CREATE LOGIN [orders]]'b] WITH PASSWORD = N'…', SID = 0xB0B0;",
            (await Provider.ValidateAsync(environment.Call(), default)).Reason);
        environment.Mend();

        var address = environment.World.Server.Address;
        var twice = await Provider.ValidateAsync(
            environment.Call(settings: environment.With("replicas", new JsonArray(address, address))), default);
        Assert.Contains("one and the same instance", twice.Reason);
    }

    [Fact]
    public async Task Sessions_at_any_replica_are_seen_and_a_replica_that_cannot_be_asked_leaves_no_evidence()
    {
        await using var environment = new SqlServerEnvironment(2);
        Assert.Equal(Use.NotUsed, (await SqlServerTests.UseAsync(environment)).Use);
        await using (await SqlServerTests.LoggedInAsync(environment.Worlds[1]))
        {
            Assert.Equal(Use.InUse, (await SqlServerTests.UseAsync(environment)).Use);
        }

        var replicas = new JsonArray(environment.World.Server.Address, "127.0.0.1,1");
        var settings = environment.With("replicas", replicas, ("connectTimeout", "1s"));
        var report = await Provider.ReportUseAsync(environment.Call(settings: settings), environment.InUseCredential, default);
        Assert.Equal(Use.CannotTell, report.Use);
    }

    [Fact]
    public async Task An_account_that_is_open_at_one_replica_is_open()
    {
        await using var environment = new SqlServerEnvironment(2);
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);

        environment.Worlds[1].Logins[SqlServerEnvironment.Idle].IsDisabled = false;

        var report = await Provider.LookAsync(environment.Call(), environment.Credential, default);
        Assert.Equal((AccountState.Open, "ALTER LOGIN [orders]]'b] DISABLE;"), (report.State, report.Lock));
    }
}
