using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Two users in turn, at a real MariaDB.</summary>
public sealed class MySqlUsersTests(MariaDbFixture fixture) : IClassFixture<MariaDbFixture>
{
    private const string Checker = "simple_password_check";
    private static readonly MySqlUsersProvider Provider = new();

    private MariaDbServer Server => fixture.Server;

    [Fact]
    public async Task Conforms()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task A_new_password_leaves_the_user_in_use_alone_and_the_way_back_locks_the_idle_one()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var before = (await environment.StateAsync()).Split('\n').Single(line => line.StartsWith(environment.Used, StringComparison.Ordinal));

        Assert.Equal((StepOutcomeKind.Done, null), Told(await ApplyAsync(environment, "new-0123456789")));

        Assert.Contains(before, await environment.StateAsync());
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, "new-0123456789"));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.RevokeAsync(environment.Call(), environment.Credential, default)));
        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, "new-0123456789"));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
        // The lock is not all: who takes it away does not bring the value back.
        await Server.RunAsync($"ALTER USER {MySqlUsersEnvironment.Of(environment.Idle)} ACCOUNT UNLOCK");
        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, "new-0123456789"));
    }

    [Fact]
    public async Task Another_user_is_refused()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var reader = new CredentialHandle(environment.Reader, environment.Reader, null);
        using var value = SecretValue.FromText("new-0123456789");

        Assert.Equal(
            (StepOutcomeKind.Rejected, StepOutcomeKind.Rejected),
            ((await Provider.ApplyAsync(environment.Call(), reader, value, null, default)).Kind,
                (await Provider.RevokeAsync(environment.Call(), reader, default)).Kind));
        Assert.Equal(AccountState.CannotTell, (await Provider.LookAsync(environment.Call(), reader, default)).State);
        Assert.Equal(Validity.CannotTell, await TryAsync(environment, reader, "new-0123456789"));
    }

    [Theory]
    [InlineData("env:URL")]
    [InlineData("env:WORDS")]
    public async Task The_connection_can_be_an_address_or_words(string connection)
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var settings = environment.With(("connection", connection), ("host", null), ("user", null), ("password", null));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.ValidateAsync(environment.Call(settings: settings), default)));
        settings["sslMode"] = "verify-full";
        settings["rootCertificate"] = MariaDbServer.AuthorityFile;
        Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.ValidateAsync(environment.Call(settings: settings), default)));
    }

    /// <summary>With hashes and with the password itself in the statement, whatever the server takes for a quote or an escape.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("NO_BACKSLASH_ESCAPES,ANSI_QUOTES", false)]
    [InlineData("", true)]
    [InlineData("NO_BACKSLASH_ESCAPES,ANSI_QUOTES", true)]
    public async Task Every_printable_character_logs_in_and_every_name_is_exact(string mode, bool withChecker)
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture, suffix: "'\"`\\ %é;-- x");
        var before = (await Server.AskAsync("SELECT @@GLOBAL.sql_mode"))[0];
        await Server.RunAsync($"SET GLOBAL sql_mode = '{mode}'");
        try
        {
            if (withChecker)
            {
                await Server.RunAsync($"INSTALL SONAME '{Checker}'");
            }

            Assert.Equal((StepOutcomeKind.Done, true), Told(await Provider.ValidateAsync(environment.Call(), default), withChecker));
            foreach (var text in OddValues.Of(() => "Plain1-"))
            {
                var outcome = await ApplyAsync(environment, text);
                Assert.Equal(
                    text.All(c => c is >= ' ' and <= '~') ? (StepOutcomeKind.Done, null) : (StepOutcomeKind.NewValueNeeded, outcome.Reason),
                    Told(outcome));
                if (outcome.Succeeded)
                {
                    Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, text));
                }
            }

            Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment, "")).Kind);
            Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.RevokeAsync(environment.Call(), environment.Credential, default)));
            Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
        }
        finally
        {
            await Server.RunAsync($"SET GLOBAL sql_mode = '{before}'", $"UNINSTALL SONAME IF EXISTS '{Checker}'");
        }
    }

    [Fact]
    public async Task No_log_holds_a_password_until_a_plugin_has_to_see_it_and_the_check_says_so()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        Assert.Null((await Provider.ValidateAsync(environment.Call(), default)).Facts?.GetValueOrDefault("warning"));
        await ApplyAsync(environment, "Hidden-0123456789");
        Assert.Contains("ALTER USER", Server.GeneralLog);
        Assert.Contains("ALTER USER", Server.BinaryLog);
        Assert.DoesNotContain("Hidden-0123456789", Server.GeneralLog + Server.BinaryLog);

        await Server.RunAsync($"INSTALL SONAME '{Checker}'");
        try
        {
            var warning = (await Provider.ValidateAsync(environment.Call(), default)).Facts!["warning"];
            Assert.Contains($"{Checker} has to see each new password", warning);
            Assert.Contains("its general log and its binary log", warning);
            // Without TLS over a network it would be read on the way, too.
            var settings = environment.With(("sslMode", "disabled"));
            Assert.True((await Provider.ValidateAsync(environment.Call(settings: settings), default)).Succeeded);
            await ApplyAsync(environment, "Seen-0123456789");
            Assert.Contains("Seen-0123456789", Server.GeneralLog);
            Assert.Contains("Seen-0123456789", Server.BinaryLog);

            var refused = await ApplyAsync(environment, "onlylowercase");
            Assert.Equal((StepOutcomeKind.NewValueNeeded, refused.Reason), Told(refused));
            Assert.Contains("password policy", refused.Reason);
            Assert.DoesNotContain("onlylowercase", refused.Reason);
            Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, "Seen-0123456789"));
            // Even where no password is good enough, the lock is.
            await Server.RunAsync("SET GLOBAL simple_password_check_minimal_length = 200");
            Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
            Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, "Seen-0123456789"));
        }
        finally
        {
            await Server.RunAsync($"UNINSTALL SONAME IF EXISTS '{Checker}'");
        }
    }

    [Fact]
    public async Task All_that_differs_is_told_at_once_and_no_hash_with_it()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var (idle, used) = (MySqlUsersEnvironment.Of(environment.Idle), MySqlUsersEnvironment.Of(environment.Used));
        await Server.RunAsync(
            $"CREATE ROLE `role_{environment.Reader}`",
            $"GRANT `role_{environment.Reader}` TO {used}",
            $"SET DEFAULT ROLE `role_{environment.Reader}` FOR {used}",
            $"GRANT UPDATE ON `{environment.Database}`.* TO {idle} WITH GRANT OPTION",
            $"ALTER USER {used} REQUIRE SSL WITH MAX_USER_CONNECTIONS 7");

        var reason = (await Provider.ValidateAsync(environment.Call(), default)).Reason!;

        Assert.Contains($"GRANT `role_{environment.Reader}` TO {idle}", reason);
        Assert.Contains("UPDATE", reason);
        Assert.Contains($"ssl_type is not set for {environment.Idle}@% and ANY for {environment.Used}@%", reason);
        Assert.Contains($"max_user_connections is 0 for {environment.Idle}@% and 7 for", reason);
        Assert.Contains($"default_role is not set for {environment.Idle}@% and role_{environment.Reader} for", reason);
        Assert.DoesNotContain("PASSWORD '", reason);
        Assert.DoesNotContain(await HashOfAsync(environment.Used), reason);
        Assert.DoesNotContain(await HashOfAsync(environment.Idle), reason);
    }

    [Fact]
    public async Task Each_host_of_a_user_gets_the_password_and_is_locked_and_none_is_left_out()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture, null, "", "127.0.0.1", "10.%");
        var unnamed = await Provider.ValidateAsync(environment.Call(), default);
        Assert.Contains("no account", unnamed.Reason);
        Assert.Contains("at other hosts, too: 10.%, 127.0.0.1", unnamed.Reason);
        var outside = await Provider.ValidateAsync(environment.Call(settings: environment.With(("hosts", new JsonArray("10.%")))), default);
        Assert.Contains("sees Rotunda come from 127.0.0.1", outside.Reason);

        var settings = environment.With(("hosts", new JsonArray("127.0.0.1", "10.%")));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.ValidateAsync(environment.Call(settings: settings), default)));
        using var value = SecretValue.FromText("for-both-0123456789");
        Assert.Equal(
            (StepOutcomeKind.Done, null),
            Told(await Provider.ApplyAsync(environment.Call(settings: settings), environment.Credential, value, null, default)));
        Assert.Single((await HashesAsync(environment.Idle)).Distinct());
        Assert.Equal([MySqlHashes.Native(value), MySqlHashes.Native(value)], await HashesAsync(environment.Idle));
        Assert.Equal(
            Validity.Valid,
            (await Provider.VerifyAsync(environment.Call(settings: settings), environment.Credential, value, default)).Validity);
        await Provider.RevokeAsync(environment.Call(settings: settings), environment.Credential, default);
        Assert.Equal(2, (await Server.AskAsync(
            "SELECT Host FROM mysql.global_priv WHERE JSON_VALUE(Priv, '$.account_locked') = 1 "
                + $"AND User = '{environment.Idle}'")).Count);
    }

    [Fact]
    public async Task Who_is_connected_is_seen_and_ended_and_a_missing_right_is_no_evidence()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        Assert.Equal(Use.NotUsed, (await Provider.ReportUseAsync(environment.Call(), environment.InUseCredential, default)).Use);
        await using var client = await Server.ConnectAsync(environment.Used, MySqlUsersEnvironment.InUsePassword);

        var report = await Provider.ReportUseAsync(environment.Call(), environment.InUseCredential, default);
        Assert.Equal(Use.InUse, report.Use);
        Assert.Contains($"1 open session(s) of {environment.Used}, from 127.0.0.1.", report.Detail);
        await Server.RunAsync($"REVOKE PROCESS ON *.* FROM {MariaDbServer.AdminUser}@'127.0.0.1'");
        try
        {
            var blind = await Provider.ReportUseAsync(environment.Call(), environment.InUseCredential, default);
            Assert.Equal(Use.CannotTell, blind.Use);
            Assert.Contains("GRANT PROCESS ON *.* TO `rotunda`@`127.0.0.1`;", blind.Detail);
            var ending = await Provider.ValidateAsync(environment.Call(settings: environment.With(("endSessions", true))), default);
            Assert.Contains("may not see sessions", ending.Reason);
        }
        finally
        {
            await Server.RunAsync($"GRANT PROCESS ON *.* TO {MariaDbServer.AdminUser}@'127.0.0.1'");
        }

        var ended = await Provider.RevokeAsync(
            environment.Call(settings: environment.With(("endSessions", true))), environment.InUseCredential, default);
        Assert.Equal("1", ended.Facts!["sessions ended"]);
        await Assert.ThrowsAnyAsync<Exception>(() => client.ChangeDatabaseAsync(environment.Database));
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_not_known_and_the_next_attempt_sets_it_again()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        await using var proxy = new CutProxy(Server.Port) { CutAfter = "IDENTIFIED VIA" };
        var settings = environment.With(("port", proxy.Port), ("sslMode", "disabled"));
        using var value = SecretValue.FromText("lost-0123456789abcdef");

        var outcome = await Provider.ApplyAsync(environment.Call(settings: settings), environment.Credential, value, null, default);
        var revoked = await Provider.RevokeAsync(environment.Call(settings: settings), environment.InUseCredential, default);

        Assert.Equal((StepOutcomeKind.Unknown, StepOutcomeKind.Unknown), (outcome.Kind, revoked.Kind));
        Assert.DoesNotContain("lost-0123456789abcdef", outcome.Reason);
        proxy.CutAfter = "SHOW GRANTS";
        var before = await Provider.ApplyAsync(environment.Call(settings: settings), environment.Credential, value, null, default);
        Assert.Equal(StepOutcomeKind.RetryLater, before.Kind);
        proxy.CutAfter = null;
        Assert.Equal(
            (StepOutcomeKind.Done, null),
            Told(await Provider.ApplyAsync(environment.Call(2, settings), environment.Credential, value, null, default)));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, "lost-0123456789abcdef"));
        Assert.True((await Provider.RevokeAsync(environment.Call(2, settings), environment.InUseCredential, default)).Succeeded);
        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_step_is_asked_again_and_a_lock_outlives_it()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        Task<StepOutcome> applying;
        await using (var holder = await RootAsync())
        {
            await using var hold = new MySqlConnector.MySqlCommand("FLUSH TABLES WITH READ LOCK", holder);
            await hold.ExecuteNonQueryAsync();
            applying = ApplyAsync(environment, "dying-0123456789abcdef");
            while ((await Server.AskAsync(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER USER%' AND STATE LIKE '%lock%'")).Count == 0)
            {
                Assert.False(applying.IsCompleted, "The change was not held.");
            }

            await Server.StopAsync();
        }

        var (cut, away) = (await applying, await ApplyAsync(environment, "dying-0123456789abcdef"));
        await Server.LaunchAsync();
        Assert.Equal((StepOutcomeKind.Unknown, StepOutcomeKind.RetryLater), (cut.Kind, away.Kind));
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
        Assert.Equal((StepOutcomeKind.Done, null), Told(await ApplyAsync(environment, "dying-0123456789abcdef")));
        await Server.StopAsync();
        await Server.LaunchAsync();
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, "dying-0123456789abcdef"));
        await Provider.RevokeAsync(environment.Call(), environment.Credential, default);
        await Server.StopAsync();
        await Server.LaunchAsync();
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
    }

    private async Task<MySqlConnector.MySqlConnection> RootAsync()
    {
        await Server.RunAsync("CREATE OR REPLACE USER boss@'127.0.0.1' IDENTIFIED BY 'boss-0123456789'", "GRANT ALL ON *.* TO boss@'127.0.0.1'");
        return await Server.ConnectAsync("boss", "boss-0123456789");
    }

    private async Task<string> HashOfAsync(string user) => (await HashesAsync(user))[0];

    private Task<IReadOnlyList<string>> HashesAsync(string user) =>
        Server.AskAsync($"SELECT authentication_string FROM mysql.user WHERE User = '{user}'");

    private static (StepOutcomeKind Kind, string? Reason) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);

    /// <returns>Whether it was warned of what was expected, and of nothing else.</returns>
    private static (StepOutcomeKind Kind, bool AsExpected) Told(StepOutcome outcome, bool warned) =>
        (outcome.Kind, (outcome.Facts?.ContainsKey("warning") == true) == warned);

    private static async Task<StepOutcome> ApplyAsync(MySqlUsersEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Provider.ApplyAsync(environment.Call(), environment.Credential, value, null, default);
    }

    private static async Task<Validity> TryAsync(MySqlUsersEnvironment environment, CredentialHandle user, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await Provider.VerifyAsync(environment.Call(), user, value, default)).Validity;
    }
}
