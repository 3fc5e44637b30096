using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.PgBouncer;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

public sealed class PgBouncerTests(PgBouncerFixture server) : IClassFixture<PgBouncerFixture>
{
    private const string Salt = "00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("userlist", "")]
    [InlineData("userlist", "; mine\n\n\"other\" \"plain \"\"quoted\"\"\" ; kept\n\"app_a\" \"md5aaaabbbbccccddddeeeeffff00001111\" ; his")]
    [InlineData("auth-query", "")]
    public async Task It_conforms(string mode, string users)
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, mode, users);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("verifier")]
    public async Task It_conforms_with_other_settings(string entry)
    {
        await using var environment =
            await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist", "", new() { ["entry"] = entry, ["reconnect"] = true });
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task The_pooler_s_verifier_is_the_server_s_byte_for_byte()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("one-value-for-both-0123456789");
        var postgres = new PostgresProvider();
        var call = new ProviderCall(
            new ProviderSettings(
                new JsonObject { ["connection"] = "env:PG", ["accounts"] = new JsonArray("app_a", "app_b") },
                new FixedReferences(new Dictionary<string, string> { ["env:PG"] = server.Cluster.AdminConnectionString })),
            "orders", "orders-1", 1, 1, TimeProvider.System) { SecretSalt = Salt };
        Assert.True((await postgres.ApplyAsync(call, new CredentialHandle("app_a", "app_a", null), value, null, default)).Succeeded);

        var outcome = await new PgBouncerProvider().DeliverAsync(environment.Call(), Values("app_a", value), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
        var stored = await server.Cluster.ScalarAsync<string>("SELECT rolpassword FROM pg_authid WHERE rolname = 'app_a'");
        Assert.StartsWith("SCRAM-SHA-256$4096:", stored);
        Assert.Equal(stored, UserListText.Parse(await File.ReadAllBytesAsync(environment.Pooler.UserList)).Secret("app_a"));
        Assert.True(await environment.Pooler.CanLogInAsync("app_a", value.RevealText()));
        Assert.False(await environment.Pooler.CanLogInAsync("app_a", "another-value-0123456789"));
    }

    [Fact]
    public async Task Mode_and_owner_of_the_file_stay_and_so_does_a_line_that_is_good_already()
    {
        const string password = "an-adopted-password-0123456789";
        using var value = SecretValue.FromText(password);
        var foreign = ScramVerifier.Of(value);
        await server.Cluster.ExecuteAsync(PostgresStatements.OpenWithPassword("app_b", foreign));
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist", $"\"app_b\" \"{foreign}\"\n");
        var path = environment.Pooler.UserList;
        var (before, owner) = (await File.ReadAllTextAsync(path), UnixOwner(path));

        var outcome = await new PgBouncerProvider().DeliverAsync(environment.Call(), Values("app_b", value), default);

        Assert.Equal(StepOutcomeKind.AlreadyDone, outcome.Kind);
        Assert.Equal(before, await File.ReadAllTextAsync(path));
        using var other = SecretValue.FromText("another-password-0123456789");
        await new PgBouncerProvider().DeliverAsync(environment.Call(), Values("app_b", other), default);
        Assert.NotEqual(before, await File.ReadAllTextAsync(path));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.Equal(owner, UnixOwner(path));
    }

    [Fact]
    public async Task A_server_that_has_another_password_is_told_apart_from_a_pooler_that_refuses()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("never-set-at-the-server-0123456789");
        await server.Cluster.ExecuteAsync("ALTER ROLE app_a LOGIN PASSWORD 'something else'");
        await new PgBouncerProvider().DeliverAsync(environment.Call(), Values("app_a", value), default);

        var outcome = await new PgBouncerProvider().ConfirmAsync(environment.Call(), Values("app_a", value), default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains("or the server has another password", outcome.Reason);
    }

    [Fact]
    public async Task A_second_pooler_that_does_not_know_the_user_is_noticed()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        await using var second = await PgBouncerServer.StartAsync(server.Cluster);
        File.Copy(environment.Pooler.UserList, second.UserList, overwrite: true);
        var settings = environment.With(new() { ["poolers"] = new JsonArray(environment.Pooler.Address, second.Address) });
        using var value = SecretValue.FromText("known-to-one-pooler-0123456789");
        await environment.Provider.As<IDeliverValues>().DeliverAsync(environment.Call(), Values("app_a", value), default);

        var outcome = await new PgBouncerProvider().ConfirmAsync(environment.Call(settings: settings), Values("app_a", value), default);

        Assert.Equal(StepOutcomeKind.RetryLater, outcome.Kind);
        Assert.Contains(second.Address, outcome.Reason);
    }

    [Fact]
    public async Task Old_connections_to_the_server_are_waited_for()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("held-open-0123456789");
        var settings = environment.With(new() { ["reconnect"] = true, ["timeout"] = "1s" });
        var values = Values("app_a", value);
        await environment.Provider.As<IDeliverValues>().DeliverAsync(environment.Call(), values, default);
        await using (var client = new Npgsql.NpgsqlConnection(environment.Pooler.ConnectionString("app_a", value.RevealText())))
        {
            await client.OpenAsync();
            await using var transaction = await client.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("SELECT 1", client, transaction);
            await command.ExecuteScalarAsync();
            Assert.True((await new PgBouncerProvider().DeliverAsync(environment.Call(settings: settings), values, default)).Succeeded);

            var waiting = await new PgBouncerProvider().ConfirmAsync(environment.Call(settings: settings), values, default);

            Assert.Equal(StepOutcomeKind.RetryLater, waiting.Kind);
            Assert.Contains("connections to the server from before", waiting.Reason);
        }

        var done = await new PgBouncerProvider().ConfirmAsync(environment.Call(settings: settings), values, default);
        Assert.True(done.Succeeded, done.Reason);
    }

    [Theory]
    [InlineData("trust", "", "")]
    [InlineData("scram-sha-256", "user=admin", "")]
    [InlineData("scram-sha-256", "", "so_reuseport = 1")]
    public async Task A_pooler_through_which_a_login_proves_nothing_is_refused(string authType, string databaseLine, string more)
    {
        await using var pooler =
            await PgBouncerServer.StartAsync(
                server.Cluster, "\"app_trusted\" \"\"\n", new(authType, DatabaseLine: databaseLine, More: more));
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        var settings = environment.With(
            new()
            {
                ["poolers"] = new JsonArray(pooler.Address),
                ["path"] = pooler.UserList,
                ["mode"] = "auth-query",
                ["users"] = new JsonArray("app_trusted"),
                ["adminUser"] = authType == "trust" ? null : pooler.AdminUser,
            });
        var call = new ProviderCall(
            new ProviderSettings(settings, new FixedReferences(new Dictionary<string, string> { ["env:ADMIN"] = pooler.AdminPassword })),
            "s",
            "s-1",
            1,
            1,
            TimeProvider.System);
        await server.Cluster.AddHbaLineAsync("host all app_trusted 127.0.0.1/32 trust");

        var outcome = await new PgBouncerProvider().ValidateAsync(call, default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Matches("any password|as admin|so_reuseport", outcome.Reason);
    }

    [Fact]
    public async Task A_user_that_the_secret_does_not_own_is_refused()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        using var value = SecretValue.FromText("for-somebody-else-0123456789");

        var outcome = await new PgBouncerProvider().DeliverAsync(environment.Call(), Values("postgres", value), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("none of 'users'", outcome.Reason);
    }

    [Fact]
    public async Task The_console_is_reached_through_a_unix_socket()
    {
        await using var environment = await PgBouncerEnvironment.StartAsync(server.Cluster, "userlist");
        var settings = environment.With(new() { ["poolers"] = new JsonArray($"{environment.Pooler.Folder}:{environment.Pooler.Port}") });

        var outcome = await new PgBouncerProvider().ValidateAsync(environment.Call(settings: settings), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
    }

    private static DeliveredValues Values(string user, SecretValue value) => new(new(value, user, Fingerprint.Of(value, Salt)), null, Salt);

    private static (uint, uint)? UnixOwner(string path) => Rotunda.Providers.Delivery.UnixFiles.OwnerOf(path);
}

file static class Cast
{
    public static T As<T>(this object provider) => (T)provider;
}
