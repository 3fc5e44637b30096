using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Two users in turn, at a real MariaDB.</summary>
[Collection(MariaDbTestGroup.Name)]
public sealed class MySqlUsersTests(MariaDbFixture fixture)
{
    private const string Checker = "simple_password_check";
    private static readonly MySqlUsersProvider Provider = new();

    private MariaDbServer Server => fixture.Server;

    [Fact]
    public async Task Where_applications_log_in_is_looked_at_before_anything_is_changed()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var outcome = await Provider.ValidateAsync(
            environment.Call(settings: environment.With(("verifyAt", new JsonArray("127.0.0.1:1")))), default);
        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("could be tried at 127.0.0.1:1 (", outcome.Reason);
        Assert.Contains("It is in 'verifyAt'.", outcome.Reason);
    }

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
        var before = (await environment.StateAsync()).Split('\n')
            .Single(line => line.StartsWith(environment.Used + " ", StringComparison.Ordinal));

        Assert.Equal((StepOutcomeKind.Done, null), Told(await environment.ApplyAsync("new-0123456789")));

        Assert.Contains(before, await environment.StateAsync());
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.Credential, "new-0123456789"));
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await Provider.RevokeAsync(environment.Call(), environment.Credential, default)));
        Assert.Equal(Validity.Invalid, await environment.TryAsync(environment.Credential, "new-0123456789"));
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
        // The lock is not all: who takes it away does not bring the value back.
        await Server.RunAsync($"ALTER USER {MySqlUsersEnvironment.Of(environment.Idle)} ACCOUNT UNLOCK");
        Assert.Equal(Validity.Invalid, await environment.TryAsync(environment.Credential, "new-0123456789"));
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
        Assert.Equal(Validity.CannotTell, await environment.TryAsync(reader, "new-0123456789"));
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
                var outcome = await environment.ApplyAsync(text);
                Assert.Equal(
                    text.All(c => c is >= ' ' and <= '~') ? (StepOutcomeKind.Done, null) : (StepOutcomeKind.NewValueNeeded, outcome.Reason),
                    Told(outcome));
                if (outcome.Succeeded)
                {
                    Assert.Equal(Validity.Valid, await environment.TryAsync(environment.Credential, text));
                }
            }

            Assert.Equal(StepOutcomeKind.NewValueNeeded, (await environment.ApplyAsync("")).Kind);
            var ended = await Provider.RevokeAsync(environment.Call(), environment.Credential, default);
            Assert.Equal((StepOutcomeKind.Done, null), Told(ended));
            Assert.Equal(Validity.Valid, await environment.TryAsync(environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
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
        await environment.ApplyAsync("Hidden-0123456789");
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
            await environment.ApplyAsync("Seen-0123456789");
            Assert.Contains("Seen-0123456789", Server.GeneralLog);
            Assert.Contains("Seen-0123456789", Server.BinaryLog);

            var refused = await environment.ApplyAsync("onlylowercase");
            Assert.Equal((StepOutcomeKind.NewValueNeeded, refused.Reason), Told(refused));
            Assert.Contains("password policy", refused.Reason);
            Assert.DoesNotContain("onlylowercase", refused.Reason);
            Assert.Equal(Validity.Valid, await environment.TryAsync(environment.Credential, "Seen-0123456789"));
            // Even where no password is good enough, the lock is.
            await Server.RunAsync("SET GLOBAL simple_password_check_minimal_length = 200");
            Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
            Assert.Equal(Validity.Invalid, await environment.TryAsync(environment.Credential, "Seen-0123456789"));
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
    public async Task One_user_with_two_passwords_is_refused_at_MariaDB_with_a_way_out()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        var settings = environment.With(("accounts", null), ("account", environment.Used));
        var outcome = await new MySqlPasswordProvider().ValidateAsync(environment.Call(settings: settings), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("MariaDB 10", outcome.Reason);
        Assert.Contains("type: mysql-users", outcome.Reason);
        using var value = SecretValue.FromText("new-0123456789");
        var applied = await new MySqlPasswordProvider()
            .ApplyAsync(environment.Call(settings: settings), new(null, null, null), value, null, default);
        Assert.Equal(StepOutcomeKind.Rejected, applied.Kind);
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
    }

    [Fact]
    public async Task A_user_of_ed25519_is_refused_and_keeps_it()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        await Server.RunAsync(
            "INSTALL SONAME 'auth_ed25519'",
            $"ALTER USER {MySqlUsersEnvironment.Of(environment.Idle)} IDENTIFIED VIA ed25519 USING PASSWORD('x')");
        try
        {
            var before = await environment.StateAsync();
            var reason = (await Provider.ValidateAsync(environment.Call(), default)).Reason!;
            Assert.Contains($"{environment.Idle}@% logs in by ed25519", reason);
            Assert.Contains("Give it mysql_native_password alone", reason);
            Assert.Equal(StepOutcomeKind.Rejected, (await environment.ApplyAsync("new-0123456789")).Kind);
            Assert.Equal(StepOutcomeKind.Rejected, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
            Assert.Equal(before, await environment.StateAsync());
        }
        finally
        {
            await environment.RemoveCredentialAsync();
            await Server.RunAsync("UNINSTALL SONAME 'auth_ed25519'");
        }
    }

    private async Task<string> HashOfAsync(string user) => (await HashesAsync(user))[0];

    private Task<IReadOnlyList<string>> HashesAsync(string user) =>
        Server.AskAsync($"SELECT authentication_string FROM mysql.user WHERE User = '{user}'");

    private static (StepOutcomeKind Kind, string? Reason) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);

    /// <returns>Whether it was warned of what was expected, and of nothing else.</returns>
    private static (StepOutcomeKind Kind, bool AsExpected) Told(StepOutcome outcome, bool warned) =>
        (outcome.Kind, (outcome.Facts?.ContainsKey("warning") == true) == warned);
}
