using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Activities.Tests.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>A password is kept in a form that clients know: what becomes scram-sha-256 is told before, and md5 can be kept.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class PostgresFormTests(PostgresFixture postgres)
{
    private const string Password = "pass-1234";
    private readonly PostgresProvider _provider = new();
    private readonly string _a = postgres.NewName("form");
    private readonly string _b = postgres.NewName("form");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_password_kept_as_md5_is_told_before_it_becomes_scram(bool asSuperuser)
    {
        await MakeAsync("md5", asSuperuser);
        var settings = InPlace();
        Assert.Contains($"The password of {_a} is kept as md5, and a rotation makes it scram-sha-256", await WarningAsync(settings));

        settings["passwordEncryption"] = "scram-sha-256";
        Assert.Null(await WarningAsync(settings));
        await ApplyAsync(settings, _a, "value-1");
        Assert.Equal("SCRAM", await KeptAsync(_a));
        settings.Remove("passwordEncryption");
        Assert.Null(await WarningAsync(settings));
    }

    [Theory]
    [InlineData("md5", true)]
    [InlineData("md5", false)]
    [InlineData("scram-sha-256", true)]
    [InlineData("scram-sha-256", false)]
    public async Task The_form_that_was_is_kept_in_place(string form, bool asSuperuser)
    {
        await MakeAsync(form, asSuperuser);
        var settings = InPlace();
        settings["passwordEncryption"] = "keep";
        Assert.Null(await WarningAsync(settings));
        var facts = await ApplyAsync(settings, _a, "value-1");
        Assert.Equal(form, facts["password kept as"]);
        Assert.Equal(form == "md5" ? "md5" : "SCRAM", await KeptAsync(_a));
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, _a, "value-1"));
        Assert.Equal(Validity.Invalid, await ValidityAsync(settings, _a, "value-2"));
        Assert.DoesNotContain("value-1", postgres.Cluster.Log, StringComparison.Ordinal);
    }

    /// <summary>Else the way back would leave a password that nobody has.</summary>
    [Fact]
    public async Task A_password_that_is_set_and_cannot_be_looked_at_is_not_told_as_not_set()
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        await using var wire = new CutCommitProxy(postgres.Cluster.Port) { Statement = "pg_authid", Armed = true };
        _admin = new NpgsqlConnectionStringBuilder(_admin) { Host = "127.0.0.1", Port = wire.Port }.ConnectionString;
        using var value = SecretValue.FromText("value-1");
        var outcome = await _provider.ApplyAsync(
            Call(InPlace()), new(_a, _a, null), value, null, TestContext.Current.CancellationToken);

        Assert.Equal((1, StepOutcomeKind.Unknown), (wire.Cut, outcome.Kind));
        Assert.Contains("is set, but in what form it is kept could not be looked at", outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(Validity.Valid, await ValidityAsync(InPlace(), _a, "value-1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_two_accounts_it_is_that_of_the_one_in_use(bool asSuperuser)
    {
        await MakeAsync("md5", asSuperuser);
        await RunAsync($"CREATE ROLE {_b} NOLOGIN");
        await GrantAsync(_b, asSuperuser);
        await postgres.Cluster.AddHbaLineAsync($"host all {_b} 127.0.0.1/32 md5");
        var settings = new JsonObject
        {
            ["connection"] = "env:ADMIN", ["accounts"] = new JsonArray(_a, _b), ["passwordEncryption"] = "keep",
        };
        await ApplyAsync(settings, _b, "value-1");
        Assert.Equal("md5", await KeptAsync(_b));
        Assert.Equal(Validity.Valid, await ValidityAsync(settings, _b, "value-1"));
    }

    [Fact]
    public async Task In_place_a_form_that_could_not_be_tried_before_is_refused()
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        var settings = InPlace();
        settings["passwordEncryption"] = "md5";
        var outcome = await _provider.ValidateAsync(Call(settings), TestContext.Current.CancellationToken);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("passwordEncryption: md5 cannot be taken", outcome.Reason);
    }

    [Fact]
    public async Task A_server_that_makes_md5_is_told_too()
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        await RunAsync("ALTER SYSTEM SET password_encryption = md5");
        await RunAsync("SELECT pg_reload_conf()");
        try
        {
            await UntilAsync("md5");
            Assert.Contains("The server keeps new passwords as md5", await WarningAsync(InPlace()));
        }
        finally
        {
            await RunAsync("ALTER SYSTEM RESET password_encryption");
            await RunAsync("SELECT pg_reload_conf()");
            await UntilAsync("scram-sha-256");
        }
    }

    [Theory]
    [InlineData("SELECT 1 FROM {0}_t", "permission denied for table", "GRANT SELECT ON {0}_t TO {0}")]
    [InlineData("SELECT 1 FROM gone_{0}", "relation \"gone_{0}\" does not exist", "CREATE TABLE gone_{0} (); GRANT ALL ON gone_{0} TO {0}")]
    [InlineData(
        "SELECT 1 FROM {0}_s.t",
        "permission denied for schema",
        "GRANT USAGE ON SCHEMA {0}_s TO {0}; GRANT SELECT ON {0}_s.t TO {0}")]
    public async Task A_login_that_cannot_run_what_it_has_to_is_no_use_until_it_can(string sql, string why, string mend)
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        await RunAsync($"CREATE TABLE {_a}_t (id int); CREATE SCHEMA {_a}_s; CREATE TABLE {_a}_s.t (id int)");
        var settings = InPlace();
        settings["verifySql"] = string.Format(null, sql, _a);
        var found = await VerifyAsync(settings, _a, Password);
        Assert.Equal((Validity.Invalid, true), (found.Validity, found.Authenticates));
        Assert.Contains($"{_a} cannot run 'verifySql'", found.Detail);
        Assert.Contains(string.Format(null, why, _a), found.Detail);

        var wrong = await VerifyAsync(settings, _a, "wrong");
        Assert.Equal((Validity.Invalid, false), (wrong.Validity, wrong.Authenticates));
        await RunAsync(string.Format(null, mend, _a));
        Assert.Equal(Validity.Valid, (await VerifyAsync(settings, _a, Password)).Validity);
    }

    [Theory]
    [InlineData("CREATE TABLE {0}_made ()")]
    [InlineData("DELETE FROM {0}_t")]
    [InlineData("SELECT nextval('{0}_q')")]
    public async Task What_is_tried_changes_nothing(string sql)
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        await RunAsync(
            $"CREATE TABLE {_a}_t AS SELECT 1 AS id; CREATE SEQUENCE {_a}_q; ALTER TABLE {_a}_t OWNER TO {_a}; ALTER SEQUENCE {_a}_q OWNER "
                + $"TO {_a}; GRANT CREATE ON SCHEMA public TO {_a}");
        var settings = InPlace();
        settings["verifySql"] = string.Format(null, sql, _a);
        var found = await VerifyAsync(settings, _a, Password);
        Assert.Equal((Validity.Invalid, true), (found.Validity, found.Authenticates));
        Assert.Contains("give one that only reads", found.Detail);
        Assert.Equal(1, await postgres.Cluster.ScalarAsync<long>($"SELECT count(*) FROM {_a}_t"));
    }

    [Fact]
    public async Task Values_that_the_server_repeats_in_an_error_are_not_told()
    {
        await MakeAsync("scram-sha-256", asSuperuser: true);
        var settings = InPlace();
        settings["verifySql"] = "SELECT ('a secret of a row')::int";
        var found = await VerifyAsync(settings, _a, Password);
        Assert.Equal(Validity.Invalid, found.Validity);
        Assert.DoesNotContain("secret of a row", found.Detail);
    }

    private async Task MakeAsync(string form, bool asSuperuser)
    {
        await RunAsync($"SET password_encryption = '{form}'; CREATE ROLE {_a} LOGIN PASSWORD '{Password}'");
        await postgres.Cluster.AddHbaLineAsync($"host all {_a} 127.0.0.1/32 md5");
        if (!asSuperuser)
        {
            await RunAsync($"CREATE ROLE {_a}_admin LOGIN CREATEROLE PASSWORD '{Password}'");
        }

        await GrantAsync(_a, asSuperuser);
        _admin = asSuperuser
            ? postgres.Admin
            : new NpgsqlConnectionStringBuilder(postgres.Admin) { Username = $"{_a}_admin", Password = Password }.ConnectionString;
    }

    private string _admin = "";

    private Task GrantAsync(string role, bool asSuperuser) =>
        asSuperuser ? Task.CompletedTask : RunAsync($"GRANT {role} TO {_a}_admin WITH ADMIN OPTION");

    private Task RunAsync(string sql) => postgres.Cluster.ExecuteAsync(sql);

    private async Task UntilAsync(string form)
    {
        while (await postgres.Cluster.ScalarAsync<string>("SELECT current_setting('password_encryption')") != form)
        {
            await Task.Yield();
        }
    }

    private Task<string?> KeptAsync(string role) => postgres.Cluster.ScalarAsync<string>(
        $"SELECT CASE WHEN rolpassword LIKE 'md5%' THEN 'md5' ELSE left(rolpassword, 5) END FROM pg_authid WHERE rolname = '{role}'");

    private JsonObject InPlace() => new() { ["connection"] = "env:ADMIN", ["role"] = _a };

    private ProviderCall Call(JsonObject settings) => new(
        new(settings, new FixedReferences(new Dictionary<string, string> { ["env:ADMIN"] = _admin })),
        "db",
        "db-1",
        1,
        1,
        TimeProvider.System);

    private async Task<string?> WarningAsync(JsonObject settings)
    {
        var outcome = await _provider.ValidateAsync(Call(settings), TestContext.Current.CancellationToken);
        Assert.True(outcome.Succeeded, outcome.Reason);
        return outcome.Facts?.GetValueOrDefault("warning");
    }

    private async Task<IReadOnlyDictionary<string, string>> ApplyAsync(JsonObject settings, string account, string text)
    {
        using var value = SecretValue.FromText(text);
        var outcome =
            await _provider.ApplyAsync(Call(settings), new(account, account, null), value, null, TestContext.Current.CancellationToken);
        Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        return outcome.Facts!;
    }

    private async Task<Verification> VerifyAsync(JsonObject settings, string account, string text)
    {
        using var value = SecretValue.FromText(text);
        return await _provider.VerifyAsync(Call(settings), new(account, account, null), value, TestContext.Current.CancellationToken);
    }

    private async Task<Validity> ValidityAsync(JsonObject settings, string account, string text) =>
        (await VerifyAsync(settings, account, text)).Validity;
}
