using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.MongoDb;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.MongoDb;

/// <summary>Two users in turn, at a stand-in that speaks the protocol: no server can be had here.</summary>
public sealed class MongoTests
{
    private static readonly MongoProvider Provider = new();
    private static readonly CredentialHandle InUse = new(MongoEnvironment.Used, MongoEnvironment.Used, null);

    /// <summary>In words, and not the driver's name for it.</summary>
    [Theory]
    [InlineData("mongodb://127.0.0.1:1/?directConnection=true", "connection refused: nothing listens at that port", false)]
    [InlineData("mongodb://nowhere.invalid/?tls=true&directConnection=true", "its name is not found", true)]
    public async Task Why_a_server_is_not_reached_is_told(string address, string why, bool byLogin)
    {
        await using var environment = new MongoEnvironment();
        var settings = environment.Settings;
        (settings["address"], settings["connectTimeout"]) = (address, "1s");
        using var value = SecretValue.FromText(MongoEnvironment.InUsePassword);

        var told = byLogin
            ? (await Provider.VerifyAsync(environment.Call(settings: settings), environment.Credential, value, default)).Detail
            : (await Provider.ValidateAsync(environment.Call(settings: settings), default)).Reason;

        Assert.Contains($"cannot be asked ({why})", told);
    }

    [Fact]
    public async Task Conforms()
    {
        await using var environment = new MongoEnvironment();
        await ProviderConformanceSuite.RunAsync(environment);
    }

    [Fact]
    public async Task A_new_password_changes_nothing_else_and_the_other_user_is_never_touched()
    {
        await using var environment = new MongoEnvironment();
        var before = environment.Users[MongoEnvironment.Idle]!.Mechanisms.ToString();

        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, environment.Call(), "new-0123456789")).Kind);

        Assert.Equal("new-0123456789", environment.Users[MongoEnvironment.Idle]!.Password);
        Assert.Equal(before, environment.Users[MongoEnvironment.Idle]!.Mechanisms.ToString());
        Assert.Equal(MongoEnvironment.InUsePassword, environment.Users[MongoEnvironment.Used]!.Password);
        Assert.Equal(Validity.Valid, await TryAsync(environment, InUse, MongoEnvironment.InUsePassword));
        // The way back is the revoke of the idle one.
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(), environment.Credential, default)).Kind);
        Assert.Equal(Validity.Invalid, await TryAsync(environment, environment.Credential, "new-0123456789"));
        Assert.Equal(Validity.Valid, await TryAsync(environment, InUse, MongoEnvironment.InUsePassword));
    }

    [Fact]
    public async Task Another_user_is_refused()
    {
        await using var environment = new MongoEnvironment();
        var reader = new CredentialHandle("reader", "reader", null);
        using var value = SecretValue.FromText("new-0123456789");

        Assert.Equal(
            (StepOutcomeKind.Rejected, StepOutcomeKind.Rejected),
            ((await Provider.ApplyAsync(environment.Call(), reader, value, null, default)).Kind,
                (await Provider.RevokeAsync(environment.Call(), reader, default)).Kind));
        Assert.Equal(Validity.CannotTell, await TryAsync(environment, reader, "new-0123456789"));
    }

    [Fact]
    public async Task Every_printable_character_logs_in_and_what_no_login_takes_is_made_anew()
    {
        await using var environment = new MongoEnvironment();
        foreach (var text in OddValues.Of(() => "plain"))
        {
            var outcome = await ApplyAsync(environment, environment.Call(), text);
            Assert.Equal(text.Any(char.IsControl) ? StepOutcomeKind.NewValueNeeded : StepOutcomeKind.Done, outcome.Kind);
            if (outcome.Succeeded)
            {
                Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, text));
            }
        }

        Assert.Equal(StepOutcomeKind.NewValueNeeded, (await ApplyAsync(environment, environment.Call(), "")).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_confirmed_is_not_known_and_the_next_attempt_sets_it_again(bool lost)
    {
        await using var environment = new MongoEnvironment();
        const string text = "lost-0123456789abcdef";
        (environment.Users.LoseAnswerOf, environment.Users.WithoutMajority) = (lost ? "updateUser" : null, !lost);

        var outcome = await ApplyAsync(environment, environment.Call(), text);
        var revoked = await Provider.RevokeAsync(environment.Call(), InUse, default);

        Assert.Equal((StepOutcomeKind.Unknown, StepOutcomeKind.Unknown), (outcome.Kind, revoked.Kind));
        Assert.DoesNotContain(text, outcome.Reason);
        (environment.Users.LoseAnswerOf, environment.Users.WithoutMajority) = (null, false);
        Assert.Equal(Validity.Valid, await TryAsync(environment, environment.Credential, text));
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, environment.Call(2), text)).Kind);
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(environment.Call(2), InUse, default)).Kind);
    }

    [Fact]
    public async Task An_answer_that_is_lost_before_anything_was_sent_is_tried_later()
    {
        await using var environment = new MongoEnvironment();
        environment.Users.LoseAnswerOf = "usersInfo";

        Assert.Equal(StepOutcomeKind.RetryLater, (await ApplyAsync(environment, environment.Call(), "new-0123456789")).Kind);
        Assert.Equal("nobody-s-0123456789", environment.Users[MongoEnvironment.Idle]!.Password);
    }

    [Fact]
    public async Task A_right_that_is_lacking_is_said_before_and_nothing_happens()
    {
        await using var environment = new MongoEnvironment();
        environment.Users["rotunda"]!.Actions = ["viewUser"];

        var checkedFirst = await Provider.ValidateAsync(environment.Call(), default);
        var outcome = await ApplyAsync(environment, environment.Call(), "new-0123456789");

        Assert.Equal((StepOutcomeKind.Rejected, StepOutcomeKind.Rejected), (checkedFirst.Kind, outcome.Kind));
        Assert.Contains("changePassword", checkedFirst.Reason);
        Assert.Equal(Use.CannotTell, (await Provider.ReportUseAsync(environment.Call(), InUse, default)).Use);
    }

    [Fact]
    public async Task A_member_that_is_no_primary_any_more_says_nothing_sure_of_what_was_sent()
    {
        await using var environment = new MongoEnvironment();
        environment.Server.IsSecondary = true;

        Assert.Equal(StepOutcomeKind.Unknown, (await ApplyAsync(environment, environment.Call(), "new-0123456789")).Kind);
    }

    [Fact]
    public async Task All_that_differs_is_told_at_once()
    {
        await using var environment = new MongoEnvironment();
        var idle = environment.Users[MongoEnvironment.Idle]!;
        idle.Roles = [new BsonDocument { { "role", "read" }, { "db", "orders" } }];
        idle.Mechanisms = ["SCRAM-SHA-256"];
        idle.Restrictions = [new BsonDocument("clientSource", new BsonArray { "192.0.2.0/24" })];

        var reason = (await Provider.ValidateAsync(environment.Call(), default)).Reason;

        Assert.All(["read@orders", "readWrite@orders", "SCRAM-SHA-1", "clientSource 192.0.2.0/24"], text => Assert.Contains(text, reason));
    }

    [Fact]
    public async Task Whoever_is_logged_in_at_any_member_of_a_replica_set_is_seen()
    {
        await using var environment = new MongoEnvironment();
        await using var secondary = new FakeMongo(environment.Users);
        environment.Server.Members = secondary.Members = [environment.Server.Host, secondary.Host];
        Assert.Equal(Use.NotUsed, (await Provider.ReportUseAsync(environment.Call(), InUse, default)).Use);

        using (var client = await LoggedInAsync(secondary))
        {
            var report = await Provider.ReportUseAsync(environment.Call(), InUse, default);
            Assert.Equal(Use.InUse, report.Use);
            Assert.Contains("1 connection(s) logged in as orders_a, by orders", report.Detail);
            MongoLogin.Close(client.Cluster);
        }

        secondary.AssertClean();
    }

    [Fact]
    public async Task A_member_that_cannot_be_asked_or_a_router_leaves_no_evidence_that_nobody_is_there()
    {
        await using var environment = new MongoEnvironment();
        environment.Server.Members = [environment.Server.Host, "127.0.0.1:1"];
        var settings = environment.With("connectTimeout", "1s");
        Assert.Equal(Use.CannotTell, (await Provider.ReportUseAsync(environment.Call(settings: settings), InUse, default)).Use);

        (environment.Server.Members, environment.Users.IsRouter) = ([], true);
        Assert.Equal(Use.CannotTell, (await Provider.ReportUseAsync(environment.Call(), InUse, default)).Use);
        using var client = await LoggedInAsync(environment.Server);
        Assert.Equal(Use.InUse, (await Provider.ReportUseAsync(environment.Call(), InUse, default)).Use);
        MongoLogin.Close(client.Cluster);
    }

    [Theory]
    [InlineData("mongodb+srv://mongo.example.com", null)]
    [InlineData("mongodb://one.example.com,two.example.com:27018/?replicaSet=rs0&tls=true", null)]
    [InlineData("mongodb://[::1]:27017", null)]
    [InlineData("mongodb://one.example.com,two.example.com/?replicaSet=rs0", "without TLS")]
    [InlineData("mongodb+srv://mongo.example.com/?tlsInsecure=true", "any certificate")]
    [InlineData("mongodb+srv://me:mine@mongo.example.com", "holds a login")]
    [InlineData("postgres://mongo.example.com", "no address")]
    public void An_address_leads_to_several_servers_by_TLS_and_holds_no_login(string address, string? problem)
    {
        var settings = new JsonObject { ["address"] = address, ["accounts"] = new JsonArray("a", "b"), ["user"] = "r" };
        MongoSetup Read() => MongoSetup.Read(new(settings, new FixedReferences(new Dictionary<string, string>())));

        if (problem is null)
        {
            Assert.Equal(["a", "b"], Read().Accounts);
        }
        else
        {
            Assert.Contains(problem, Assert.Throws<MongoSetupException>(Read).Message);
        }
    }

    private static async Task<MongoClient> LoggedInAsync(FakeMongo server)
    {
        var settings = MongoLogin.SettingsFor(
            new(server.Address),
            MongoCredential.CreateCredential("admin", MongoEnvironment.Used, MongoEnvironment.InUsePassword),
            TimeSpan.FromSeconds(10));
        var client = new MongoClient(settings);
        await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("connectionStatus", 1));
        return client;
    }

    private static async Task<StepOutcome> ApplyAsync(MongoEnvironment environment, ProviderCall call, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Provider.ApplyAsync(call, environment.Credential, value, null, default);
    }

    private static async Task<Validity> TryAsync(MongoEnvironment environment, CredentialHandle user, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await Provider.VerifyAsync(environment.Call(), user, value, default)).Validity;
    }
}
