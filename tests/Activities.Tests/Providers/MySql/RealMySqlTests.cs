using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>One user with two passwords, at a real MySQL.</summary>
[Collection(RealMySqlTestGroup.Name)]
public sealed class RealMySqlTests(RealMySqlFixture fixture)
{
    private const string First = RealMySqlEnvironment.FirstPassword;
    private const string New = "the-new-0123456789abcdef";
    private const string Undo = "undo-apply";

    private RealMySqlServer Server => fixture.Server;

    [Fact]
    public async Task Conforms()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await ProviderConformanceSuite.RunAsync(world);
    }

    [Theory]
    [InlineData(MySqlAccount.CachingSha2)]
    [InlineData(MySqlAccount.Native)]
    public async Task Both_passwords_work_beside_each_other_and_the_way_back_makes_the_old_one_the_only_one(string plugin)
    {
        await NeedAsync(plugin);
        await using var world = await RealMySqlEnvironment.StartAsync(fixture, plugin);
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync(New, First)));
        Assert.Equal((Validity.Valid, Validity.Valid), (await world.TryAsync(New), await world.TryAsync(First)));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(New, step: Undo)));
        Assert.Equal(
            (Validity.Invalid, Validity.Valid, false),
            (await world.TryAsync(New), await world.TryAsync(First), await world.HasSecondAsync()));
        Assert.Equal((StepOutcomeKind.AlreadyDone, null), Told(await world.EndAsync(New, step: Undo)));

        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync(New, First)));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(First)));
        Assert.Equal(
            (Validity.Valid, Validity.Invalid, false),
            (await world.TryAsync(New), await world.TryAsync(First), await world.HasSecondAsync()));
    }

    /// <summary>Somebody discarded the old one meanwhile: what is left is all that anybody can log in with.</summary>
    [Fact]
    public async Task The_way_back_leaves_the_only_password()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await world.ApplyAsync(New, First);
        await Server.RunAsync($"ALTER USER {RealMySqlEnvironment.Of(world.User)} DISCARD OLD PASSWORD");

        var refused = await world.EndAsync(New, step: Undo);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains($"only one of {world.User}@%", refused.Reason);
        Assert.Equal(Validity.Valid, await world.TryAsync(New));
        await Server.RunAsync($"ALTER USER {RealMySqlEnvironment.Of(world.User)} IDENTIFIED BY '{First}' RETAIN CURRENT PASSWORD");
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(New, step: Undo)));
        Assert.Equal((Validity.Invalid, Validity.Valid), (await world.TryAsync(New), await world.TryAsync(First)));
    }

    [Fact]
    public async Task Every_printable_character_logs_in_and_no_log_holds_a_password()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture, suffix: "'\"`\\ %é;-- x");
        Assert.Equal((StepOutcomeKind.Done, null), Told(await ((IValidateSetup)world.Provider).ValidateAsync(world.Call(), default)));
        var current = First;
        foreach (var text in OddValues.Of(() => "Plain1-hidden-"))
        {
            var outcome = await world.ApplyAsync(text, current);
            Assert.Equal(
                text.All(c => c is >= ' ' and <= '~') ? (StepOutcomeKind.Done, null) : (StepOutcomeKind.NewValueNeeded, outcome.Reason),
                Told(outcome));
            if (outcome.Succeeded)
            {
                Assert.Equal((Validity.Valid, Validity.Valid), (await world.TryAsync(text), await world.TryAsync(current)));
                Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(current)));
                current = text;
            }
        }

        Assert.Contains("ALTER USER", Server.GeneralLog);
        Assert.Contains("ALTER USER", Server.BinaryLog);
        Assert.DoesNotContain("Plain1-hidden", Server.GeneralLog + Server.BinaryLog);
    }

    [Fact]
    public async Task With_and_without_TLS_a_password_is_set_and_logs_in()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        var current = First;
        foreach (var mode in new[] { "disabled", "preferred", "required", "verify-full" })
        {
            var settings = world.With(
                ("sslMode", mode), ("rootCertificate", mode == "verify-full" ? MySqlFamilyServer.AuthorityFile : null));
            Assert.Equal(
                (StepOutcomeKind.Done, null),
                Told(await ((IValidateSetup)world.Provider).ValidateAsync(world.Call(settings: settings), default)));
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync($"by-{mode}-0123456789", current, settings)));
            Assert.Equal(Validity.Valid, await world.TryAsync($"by-{mode}-0123456789", settings));
            Assert.Equal(Validity.Invalid, await world.TryAsync("another-0123456789", settings));
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(current, settings)));
            current = $"by-{mode}-0123456789";
        }
    }

    [Fact]
    public async Task A_policy_asks_for_another_value()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await Server.RunAsync("INSTALL COMPONENT 'file://component_validate_password'");
        try
        {
            var refused = await world.ApplyAsync("onlylowercaseletters", First);
            Assert.Equal(StepOutcomeKind.NewValueNeeded, refused.Kind);
            Assert.Contains("password policy", refused.Reason);
            Assert.DoesNotContain("onlylowercase", refused.Reason);
            Assert.Equal((Validity.Valid, false), (await world.TryAsync(First), await world.HasSecondAsync()));
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync("Mixed-0123456789-aB", First)));
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync("Mixed-0123456789-aB", step: Undo)));
            Assert.Equal((Validity.Valid, false), (await world.TryAsync(First), await world.HasSecondAsync()));
        }
        finally
        {
            await Server.RunAsync("UNINSTALL COMPONENT 'file://component_validate_password'");
        }
    }

    /// <summary>The old password is made the first again by its hash: a policy that refuses what was used before sees no value.</summary>
    [Fact]
    public async Task The_way_back_goes_under_a_policy_that_refuses_what_was_used_before()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await Server.RunAsync($"ALTER USER {RealMySqlEnvironment.Of(world.User)} PASSWORD HISTORY 5");
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync(New, First)));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(New, step: Undo)));
        Assert.Equal(Validity.Valid, await world.TryAsync(First));

        var again = await world.ApplyAsync(New, First);

        Assert.Equal(StepOutcomeKind.NewValueNeeded, again.Kind);
        Assert.Contains("it was used before", again.Reason);
    }

    [Fact]
    public async Task Sessions_are_ended_with_the_rights_that_the_page_names()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        var settings = world.With(("endSessions", true));
        var lacking = await ((IValidateSetup)world.Provider).ValidateAsync(world.Call(settings: settings), default);
        Assert.Contains("PROCESS", lacking.Reason);
        Assert.Contains("CONNECTION_ADMIN", lacking.Reason);
        await Server.RunAsync($"GRANT PROCESS, CONNECTION_ADMIN ON *.* TO {MySqlFamilyServer.AdminUser}@'127.0.0.1'");
        try
        {
            Assert.True((await ((IValidateSetup)world.Provider).ValidateAsync(world.Call(settings: settings), default)).Succeeded);
            await world.ApplyAsync(New, First);
            await using var client = await Server.ConnectAsync(world.User, First);
            var ended = await world.EndAsync(First, settings);
            Assert.Equal(("1", "1"), (ended.Facts!["accounts changed"], ended.Facts["sessions ended"]));
            await Assert.ThrowsAnyAsync<Exception>(() => client.ChangeDatabaseAsync(world.Database));
        }
        finally
        {
            await Server.RunAsync($"REVOKE PROCESS, CONNECTION_ADMIN ON *.* FROM {MySqlFamilyServer.AdminUser}@'127.0.0.1'");
        }
    }

    /// <summary>From 9.0 on there is no mysql_native_password.</summary>
    private async Task NeedAsync(string plugin)
    {
        var active = await Server.AskAsync(
            $"SELECT PLUGIN_NAME FROM information_schema.PLUGINS WHERE PLUGIN_NAME = '{plugin}' AND PLUGIN_STATUS = 'ACTIVE'");
        Assert.SkipWhen(active.Count == 0, $"This MySQL has no {plugin}.");
    }

    private static (StepOutcomeKind Kind, string? Reason) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);
}
