using System.Collections.Concurrent;
using MySqlConnector;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Two users in turn, at a real MySQL.</summary>
[Collection(RealMySqlTestGroup.Name)]
public sealed class RealMySqlUsersTests(RealMySqlFixture fixture)
{
    private static readonly MySqlUsersProvider Provider = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RealMySqlServer Server => fixture.Server;

    [Fact]
    public async Task Conforms()
    {
        await using var world = await MySqlUsersEnvironment.StartAsync(fixture);
        await ProviderConformanceSuite.RunAsync(world);
    }

    [Fact]
    public async Task All_that_differs_is_told_at_once_and_no_hash_with_it()
    {
        await using var world = await MySqlUsersEnvironment.StartAsync(fixture);
        var (idle, used) = (MySqlUsersEnvironment.Of(world.Idle), MySqlUsersEnvironment.Of(world.Used));
        await Server.RunAsync(
            $"CREATE ROLE `role_{world.Reader}`",
            $"GRANT `role_{world.Reader}` TO {used}",
            $"SET DEFAULT ROLE `role_{world.Reader}` TO {used}",
            $"GRANT UPDATE ON `{world.Database}`.* TO {idle} WITH GRANT OPTION",
            $"GRANT CONNECTION_ADMIN ON *.* TO {used}",
            $"ALTER USER {used} REQUIRE SSL WITH MAX_USER_CONNECTIONS 7");

        var reason = (await Provider.ValidateAsync(world.Call(), default)).Reason!;

        Assert.Contains($"GRANT `role_{world.Reader}`@`%` TO {idle}", reason);
        Assert.Contains("UPDATE", reason);
        Assert.Contains($"GRANT CONNECTION_ADMIN ON *.* TO {idle}", reason);
        Assert.Contains($"ssl_type is not set for {world.Idle}@% and ANY for {world.Used}@%", reason);
        Assert.Contains($"max_user_connections is 0 for {world.Idle}@% and 7 for", reason);
        Assert.Contains($"default_role is not set for {world.Idle}@% and role_{world.Reader}@% for", reason);
        Assert.DoesNotContain("$A$", reason);
    }

    [Fact]
    public async Task Nobody_who_logs_in_with_the_published_value_is_refused_in_four_turns()
    {
        await using var world = await MySqlUsersEnvironment.StartAsync(fixture);
        var published = Tuple.Create(world.Used, MySqlUsersEnvironment.InUsePassword);
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
                    await connection.ChangeDatabaseAsync(world.Database);
                }
                catch (MySqlException failure)
                {
                    refused.Enqueue($"{user}: {failure.Message}");
                }

                Interlocked.Increment(ref logins[client]);
            }
        })).ToList();

        for (var turn = 0; turn < 4; turn++)
        {
            var (old, idle) = (published.Item1, turn % 2 == 0 ? world.Idle : world.Used);
            Assert.Equal(AccountState.Locked, (await Provider.LookAsync(world.Call(), new(idle, idle, null), default)).State);
            var text = $"turn-{turn}-{Guid.NewGuid():N}";
            using var value = SecretValue.FromText(text);
            var set = await Provider.ApplyAsync(world.Call(), new(idle, idle, null), value, null, default);
            Assert.Equal((StepOutcomeKind.Done, null), (set.Kind, set.Reason));
            published = Tuple.Create(idle, text);
            var seen = (int[])logins.Clone();
            Assert.True(
                SpinWait.SpinUntil(() => seen.Index().All(one => Volatile.Read(ref logins[one.Index]) > one.Item + 1), Patience),
                $"A client is stuck: {string.Join(' ', logins)}. {string.Join(' ', refused)}");
            Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(world.Call(), new(old, old, null), default)).Kind);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(refused.IsEmpty, string.Join('\n', refused.Take(5)));
    }
}
