using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>In which order a real pooler hears of its own login, whom it waits for, and what it keeps.</summary>
public sealed class PoolerReloadTests(PgBouncerFixture server) : IClassFixture<PgBouncerFixture>
{
    private const string Salt = "00112233445566778899aabbccddeeff";
    private const string Broken = "[databases]\nearly = nonsense\n";
    private readonly PoolerLoginProvider _provider = new();

    /// <summary>PgBouncer up to 1.16 reads the userlist by itself: a line that is gone before RELOAD would lock its clients out.</summary>
    [Fact]
    public async Task On_the_way_back_no_line_goes_before_the_pooler_has_the_earlier_name()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("of-the-second-0123");
        using var captured = await _provider.CaptureAsync(environment.Call(), default);
        await DeliverAsync(environment, "app_b", value);
        Assert.Equal("app_b", await UserThroughAsync(environment));

        // As if it ended right there.
        var nowhere = environment.With(new() { ["userlist"] = Path.Combine(environment.Pooler.Folder, "gone", "userlist.txt") });
        var stopped = await _provider.RestoreAsync(environment.Call(settings: nowhere), captured, default);

        Assert.False(stopped.Succeeded);
        Assert.NotEqual(StepOutcomeKind.Rejected, stopped.Kind);
        Assert.Contains("app_b", await File.ReadAllTextAsync(environment.Pooler.UserList), StringComparison.Ordinal);
        Assert.Equal("app_a", await UserThroughAsync(environment));
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RestoreAsync(environment.Call(), captured, default)).Kind);
        Assert.Equal("app_a", await UserThroughAsync(environment));
        Assert.DoesNotContain("app_b", await environment.StateAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userlist")]
    [InlineData("entry")]
    public async Task A_pooler_that_cannot_read_the_earlier_name_keeps_its_line_and_is_told_of(string kind)
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, kind);
        using var value = SecretValue.FromText("of-the-second-0123");
        using var captured = await _provider.CaptureAsync(environment.Call(), default);
        await DeliverAsync(environment, "app_b", value);
        Edit(environment, "[databases]\n", Broken);

        var stopped = await _provider.RestoreAsync(environment.Call(), captured, default);

        Assert.Equal(StepOutcomeKind.RetryLater, stopped.Kind);
        Assert.Contains("has app_b as user= of postgres, and the file has app_a", stopped.Reason);
        Assert.Equal(kind == "userlist", (await environment.StateAsync()).Contains("\"app_b\"", StringComparison.Ordinal));
        Assert.Equal("app_b", await UserThroughAsync(environment));
        Edit(environment, Broken, "[databases]\n");
        Assert.True((await _provider.RestoreAsync(environment.Call(), captured, default)).Succeeded);
        Assert.Equal("app_a", await UserThroughAsync(environment));
    }

    /// <summary>With another password of the same name, the connections by it go only when the line is back.</summary>
    [Fact]
    public async Task The_way_back_in_place_replaces_connections_after_the_line()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("in-place-0123456789");
        using var captured = await _provider.CaptureAsync(environment.Call(), default);
        await DeliverAsync(environment, "app_a", value);
        await server.Cluster.ExecuteAsync($"ALTER ROLE app_a PASSWORD '{PoolerLoginEnvironment.First.Replace("'", "''")}'");

        Assert.Equal(StepOutcomeKind.Done, (await _provider.RestoreAsync(environment.Call(), captured, default)).Kind);
        Assert.Equal("app_a", await UserThroughAsync(environment));
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await _provider.RestoreAsync(environment.Call(), captured, default)).Kind);
    }

    /// <summary>A server that never answers somebody else, whose login hangs for as long.</summary>
    [Fact]
    public async Task Logins_and_connections_of_other_databases_are_not_waited_for()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        using var hole = new TcpListener(IPAddress.Loopback, 0);
        hole.Start();
        Edit(environment, "[databases]\n", $"""
            [databases]
            hole = host=127.0.0.1 port={((IPEndPoint)hole.LocalEndpoint).Port} user=somebody password=else
            other = host={server.Cluster.Host} port={server.Cluster.Port} dbname=postgres user=app_b password=in-place-0123456789

            """);
        await server.Cluster.ExecuteAsync("ALTER ROLE app_b LOGIN PASSWORD 'in-place-0123456789'");
        await using var console = await ReloadAsync(environment);
        var hung = Client(environment, "hole");
        var hanging = hung.OpenAsync(TestContext.Current.CancellationToken);
        await UntilAsync(console, row => row["database"] == "hole" && row["state"] == "new");
        await using var other = Client(environment, "other");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var held = new NpgsqlCommand("SELECT 1", other, transaction))
        {
            await held.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }

        await console.ReconnectAsync("other", TestContext.Current.CancellationToken);
        await UntilAsync(console, row => row["database"] == "other" && row["close_needed"] == "1");
        Assert.Equal("app_a", await UserThroughAsync(environment));
        using var value = SecretValue.FromText("in-place-0123456789");
        var settings = environment.With(new() { ["timeout"] = "10m" });

        var delivered = await ((IDeliverValues)environment.Provider)
            .DeliverAsync(environment.Call(settings: settings), Values("app_a", value), default).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(delivered.Succeeded, delivered.Reason);
        var confirmed = await _provider.ConfirmAsync(environment.Call(settings: settings), Values("app_a", value), default)
            .WaitAsync(TimeSpan.FromMinutes(1));

        Assert.True(confirmed.Succeeded, confirmed.Reason);
        Assert.False(hanging.IsCompleted);
        var both = environment.With(new() { ["timeout"] = "1s", ["databases"] = new JsonArray("postgres", "other") });
        await server.Cluster.ExecuteAsync("ALTER ROLE app_a PASSWORD 'in-place-0123456789'");
        Edit(environment, "user=app_b", "user=app_a");
        await console.ReloadAsync(TestContext.Current.CancellationToken);
        var waiting = await _provider.ConfirmAsync(environment.Call(settings: both), Values("app_a", value), default);
        Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
        Assert.Contains("connections to the server from before", waiting.Reason);
        await environment.Pooler.StopAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => hanging);
        await hung.DisposeAsync();
    }

    /// <summary>Why the check refuses it: the look-ups of a database that was opened by <c>*</c> go on by the old user.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fallback_entry_without_an_auth_user_of_its_own_keeps_the_old_one(bool isIncluded)
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "auth-user");
        Edit(environment, "\npostgres = ", "\n* = ");
        await using var console = await ReloadAsync(environment);
        if (isIncluded)
        {
            var (path, included) = (environment.Pooler.Ini, Path.Combine(environment.Pooler.Folder, "databases.ini"));
            var lines = (await File.ReadAllTextAsync(path)).Split('\n').ToList();
            await File.WriteAllTextAsync(included, lines.Single(line => line.StartsWith('*')) + "\n");
            await File.WriteAllTextAsync(path, string.Join('\n', lines.Select(l => l.StartsWith('*') ? $"%include {included}" : l)));
        }

        var refused = await _provider.ValidateAsync(environment.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains(isIncluded ? "databases.ini has the entry '*'" : "pgbouncer.ini has the entry '*'", refused.Reason);

        using var value = SecretValue.FromText("of-the-new-auth-user-0123");
        Assert.False(await environment.Pooler.CanLogInAsync("nobody_there", "looked-up-0123"));
        await DeliverAsync(environment, "app_b", value);
        var confirmed = await _provider.ConfirmAsync(environment.Call(), Values("app_b", value), default);
        Assert.Equal(StepOutcomeKind.RetryLater, confirmed.Kind);
    }

    /// <summary>What the refusal says to do.</summary>
    [Fact]
    public async Task A_fallback_entry_s_own_auth_user_moves_in_the_databases_that_are_open_by_it()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "auth-user");
        Edit(environment, "\npostgres = ", "\n* = auth_user=app_a ");
        Edit(environment, " dbname=postgres", "");
        await using var console = await ReloadAsync(environment);
        var settings = environment.With(new() { ["databases"] = new JsonArray("*") });
        var checkedNow = await _provider.ValidateAsync(environment.Call(settings: settings), default);
        Assert.True(checkedNow.Succeeded, checkedNow.Reason);
        using var value = SecretValue.FromText("of-the-new-auth-user-0123");

        await ((IDeliverValues)environment.Provider).DeliverAsync(environment.Call(settings: settings), Values("app_b", value), default);
        var confirmed = await _provider.ConfirmAsync(environment.Call(settings: settings), Values("app_b", value), default);

        Assert.True(confirmed.Succeeded, confirmed.Reason);
        await server.Cluster.ExecuteAsync(
            "ALTER ROLE app_a NOLOGIN; DROP ROLE IF EXISTS looked_up_last; CREATE ROLE looked_up_last LOGIN PASSWORD 'looked-up-0123'");
        Assert.True(await environment.Pooler.CanLogInAsync("looked_up_last", "looked-up-0123"));
    }

    private async Task DeliverAsync(PoolerLoginEnvironment environment, string user, SecretValue value) => Assert.True(
        (await ((IDeliverValues)environment.Provider).DeliverAsync(environment.Call(), Values(user, value), default)).Succeeded);

    private static void Edit(PoolerLoginEnvironment environment, string old, string now) => File.WriteAllText(
        environment.Pooler.Ini, File.ReadAllText(environment.Pooler.Ini).Replace(old, now, StringComparison.Ordinal));

    private static async Task<PgBouncerClient> ReloadAsync(PoolerLoginEnvironment environment)
    {
        var setup = await PoolerLoginSetup.ReadAsync(environment.Call().Settings, default);
        var console = await PgBouncerClient.OpenAsync(setup.Console, setup.Console.Poolers[0], TimeProvider.System, default);
        await console.ReloadAsync(TestContext.Current.CancellationToken);
        return console;
    }

    private static async Task UntilAsync(PgBouncerClient console, Predicate<Dictionary<string, string?>> condition)
    {
        while (!(await console.ShowAsync("SERVERS", TestContext.Current.CancellationToken)).Exists(condition))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static NpgsqlConnection Client(PoolerLoginEnvironment environment, string database) => new(
        new NpgsqlConnectionStringBuilder(
            environment.Pooler.ConnectionString(environment.Pooler.AdminUser, environment.Pooler.AdminPassword))
            { Database = database, Timeout = 300 }.ConnectionString);

    private static async Task<string?> UserThroughAsync(PoolerLoginEnvironment environment)
    {
        await using var connection = Client(environment, "postgres");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT session_user::text", connection);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static DeliveredValues Values(string user, SecretValue value) => new(new(value, user, Fingerprint.Of(value, Salt)), null, Salt);
}
