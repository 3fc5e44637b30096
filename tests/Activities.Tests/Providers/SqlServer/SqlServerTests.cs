using System.Text.Json.Nodes;
using Microsoft.Data.SqlClient;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>Two logins in turn, at a stand-in that speaks the protocol: no server can be had here.</summary>
public sealed class SqlServerTests
{
    private const string New = "New-0123456789abcdef";
    private static readonly SqlServerProvider Provider = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Conforms(int instances)
    {
        await using var environment = new SqlServerEnvironment(instances);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task The_password_is_set_before_the_login_is_opened_and_the_other_login_is_never_touched()
    {
        await using var environment = new SqlServerEnvironment();

        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, environment.Call(), New)).Kind);

        Assert.Equal(
            ["ALTER LOGIN [orders]]'b] WITH PASSWORD = N'…';", "ALTER LOGIN [orders]]'b] ENABLE;"],
            environment.World.ChangesSoFar());
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, New));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, SqlServerEnvironment.InUsePassword));
        // The way back is the revoke of the idle one.
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, New));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, SqlServerEnvironment.InUsePassword));
    }

    [Fact]
    public async Task Another_login_is_refused()
    {
        await using var environment = new SqlServerEnvironment();
        var reader = new CredentialHandle("reader", "reader", null);
        using var value = SecretValue.FromText(New);

        Assert.Equal(
            (StepOutcomeKind.Rejected, StepOutcomeKind.Rejected),
            ((await Provider.ApplyAsync(environment.Call(), reader, value, null, default)).Kind,
                (await Provider.RevokeAsync(environment.Call(), reader, default)).Kind));
        Assert.Equal(Validity.CannotTell, await TryAsync(environment, reader, New));
        Assert.Empty(environment.World.ChangesSoFar());
    }

    [Fact]
    public async Task Every_character_logs_in_and_what_no_login_takes_is_made_anew()
    {
        await using var environment = new SqlServerEnvironment();
        foreach (var text in OddValues.Of(() => "plain").Append("päss-🔑-密碼"))
        {
            var outcome = await ApplyAsync(environment, environment.Call(), text);
            Assert.Equal(
                text.Length > 128 || text.Any(char.IsControl) ? StepOutcomeKind.NewValueNeeded : StepOutcomeKind.Done,
                outcome.Kind);
            if (outcome.Succeeded)
            {
                Assert.Equal(text, environment.IdleLogin.Password);
                Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, text));
            }
        }

        foreach (var text in new[] { "", "a\tb", new string('x', 129) })
        {
            Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment, environment.Call(), text)).Kind);
            Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, text));
        }

        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, environment.Call(), new('x', 128))).Kind);
    }

    [Theory]
    [InlineData(15116, StepOutcomeKind.Rejected, "too short")]
    [InlineData(15117, StepOutcomeKind.Rejected, "too long")]
    [InlineData(33062, StepOutcomeKind.Rejected, "too short")]
    [InlineData(40631, StepOutcomeKind.Rejected, "too long")]
    [InlineData(15118, StepOutcomeKind.NewValueNeeded, "not complex enough")]
    [InlineData(40632, StepOutcomeKind.NewValueNeeded, "not complex enough")]
    [InlineData(15115, StepOutcomeKind.NewValueNeeded, "used before")]
    [InlineData(15114, StepOutcomeKind.RetryLater, "too recently")]
    [InlineData(15151, StepOutcomeKind.Rejected, "may not do this")]
    [InlineData(1205, StepOutcomeKind.RetryLater, "cannot do it now")]
    [InlineData(40613, StepOutcomeKind.Unknown, "does not tell whether it is done")]
    [InlineData(8152, StepOutcomeKind.Unknown, "does not tell whether it is done")]
    public async Task What_the_server_refuses_says_why_and_has_not_happened_where_that_is_known(
        int number, StepOutcomeKind kind, string told)
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Policy = _ => number;

        var outcome = await ApplyAsync(environment, environment.Call(), New);

        Assert.Equal(kind, outcome.Kind);
        Assert.Contains(told, outcome.Reason);
        Assert.Contains($"{number}", outcome.Reason);
        Assert.DoesNotContain(New, outcome.Reason);
        Assert.True(environment.IdleLogin is { IsDisabled: true, Password: "nobody-s-0123456789" });
    }

    [Theory]
    [InlineData("ALTER LOGIN [orders]]'b] WITH")]
    [InlineData("ALTER LOGIN [orders]]'b] ENABLE")]
    public async Task A_lost_answer_is_not_known_and_the_next_attempt_looks_before_it_sets(string lost)
    {
        await using var environment = new SqlServerEnvironment();
        (environment.World.LoseAnswerOf, environment.World.Remembers) = (lost, true);

        var outcome = await ApplyAsync(environment, environment.Call(), New);

        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.DoesNotContain(New, outcome.Reason);
        environment.World.LoseAnswerOf = null;
        // The policy would refuse the same password once more (15115).
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, environment.Call(2), New)).Kind);
        Assert.Single(environment.World.ChangesSoFar(), change => change.Contains("WITH PASSWORD"));
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, New));
    }

    [Fact]
    public async Task An_error_that_ends_the_session_says_nothing_sure()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Refuse = ("ALTER LOGIN", 3624, 20);

        Assert.Equal(StepOutcomeKind.Unknown, (await ApplyAsync(environment, environment.Call(), New)).Kind);
        environment.World.Refuse = ("SELECT name, CONVERT(nvarchar(172), sid", 3624, 20);
        Assert.Equal(StepOutcomeKind.RetryLater, (await ApplyAsync(environment, environment.Call(), New)).Kind);
    }

    [Fact]
    public async Task A_password_that_is_set_on_a_login_that_cannot_be_opened_is_not_known()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.Refuse = ("ALTER LOGIN [orders]]'b] ENABLE", 15151, 16);

        var outcome = await ApplyAsync(environment, environment.Call(), New);

        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.Contains("is set at", outcome.Reason);
    }

    [Fact]
    public async Task A_login_that_is_locked_out_is_unlocked_with_its_new_password()
    {
        await using var environment = new SqlServerEnvironment();
        environment.IdleLogin.IsLocked = true;

        await ApplyAsync(environment, environment.Call(), New);

        Assert.Equal("ALTER LOGIN [orders]]'b] WITH PASSWORD = N'…' UNLOCK;", environment.World.ChangesSoFar()[0]);
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, New));
    }

    [Fact]
    public async Task A_revoke_whose_answer_is_lost_is_not_known_and_repeated()
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.LoseAnswerOf = "ALTER LOGIN [orders_a] DISABLE";

        Assert.Equal(StepOutcomeKind.Unknown, (await Provider.RevokeAsync(environment.Call(), environment.InUseCredential, default)).Kind);

        environment.World.LoseAnswerOf = null;
        Assert.Equal(
            StepOutcomeKind.AlreadyDone,
            (await Provider.RevokeAsync(environment.Call(2), environment.InUseCredential, default)).Kind);
    }

    [Theory]
    [InlineData(18470, Validity.Invalid, false)]
    [InlineData(18487, Validity.Invalid, true)]
    [InlineData(18488, Validity.Invalid, true)]
    [InlineData(18486, Validity.CannotTell, false)]
    [InlineData(18456, Validity.Invalid, false)]
    [InlineData(18401, Validity.CannotTell, false)]
    [InlineData(40615, Validity.CannotTell, false)]
    public async Task What_a_refused_login_says_of_the_password(int number, Validity validity, bool authenticates)
    {
        await using var environment = new SqlServerEnvironment();
        environment.World.RefuseLogins = number;
        using var value = SecretValue.FromText(SqlServerEnvironment.InUsePassword);

        var verification = await Provider.VerifyAsync(environment.Call(), environment.InUseCredential, value, default);

        Assert.Equal((validity, authenticates), (verification.Validity, verification.Authenticates));
        Assert.Contains($"{number}", verification.Detail);
    }

    [Fact]
    public async Task Each_login_is_a_new_one_and_no_pool_hides_a_password_that_works_no_longer()
    {
        await using var environment = new SqlServerEnvironment();
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.InUseCredential, SqlServerEnvironment.InUsePassword));
        environment.World.Logins[SqlServerEnvironment.Used].Password = "another-0123456789";

        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.InUseCredential, SqlServerEnvironment.InUsePassword));

        Assert.Equal(2, environment.World.Server.Logins);
    }

    [Theory]
    [InlineData("sql.example.com", null)]
    [InlineData("tcp:sql.example.com,1433", null)]
    [InlineData(@"sql.example.com\ORDERS", null)]
    [InlineData("[::1],1433", null)]
    [InlineData("::1", null)]
    [InlineData("np:sql.example.com", "no address")]
    [InlineData("sql.example.com;Password=mine", "no address")]
    [InlineData("sql.example.com,99999", "no address")]
    [InlineData("(localdb)\\MSSQLLocalDB", "no address")]
    [InlineData("", "no address")]
    public void An_address_leads_over_tcp_and_holds_nothing_else(string address, string? problem)
    {
        var settings = new JsonObject { ["server"] = address, ["logins"] = new JsonArray("a", "b"), ["user"] = "r" };
        SqlServerSetup Read() => SqlServerSetup.Read(new(settings, new FixedReferences(new Dictionary<string, string>())));

        if (problem is null)
        {
            Assert.Equal("mandatory", Read().Encrypt);
        }
        else
        {
            Assert.Contains(problem, Assert.Throws<SqlServerSetupException>(Read).Message);
        }
    }

    internal static async Task<SqlConnection> LoggedInAsync(SqlWorld world, string database = "orders")
    {
        var connection = new SqlConnection(new SqlConnectionStringBuilder
        {
            ApplicationName = "orders-api",
            DataSource = world.Server.Address,
            Encrypt = SqlConnectionEncryptOption.Optional,
            InitialCatalog = database,
            Password = SqlServerEnvironment.InUsePassword,
            Pooling = false,
            UserID = SqlServerEnvironment.Used,
        }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    internal static async Task<StepOutcome> ApplyAsync(SqlServerEnvironment environment, ProviderCall call, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Provider.ApplyAsync(call, environment.Credential, value, null, default);
    }

    internal static async Task<Validity> TryAsync(SqlServerEnvironment environment, CredentialHandle login, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await Provider.VerifyAsync(environment.Call(), login, value, default)).Validity;
    }

    internal static Task<UseReport> UseAsync(SqlServerEnvironment environment) =>
        Provider.ReportUseAsync(environment.Call(), environment.InUseCredential, default);
}
