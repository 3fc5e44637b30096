using System.Collections.Concurrent;
using MySqlConnector;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Clients, lost answers and a server that dies, with two users in turn at a real MariaDB.</summary>
[Collection(MariaDbTestGroup.Name)]
public sealed class MySqlUsersFaultTests(MariaDbFixture fixture)
{
    private static readonly MySqlUsersProvider Provider = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private MariaDbServer Server => fixture.Server;

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
    public async Task A_statement_that_may_still_wait_at_the_server_is_not_sent_again_beside_it()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        using var value = SecretValue.FromText("waits-0123456789abcdef");
        await using (var stale = await Server.ConnectAsync(MariaDbServer.AdminUser, Server.AdminPassword))
        {
            await using var hold = new MySqlCommand($"SELECT GET_LOCK('{MySqlSession.LockOf(environment.Idle)}', 0)", stale);
            Assert.Equal(1L, Convert.ToInt64(await hold.ExecuteScalarAsync(), null));

            var beside = await Provider.ApplyAsync(environment.Call(), environment.Credential, value, null, default);

            Assert.Equal(StepOutcomeKind.RetryLater, beside.Kind);
            Assert.Contains("is at work on", beside.Reason, StringComparison.Ordinal);
        }

        Assert.True((await Provider.ApplyAsync(environment.Call(), environment.Credential, value, null, default)).Succeeded);
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
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.Credential, "lost-0123456789abcdef"));
        Assert.True((await Provider.RevokeAsync(environment.Call(2, settings), environment.InUseCredential, default)).Succeeded);
        Assert.Equal(Validity.Invalid, await environment.TryAsync(environment.InUseCredential, MySqlUsersEnvironment.InUsePassword));
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_step_is_asked_again_and_a_lock_outlives_it()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        Task<StepOutcome> applying;
        await using (var holder = await RootAsync())
        {
            await using var hold = new MySqlCommand("FLUSH TABLES WITH READ LOCK", holder);
            await hold.ExecuteNonQueryAsync();
            applying = environment.ApplyAsync("dying-0123456789abcdef");
            while ((await Server.AskAsync(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER USER%' AND STATE LIKE '%lock%'")).Count == 0)
            {
                Assert.False(applying.IsCompleted, "The change was not held.");
            }

            await Server.StopAsync();
        }

        var (cut, away) = (await applying, await environment.ApplyAsync("dying-0123456789abcdef"));
        await Server.LaunchAsync();
        Assert.Equal((StepOutcomeKind.Unknown, StepOutcomeKind.RetryLater), (cut.Kind, away.Kind));
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
        Assert.Equal((StepOutcomeKind.Done, null), Told(await environment.ApplyAsync("dying-0123456789abcdef")));
        await Server.StopAsync();
        await Server.LaunchAsync();
        Assert.Equal(Validity.Valid, await environment.TryAsync(environment.Credential, "dying-0123456789abcdef"));
        await Provider.RevokeAsync(environment.Call(), environment.Credential, default);
        await Server.StopAsync();
        await Server.LaunchAsync();
        Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), environment.Credential, default)).State);
    }

    [Fact]
    public async Task Nobody_who_logs_in_with_the_published_value_is_refused_in_twenty_turns()
    {
        await using var environment = await MySqlUsersEnvironment.StartAsync(fixture);
        // One reference: user and password are read together.
        var published = Tuple.Create(environment.Used, MySqlUsersEnvironment.InUsePassword);
        using var stop = new CancellationTokenSource();
        var refused = new ConcurrentQueue<string>();
        var logins = new int[3];
        var clients = Enumerable.Range(0, logins.Length).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (user, password) = published;
                try
                {
                    await using var connection = await Server.ConnectAsync(user, password);
                    await connection.ChangeDatabaseAsync(environment.Database);
                }
                catch (MySqlException failure)
                {
                    refused.Enqueue($"{user}: {failure.Message}");
                }

                Interlocked.Increment(ref logins[client]);
            }
        })).ToList();

        for (var turn = 0; turn < 20; turn++)
        {
            var old = published.Item1;
            var idle = turn % 2 == 0 ? environment.Idle : environment.Used;
            Assert.Equal(AccountState.Locked, (await Provider.LookAsync(environment.Call(), new(idle, idle, null), default)).State);
            var text = $"turn-{turn}-{Guid.NewGuid():N}";
            using var value = SecretValue.FromText(text);
            Assert.True((await Provider.ApplyAsync(environment.Call(), new(idle, idle, null), value, null, default)).Succeeded);
            published = Tuple.Create(idle, text);
            // Whoever read the old value has begun a login with it; the grace period is for them.
            var seen = (int[])logins.Clone();
            Assert.True(
                SpinWait.SpinUntil(() => seen.Index().All(one => Volatile.Read(ref logins[one.Index]) > one.Item + 1), Patience),
                $"A client is stuck: {string.Join(' ', logins)}. {string.Join(' ', refused)}");
            Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), new(old, old, null), default)).Kind);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(refused.IsEmpty, string.Join('\n', refused.Take(5)));
        Assert.True(logins.Sum() > 100, $"{logins.Sum()} logins");
    }

    private async Task<MySqlConnection> RootAsync()
    {
        await Server.RunAsync(
            "CREATE OR REPLACE USER boss@'127.0.0.1' IDENTIFIED BY 'boss-0123456789'",
            "GRANT ALL ON *.* TO boss@'127.0.0.1'");
        return await Server.ConnectAsync("boss", "boss-0123456789");
    }

    private static (StepOutcomeKind Kind, string? Reason) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);
}
