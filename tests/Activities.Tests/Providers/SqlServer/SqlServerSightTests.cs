using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>What is seen at a server: who uses a login, and in what the two differ.</summary>
public sealed class SqlServerSightTests
{
    private static readonly SqlServerProvider Provider = new();

    [Fact]
    public async Task Open_sessions_are_the_evidence_and_live_on_after_the_revoke()
    {
        await using var environment = new SqlServerEnvironment();
        Assert.Equal(Use.NotUsed, (await SqlServerTests.UseAsync(environment)).Use);
        await using var client = await SqlServerTests.LoggedInAsync(environment.World);

        var report = await SqlServerTests.UseAsync(environment);
        Assert.Equal(Use.InUse, report.Use);
        Assert.Contains("1 open session(s) of orders_a, by orders-api", report.Detail);
        var revoked = await Provider.RevokeAsync(environment.Call(), environment.InUseCredential, default);

        Assert.Equal((StepOutcomeKind.Done, "1"), (revoked.Kind, revoked.Facts!["sessions still open"]));
        Assert.Equal(Use.InUse, (await SqlServerTests.UseAsync(environment)).Use);
    }

    [Fact]
    public async Task Without_the_right_to_see_other_sessions_nothing_is_told_of_them()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Logins[SqlServerEnvironment.Own].Rights.RemoveAll(right => right[2] == "VIEW SERVER STATE");
        await using var client = await SqlServerTests.LoggedInAsync(environment.World);

        var report = await SqlServerTests.UseAsync(environment);

        Assert.Equal(Use.CannotTell, report.Use);
        Assert.Contains("GRANT VIEW SERVER STATE TO [rotunda];", report.Detail);
        Assert.Equal(
            StepOutcomeKind.Rejected,
            (await Provider.ValidateAsync(environment.Call(settings: environment.With("endSessions", true)), default)).Kind);
    }

    [Fact]
    public async Task Sessions_are_ended_where_that_is_wanted_also_if_a_first_attempt_came_no_further_than_the_lock()
    {
        await using var environment = new SqlServerEnvironment();
        var call = environment.Call(settings: environment.With("endSessions", true));
        Assert.Equal(StepOutcomeKind.Done, (await Provider.ValidateAsync(call, default)).Kind);
        await using var client = await SqlServerTests.LoggedInAsync(environment.World);
        environment.World.Refuse = ("IF EXISTS", 6102, 16);

        Assert.Equal(StepOutcomeKind.RetryLater, (await Provider.RevokeAsync(call, environment.InUseCredential, default)).Kind);
        environment.World.Refuse = null;
        var revoked = await Provider.RevokeAsync(call, environment.InUseCredential, default);

        Assert.Equal((StepOutcomeKind.Done, "1", "0"), (revoked.Kind, revoked.Facts!["sessions ended"], revoked.Facts["sessions still "
            + "open"]));
    }

    /// <summary>A database may hold a user of the login's name, who is somebody else.</summary>
    [Fact]
    public async Task Sessions_of_another_of_the_same_name_are_neither_evidence_nor_ended()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Databases["stock"] = new("stock");
        environment.World.Databases["stock"].Users.Add(new(SqlServerEnvironment.Used, "0xC0C0", SqlServerEnvironment.InUsePassword));
        await using var another = await SqlServerTests.LoggedInAsync(environment.World, "stock");
        var call = environment.Call(settings: environment.With("endSessions", true));

        Assert.Equal(Use.NotUsed, (await SqlServerTests.UseAsync(environment)).Use);
        await using var client = await SqlServerTests.LoggedInAsync(environment.World);
        Assert.Contains("1 open session(s)", (await SqlServerTests.UseAsync(environment)).Detail);
        var revoked = await Provider.RevokeAsync(call, environment.InUseCredential, default);

        Assert.Equal((StepOutcomeKind.Done, "1"), (revoked.Kind, revoked.Facts!["sessions ended"]));
        Assert.Equal("stock", Assert.Single(environment.World.Server.Sessions, one => one.Login == SqlServerEnvironment.Used).Database);
    }

    [Fact]
    public async Task A_login_that_is_not_seen_is_not_taken_for_one_that_is_gone()
    {
        await using var environment = new SqlServerEnvironment();
        var call = environment.Call(settings: environment.With("user", "reader"));

        Assert.Equal(StepOutcomeKind.Rejected, (await Provider.RevokeAsync(call, environment.InUseCredential, default)).Kind);
        Assert.Equal(AccountState.CannotTell, (await Provider.LookAsync(call, environment.InUseCredential, default)).State);

        environment.World.Logins.Remove(SqlServerEnvironment.Idle);
        Assert.Equal(
            StepOutcomeKind.AlreadyDone,
            (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
    }

    [Fact]
    public async Task All_that_differs_is_told_at_once_with_what_mends_it()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Logins[SqlServerEnvironment.Used].Rights.Add(["permission", "GRANT_WITH_GRANT_OPTION", "ALTER TRACE", ""]);
        environment.Orders(SqlServerEnvironment.Used).Rights.AddRange(
        [
            ["permission", "GRANT", "SELECT", "SCHEMA::[sales]"],
            ["permission", "DENY", "DELETE", "OBJECT::[dbo].[orders]([price])"],
            ["owner", "", "audit", "SCHEMA::[audit]"],
        ]);
        environment.World.Databases["stock"] = new("stock");
        environment.World.Databases["stock"].Users.Add(
            new(SqlServerEnvironment.Used, environment.World.Logins[SqlServerEnvironment.Used].Sid));

        var reason = (await Provider.ValidateAsync(environment.Call(), default)).Reason;

        Assert.All(
        [
            "GRANT ALTER TRACE TO [orders]]'b] WITH GRANT OPTION;",
            "GRANT SELECT ON SCHEMA::[sales] TO [orders]]'b];",
            "DENY DELETE ON OBJECT::[dbo].[orders]([price]) TO [orders]]'b];",
            "owns SCHEMA::[audit]",
            "USE [stock]; CREATE USER [orders]]'b] FOR LOGIN [orders]]'b];",
        ], text => Assert.Contains(text, reason));
    }

    [Fact]
    public async Task Only_the_databases_that_are_named_are_compared()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Databases["stock"] = new("stock");
        environment.World.Databases["stock"].Users.Add(
            new(SqlServerEnvironment.Used, environment.World.Logins[SqlServerEnvironment.Used].Sid));

        Task<StepOutcome> CheckAsync(params string[] names) => Provider.ValidateAsync(
            environment.Call(settings: environment.With("databases", new JsonArray([.. names.Select(name => (JsonNode)name)]))),
            default);

        Assert.Equal(StepOutcomeKind.Done, (await CheckAsync("orders")).Kind);
        Assert.Equal(StepOutcomeKind.Rejected, (await CheckAsync("stock")).Kind);
        Assert.Contains("no database none", (await CheckAsync("none")).Reason);
    }

    [Fact]
    public async Task A_password_that_ends_by_itself_is_warned_of()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Logins[SqlServerEnvironment.Used].Expires = true;

        var outcome = await Provider.ValidateAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        Assert.Contains("in 12 day(s)", outcome.Facts!["warning"]);
    }
}
