using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>A pooler's own login, against a real one.</summary>
public sealed class PoolerLoginTests(PgBouncerFixture server) : IClassFixture<PgBouncerFixture>
{
    private const string Salt = "00112233445566778899aabbccddeeff";
    private readonly PoolerLoginProvider _provider = new();

    [Theory]
    [InlineData("entry")]
    [InlineData("userlist")]
    [InlineData("auth-user")]
    public async Task It_conforms(string kind)
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, kind);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task Two_values_change_and_nothing_else_does()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        var path = environment.Pooler.Ini;
        var text = (await File.ReadAllTextAsync(path)).Replace("\n", "\r\n") + "; p\u00e4ssword='first password'\r\n\r\n";
        await File.WriteAllTextAsync(path, text);
        var kept = KeptOnFile.Of(path);
        using var value = SecretValue.FromText("it's new; #2");

        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(environment, "app_b", value)).Kind);

        Assert.Equal(
            text.Replace("user=app_a password='first password, ''quoted'' ; #1'", "user=app_b password='it''s new; #2'"),
            await File.ReadAllTextAsync(path));
        Assert.Equal(kept, KeptOnFile.Of(path));
        Assert.Equal("app_b", await UserThroughAsync(environment));

        // RELOAD did it: RECONNECT too would break off the logins that the pooler begins then, and turn its clients away.
        Assert.DoesNotContain("RECONNECT", environment.Pooler.Log, StringComparison.Ordinal);
    }

    /// <summary>As after a kill between the file and RELOAD.</summary>
    [Fact]
    public async Task A_pooler_that_has_not_read_the_file_yet_is_told_by_the_next_attempt()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        using var value = SecretValue.FromText("written-and-not-read-0123");
        Assert.Equal("app_a", await UserThroughAsync(environment));
        await server.Cluster.ExecuteAsync($"ALTER ROLE app_b LOGIN PASSWORD '{value.RevealText()}'");
        var setup = await PoolerLoginSetup.ReadAsync(environment.Call().Settings, default);
        await setup.Ini.ChangeAsync(bytes => PoolerLoginFiles.With(setup, bytes, "app_b", value), default);
        var waiting = await _provider.ConfirmAsync(environment.Call(), Values("app_b", value), default);
        Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
        Assert.Contains("has app_a as user= of postgres, and the file has app_b", waiting.Reason);

        Assert.Equal(StepOutcomeKind.AlreadyDone, (await DeliverAsync(environment, "app_b", value)).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await _provider.ConfirmAsync(environment.Call(), Values("app_b", value), default)).Kind);
        Assert.Equal("app_b", await UserThroughAsync(environment));
    }

    /// <summary>RELOAD alone would keep them, as PgBouncer compares names and not passwords.</summary>
    [Fact]
    public async Task Connections_by_the_old_password_of_the_same_role_are_replaced()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        using var value = SecretValue.FromText("in-place-0123456789");
        await using var client = new NpgsqlConnection(
            environment.Pooler.ConnectionString(environment.Pooler.AdminUser, environment.Pooler.AdminPassword));
        await client.OpenAsync(TestContext.Current.CancellationToken);
        var before = await BackendAsync(client);
        Assert.Equal(before, await BackendAsync(client));
        await using (var transaction = await client.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await BackendAsync(client);
            Assert.True((await DeliverAsync(environment, "app_a", value)).Succeeded);
            var settings = environment.With(new() { ["timeout"] = "1s" });
            var waiting = await _provider.ConfirmAsync(environment.Call(settings: settings), Values("app_a", value), default);
            Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
            Assert.Contains("connections to the server from before", waiting.Reason);
        }

        Assert.NotEqual(before, await BackendAsync(client));
        Assert.Contains("RECONNECT", environment.Pooler.Log, StringComparison.Ordinal);
        Assert.Equal(StepOutcomeKind.Done, (await _provider.ConfirmAsync(environment.Call(), Values("app_a", value), default)).Kind);
    }

    [Fact]
    public async Task A_server_that_does_not_take_the_login_is_seen_before_the_promotion()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        using var value = SecretValue.FromText("never-set-at-the-server-0123");

        Assert.True((await _provider.DeliverAsync(environment.Call(), Values("app_a", value), default)).Succeeded);
        var outcome = await _provider.ConfirmAsync(environment.Call(), Values("app_a", value), default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("the server refuses app_a", outcome.Reason);
    }

    [Fact]
    public async Task A_mistake_elsewhere_in_the_file_that_stops_RELOAD_is_seen()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        using var value = SecretValue.FromText("stopped-0123456789");
        await File.AppendAllTextAsync(environment.Pooler.Ini, "pool_mode = of no kind\n[databases]\nlast = nonsense\n");
        var text = await File.ReadAllTextAsync(environment.Pooler.Ini);
        await File.WriteAllTextAsync(
            environment.Pooler.Ini,
            text.Replace("[databases]\npostgres", "[databases]\nearly = nonsense\npostgres"));

        await DeliverAsync(environment, "app_b", value);
        var outcome = await _provider.ConfirmAsync(environment.Call(), Values("app_b", value), default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("stopped at a mistake elsewhere", outcome.Reason);
    }

    [Theory]
    [InlineData("postgres = host=h dbname=d", "has no user=: clients log in to the server as themselves")]
    [InlineData("postgres = host=h user=u", "has no password=: PgBouncer takes it from its auth_file")]
    [InlineData("postgres = host=h user=u password=", "is no list of key=value")]
    [InlineData("%include /somewhere/else.ini", "(it includes /somewhere/else.ini)")]
    public async Task An_entry_of_another_kind_is_refused_with_what_to_do(string entry, string said)
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        await File.WriteAllTextAsync(environment.Pooler.Ini, $"[databases]\n{entry}\n[pgbouncer]\n");
        using var value = SecretValue.FromText("refused-0123456789");

        var (before, outcome) = (await environment.StateAsync(), await DeliverAsync(environment, "app_b", value));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains(said, outcome.Reason);
        Assert.Equal(before, await environment.StateAsync());
    }

    /// <summary>The fallback entry, in a file of its own.</summary>
    [Fact]
    public async Task An_included_file_is_changed_and_the_fallback_s_databases_follow()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "entry");
        var included = Path.Combine(environment.Pooler.Folder, "databases.ini");
        var lines = (await File.ReadAllTextAsync(environment.Pooler.Ini)).Split('\n').ToList();
        var entry = lines.FindIndex(line => line.StartsWith("postgres", StringComparison.Ordinal));
        await File.WriteAllTextAsync(included, $"; theirs\n*{lines[entry]["postgres".Length..].Replace(" dbname=postgres", "")}\n");
        lines[entry] = $"%include {included}";
        await File.WriteAllTextAsync(environment.Pooler.Ini, string.Join('\n', lines));
        using var value = SecretValue.FromText("behind-an-include-0123");
        var settings = environment.With(new() { ["path"] = included, ["databases"] = new JsonArray("*"), ["database"] = "postgres" });
        Assert.Equal("app_a", await UserThroughAsync(environment));

        var call = environment.Call(settings: settings);
        await server.Cluster.ExecuteAsync($"ALTER ROLE app_b LOGIN PASSWORD '{value.RevealText()}'");
        using var captured = await _provider.CaptureAsync(call, default);
        Assert.Equal(StepOutcomeKind.Done, (await _provider.DeliverAsync(call, Values("app_b", value), default)).Kind);
        var confirmed = await _provider.ConfirmAsync(call, Values("app_b", value), default);

        Assert.True(confirmed.Succeeded, confirmed.Reason);
        Assert.Equal("app_b", await UserThroughAsync(environment));
        Assert.Equal(StepOutcomeKind.Done, (await _provider.RestoreAsync(call, captured, default)).Kind);
        Assert.Equal("app_a", await UserThroughAsync(environment));
        Assert.StartsWith("; theirs\n* = host=", await File.ReadAllTextAsync(included));
    }

    [Fact]
    public async Task The_auth_user_moves_and_clients_are_looked_up_by_the_new_one_alone()
    {
        await using var environment = await PoolerLoginEnvironment.StartAsync(server.Cluster, "auth-user");
        using var value = SecretValue.FromText("of-the-new-auth-user-0123");
        await server.Cluster.ExecuteAsync("CREATE ROLE looked_up LOGIN PASSWORD 'looked-up-0123'");
        Assert.True(await environment.Pooler.CanLogInAsync("looked_up", "looked-up-0123"));

        Assert.Equal(StepOutcomeKind.Done, (await DeliverAsync(environment, "app_b", value)).Kind);
        var confirmed = await _provider.ConfirmAsync(environment.Call(), Values("app_b", value), default);
        Assert.True(confirmed.Succeeded, confirmed.Reason);
        await server.Cluster.ExecuteAsync("ALTER ROLE app_a NOLOGIN");
        await server.Cluster.ExecuteAsync("CREATE ROLE looked_up_too LOGIN PASSWORD 'looked-up-0123'");

        Assert.True(await environment.Pooler.CanLogInAsync("looked_up_too", "looked-up-0123"));
        Assert.Contains("auth_user = app_b\n", await File.ReadAllTextAsync(environment.Pooler.Ini));
    }

    private Task<StepOutcome> DeliverAsync(PoolerLoginEnvironment environment, string user, SecretValue value) =>
        ((IDeliverValues)environment.Provider).DeliverAsync(environment.Call(), Values(user, value), default);

    private static async Task<string?> UserThroughAsync(PoolerLoginEnvironment environment)
    {
        await using var connection = new NpgsqlConnection(
            environment.Pooler.ConnectionString(environment.Pooler.AdminUser, environment.Pooler.AdminPassword));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT session_user::text", connection);
        return (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<int> BackendAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return (int)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static DeliveredValues Values(string user, SecretValue value) => new(new(value, user, Fingerprint.Of(value, Salt)), null, Salt);
}
