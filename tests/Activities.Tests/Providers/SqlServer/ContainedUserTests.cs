using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>Users that a database holds itself, as at Azure SQL Database.</summary>
public sealed class ContainedUserTests
{
    private const string New = "New-0123456789abcdef";
    private static readonly SqlServerProvider Provider = new();

    [Fact]
    public async Task Conforms()
    {
        await using var environment = new ContainedUsersEnvironment();
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task The_retired_user_gets_a_password_that_nobody_knows()
    {
        await using var environment = new ContainedUsersEnvironment();

        var outcome = await Provider.RevokeAsync(environment.Call(), environment.InUseCredential, default);

        Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        Assert.Equal(["ALTER USER [orders_a] WITH PASSWORD = N'…';"], environment.World.ChangesSoFar());
        Assert.Equal(
            Validity.Invalid,
            await SqlServerTests.TryAsync(environment, environment.InUseCredential, SqlServerEnvironment.InUsePassword));
        Assert.Equal(AccountState.CannotTell, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
    }

    [Fact]
    public async Task Logins_of_the_service_are_refused_with_what_to_take_instead()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Edition = 5;

        var outcome = await Provider.ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("kind: contained-user", outcome.Reason);
    }

    [Fact]
    public async Task The_evidence_and_the_end_of_sessions_go_by_the_rights_of_the_database()
    {
        await using var environment = new ContainedUsersEnvironment();
        var call = environment.Call(settings: environment.With("endSessions", true));
        Assert.Equal(StepOutcomeKind.Done, (await Provider.ValidateAsync(call, default)).Kind);
        await using var client = await SqlServerTests.LoggedInAsync(environment.World);
        Assert.Equal(Use.InUse, (await SqlServerTests.UseAsync(environment)).Use);

        environment.Orders(SqlServerEnvironment.Own).Rights.RemoveAll(right => right[2] == "VIEW DATABASE STATE");
        var report = await SqlServerTests.UseAsync(environment);
        Assert.Equal(Use.CannotTell, report.Use);
        Assert.Contains("GRANT VIEW DATABASE STATE TO [rotunda];", report.Detail);
        var refused = await Provider.ValidateAsync(call, default);
        Assert.Contains("GRANT KILL DATABASE CONNECTION TO [rotunda];", refused.Reason);

        environment.Mend();
        var revoked = await Provider.RevokeAsync(call, environment.InUseCredential, default);
        Assert.Equal("1", revoked.Facts!["sessions ended"]);
    }

    /// <summary>A copy of the database has users of the same names and SIDs, and a login may have the name too.</summary>
    [Fact]
    public async Task Sessions_that_another_database_or_the_server_let_in_are_neither_evidence_nor_ended()
    {
        await using var environment = new ContainedUsersEnvironment();
        environment.World.Databases["copy"] = new("copy");
        environment.World.Databases["copy"].Users.Add(new(SqlServerEnvironment.Used, "0xA0A0", SqlServerEnvironment.InUsePassword));
        environment.World.Logins[SqlServerEnvironment.Used] =
            new(SqlServerEnvironment.Used, SqlServerEnvironment.InUsePassword, "0xD0D0");
        await using var ofTheCopy = await SqlServerTests.LoggedInAsync(environment.World, "copy");
        await using var ofTheServer = await SqlServerTests.LoggedInAsync(environment.World, "master");
        var call = environment.Call(settings: environment.With("endSessions", true));

        Assert.Equal(Use.NotUsed, (await SqlServerTests.UseAsync(environment)).Use);
        var revoked = await Provider.RevokeAsync(call, environment.InUseCredential, default);

        Assert.Equal("0", revoked.Facts!["sessions ended"]);
        Assert.Equal(2, environment.World.Server.Sessions.Count(one => one.Login == SqlServerEnvironment.Used));
    }

    [Theory]
    [InlineData(40630, StepOutcomeKind.Rejected)]
    [InlineData(40632, StepOutcomeKind.NewValueNeeded)]
    public async Task A_policy_that_refuses_leaves_the_user_as_it_was(int number, StepOutcomeKind kind)
    {
        await using var environment = new ContainedUsersEnvironment();
        environment.World.Policy = _ => number;

        Assert.Equal(kind, (await SqlServerTests.ApplyAsync(environment, environment.Call(), New)).Kind);
        Assert.Equal("nobody-s-0123456789", environment.Orders(SqlServerEnvironment.Idle).Password);
    }

    [Fact]
    public async Task A_lost_answer_is_not_known_and_repeated()
    {
        await using var environment = new ContainedUsersEnvironment();
        environment.World.LoseAnswerOf = "ALTER USER";
        Assert.Equal(StepOutcomeKind.Unknown, (await SqlServerTests.ApplyAsync(environment, environment.Call(), New)).Kind);
        environment.World.LoseAnswerOf = null;

        Assert.Equal(StepOutcomeKind.Done, (await SqlServerTests.ApplyAsync(environment, environment.Call(2), New)).Kind);
        Assert.Equal(Validity.Valid, await SqlServerTests.TryAsync(environment, environment.Credential, New));
        Assert.Single(environment.World.ChangesSoFar());
    }
}
