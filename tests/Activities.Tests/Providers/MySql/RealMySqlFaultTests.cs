using System.Collections.Concurrent;
using MySqlConnector;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Clients, lost answers and a server that dies, with one user and two passwords at a real MySQL.</summary>
[Collection(RealMySqlTestGroup.Name)]
public sealed class RealMySqlFaultTests(RealMySqlFixture fixture)
{
    private const string First = RealMySqlEnvironment.FirstPassword;
    private const string New = "the-new-0123456789abcdef";
    private const string Undo = "undo-apply";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RealMySqlServer Server => fixture.Server;

    [Theory]
    [InlineData("RETAIN CURRENT PASSWORD", false)]
    [InlineData("AS 0x", true)]
    [InlineData("DISCARD OLD PASSWORD", true)]
    public async Task A_step_whose_answer_is_lost_is_looked_into_and_gone_to_its_end(string statement, bool isWayBack)
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        if (isWayBack)
        {
            await world.ApplyAsync(New, First);
        }

        await using var proxy = new CutProxy(Server.Port) { CutAfter = statement };
        var settings = world.With(("port", proxy.Port), ("sslMode", "disabled"));
        var cut = isWayBack ? await world.EndAsync(New, settings, Undo) : await world.ApplyAsync(New, First, settings);
        Assert.False(cut.Succeeded);
        Assert.NotEqual(StepOutcomeKind.Rejected, cut.Kind);
        Assert.DoesNotContain(New, cut.Reason);
        Assert.Equal(Validity.Valid, await world.TryAsync(First));

        proxy.CutAfter = null;
        var again = isWayBack ? await world.EndAsync(New, settings, Undo) : await world.ApplyAsync(New, First, settings);
        Assert.True(again.Succeeded, again.Reason);
        Assert.Equal(
            (isWayBack ? Validity.Invalid : Validity.Valid, Validity.Valid, !isWayBack),
            (await world.TryAsync(New), await world.TryAsync(First), await world.HasSecondAsync()));
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_step_is_asked_again()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await Server.RunAsync(
            "CREATE USER boss@'127.0.0.1' IDENTIFIED BY 'boss-0123456789'", "GRANT ALL ON *.* TO boss@'127.0.0.1'");
        Task<StepOutcome> applying;
        await using (var holder = await Server.ConnectAsync("boss", "boss-0123456789"))
        {
            await using var hold = new MySqlCommand("FLUSH TABLES WITH READ LOCK", holder);
            await hold.ExecuteNonQueryAsync();
            applying = world.ApplyAsync(New, First);
            while ((await Server.AskAsync(
                "SELECT ID FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER USER%' AND STATE LIKE '%lock%'")).Count == 0)
            {
                Assert.False(applying.IsCompleted, "The change was not held.");
            }

            await Server.StopAsync();
        }

        var (cut, away) = (await applying, await world.ApplyAsync(New, First));
        await Server.LaunchAsync();
        Assert.Equal((StepOutcomeKind.Unknown, StepOutcomeKind.RetryLater), (cut.Kind, away.Kind));
        Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync(New, First)));
        Assert.Equal((Validity.Valid, Validity.Valid), (await world.TryAsync(New), await world.TryAsync(First)));
    }

    [Fact]
    public async Task A_user_that_is_blocked_after_failed_logins_is_told_as_such_and_says_nothing_of_the_value()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        await Server.RunAsync($"ALTER USER {RealMySqlEnvironment.Of(world.User)} FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1");
        await world.TryAsync("another-0123456789");
        using var value = SecretValue.FromText(First);

        var blocked = await ((IVerifyCredentials)world.Provider).VerifyAsync(world.Call(), world.Credential, value, default);

        Assert.Equal(Validity.CannotTell, blocked.Validity);
        Assert.Contains("after failed logins", blocked.Detail);
        await Server.RunAsync($"ALTER USER {RealMySqlEnvironment.Of(world.User)} ACCOUNT UNLOCK");
        Assert.Equal(Validity.Valid, await world.TryAsync(First));
    }

    [Fact]
    public async Task Nobody_who_logs_in_with_the_published_value_is_refused_in_six_turns()
    {
        await using var world = await RealMySqlEnvironment.StartAsync(fixture);
        var published = First;
        using var stop = new CancellationTokenSource();
        var refused = new ConcurrentQueue<string>();
        var logins = new int[3];
        var clients = Enumerable.Range(0, logins.Length).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await using var connection = await Server.ConnectAsync(world.User, published);
                    await connection.ChangeDatabaseAsync(world.Database);
                }
                catch (MySqlException failure)
                {
                    refused.Enqueue(failure.Message);
                }

                Interlocked.Increment(ref logins[client]);
            }
        })).ToList();

        for (var turn = 0; turn < 6; turn++)
        {
            var (old, text) = (published, $"turn-{turn}-{Guid.NewGuid():N}");
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.ApplyAsync(text, old)));
            if (turn % 3 == 2)
            {
                Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(text, step: Undo)));
                continue;
            }

            published = text;
            // Whoever read the old value has begun a login with it; the grace period is for them.
            var seen = (int[])logins.Clone();
            Assert.True(
                SpinWait.SpinUntil(() => seen.Index().All(one => Volatile.Read(ref logins[one.Index]) > one.Item + 1), Patience),
                $"A client is stuck: {string.Join(' ', logins)}. {string.Join(' ', refused)}");
            Assert.Equal((StepOutcomeKind.Done, null), Told(await world.EndAsync(old)));
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(refused.IsEmpty, string.Join('\n', refused.Take(5)));
        Assert.True(logins.Sum() > 20, $"{logins.Sum()} logins");
    }

    private static (StepOutcomeKind Kind, string? Reason) Told(StepOutcome outcome) => (outcome.Kind, outcome.Reason);
}
