using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>One user with two passwords, at a stand-in that keeps two as MySQL does: no server can be had here.</summary>
public sealed class MySqlPasswordTests
{
    private const string New = "the-new-0123456789abcdef";
    private const string Other = "another-0123456789abcdef";
    private static readonly MySqlPasswordProvider Provider = new();

    [Theory]
    [InlineData(MySqlAccount.CachingSha2)]
    [InlineData(MySqlAccount.Native)]
    public async Task Conforms(string plugin)
    {
        await using var environment = new MySqlPasswordEnvironment(plugin);
        await ProviderConformanceSuite.RunAsync(environment);
    }

    /// <summary>An example of caching_sha2_password that others compute, too (hashcat's, mode 7401), and one of
    /// mysql_native_password.</summary>
    [Fact]
    public void What_is_kept_of_a_password_is_computed_as_the_server_does()
    {
        using var value = SecretValue.FromText("hashcat");
        Assert.Equal(
            "bTy95Y99eAME1dwEkHOA1ndHGBWz.1bxSSRkuTXFGV/",
            MySqlHashes.Crypt("hashcat"u8, Convert.FromHexString("F9CC98CE08892924F50A213B6BC571A2C11778C5"), 5000));
        var salt = "\u0001'\\3456789012345678\u007f"u8.ToArray();
        Assert.True(MySqlHashes.IsOf(value, MySqlHashes.Sha2(value, salt)));
        using var password = SecretValue.FromText("password");
        Assert.Equal("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", MySqlHashes.Native(password));
        Assert.False(MySqlHashes.IsOf(password, MySqlHashes.Sha2(value, salt)));
        Assert.Throws<MySqlSetupException>(() => MySqlHashes.IsOf(password, "$B$005$"));
    }

    [Fact]
    public async Task Both_passwords_work_beside_each_other_until_the_old_one_is_discarded()
    {
        await using var world = new MySqlPasswordEnvironment();
        await ApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal((Validity.Valid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        await EndAsync(world, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal((Validity.Valid, Validity.Invalid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        Assert.Equal(2, world.Users.Changes.Count);
    }

    [Theory]
    [InlineData(MySqlAccount.CachingSha2)]
    [InlineData(MySqlAccount.Native)]
    public async Task The_way_back_makes_the_old_password_the_only_one_without_knowing_it(string plugin)
    {
        await using var world = new MySqlPasswordEnvironment(plugin);
        await ApplyAsync(world, New, null);
        await EndAsync(world, New);
        Assert.Equal((Validity.Invalid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        Assert.Null(world.Account.Second);
        Assert.Equal(plugin, world.Account.Plugin);
    }

    /// <summary>Somebody discarded the old one meanwhile, or a statement ran twice: what is left is all that anybody can log in
    /// with.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_way_back_leaves_the_only_password(bool isTwice)
    {
        await using var world = new MySqlPasswordEnvironment();
        await ApplyAsync(world, New, null);
        world.Account.Second = isTwice ? world.Users.Keep(world.Account.Plugin, New) : null;
        using var value = SecretValue.FromText(New);
        var undo = world.Call() with { Step = "undo-apply" };

        var refused = await Provider.RevokeAsync(undo, world.Credential, value, default);

        Assert.Equal(StepOutcomeKind.Rejected, refused.Kind);
        Assert.Contains("only one of orders@%", refused.Reason);
        Assert.Single(world.Users.Changes);
        world.Account.Second = world.Users.Keep(world.Account.Plugin, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal(StepOutcomeKind.Done, (await Provider.RevokeAsync(undo, world.Credential, value, default)).Kind);
        Assert.Equal((Validity.Invalid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
    }

    /// <summary>A second RETAIN CURRENT PASSWORD would make the new value the old one as well, and end the one in use.</summary>
    [Fact]
    public async Task An_answer_that_is_lost_does_not_end_the_password_in_use()
    {
        await using var world = new MySqlPasswordEnvironment();
        world.Users.LoseAnswerOf = "RETAIN CURRENT PASSWORD";
        var outcome = await TryApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal(StepOutcomeKind.Unknown, outcome.Kind);
        Assert.DoesNotContain(New, outcome.Reason);
        world.Users.LoseAnswerOf = null;
        await ApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal((Validity.Valid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        Assert.Single(world.Users.Changes);
    }

    [Theory]
    [InlineData("AS 0x")]
    [InlineData("DISCARD OLD PASSWORD")]
    public async Task A_way_back_that_stops_anywhere_is_gone_to_its_end(string statement)
    {
        await using var world = new MySqlPasswordEnvironment();
        await ApplyAsync(world, New, null);
        world.Users.LoseAnswerOf = statement;
        Assert.False((await TryEndAsync(world, New)).Succeeded);
        Assert.Equal(Validity.Valid, (await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword)).Two);
        world.Users.LoseAnswerOf = null;
        await EndAsync(world, New);
        Assert.Equal((Validity.Invalid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        Assert.Null(world.Account.Second);
    }

    /// <summary>A rotation was stopped after it had set its value: the one in use is the second password, and a third would end
    /// it.</summary>
    [Fact]
    public async Task What_a_stopped_rotation_left_is_ended_and_not_the_value_in_use()
    {
        await using var world = new MySqlPasswordEnvironment();
        await ApplyAsync(world, Other, MySqlPasswordEnvironment.FirstPassword);
        var blind = await TryApplyAsync(world, New, null);
        Assert.Equal(StepOutcomeKind.Rejected, blind.Kind);
        Assert.Contains("two passwords already", blind.Reason);
        Assert.Contains("second password", (await Provider.ValidateAsync(world.Call(), default)).Facts!["warning"]);

        world.Users.RefuseOf = ("RETAIN CURRENT PASSWORD", 1205);
        Assert.Equal(
            StepOutcomeKind.Unknown,
            (await TryApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword)).Kind);
        Assert.Equal(Validity.Valid, (await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword)).Two);
        world.Users.RefuseOf = null;
        await ApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal((Validity.Valid, Validity.Valid), await BothAsync(world, New, MySqlPasswordEnvironment.FirstPassword));
        Assert.Equal(Validity.Invalid, (await BothAsync(world, Other, New)).One);
    }

    [Fact]
    public async Task The_only_password_is_replaced_by_one_that_nobody_knows_and_a_new_one_can_be_set()
    {
        await using var world = new MySqlPasswordEnvironment();
        await EndAsync(world, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal(Validity.Invalid, (await BothAsync(world, MySqlPasswordEnvironment.FirstPassword, New)).One);
        await ApplyAsync(world, New, MySqlPasswordEnvironment.FirstPassword);
        Assert.Equal(Validity.Valid, (await BothAsync(world, New, Other)).One);
    }

    [Theory]
    [InlineData("O'Brien \\' -- `x`")]
    [InlineData("orders%_\"")]
    public async Task Every_printable_character_logs_in_and_every_name_is_exact(string user)
    {
        await using var world = new MySqlPasswordEnvironment(user: user);
        var current = MySqlPasswordEnvironment.FirstPassword;
        foreach (var text in OddValues.Of(() => "plain"))
        {
            var outcome = await TryApplyAsync(world, text, current);
            Assert.Equal(
                text.All(c => c is >= ' ' and <= '~') ? StepOutcomeKind.Done : StepOutcomeKind.NewValueNeeded,
                outcome.Kind);
            if (outcome.Succeeded)
            {
                Assert.Equal((Validity.Valid, Validity.Valid), await BothAsync(world, text, current));
                await EndAsync(world, current);
                current = text;
            }
        }
    }

    [Fact]
    public async Task A_policy_asks_for_another_value_and_a_right_that_is_lacking_refuses_the_step()
    {
        await using var world = new MySqlPasswordEnvironment();
        world.Users.Refuses = _ => true;
        var refused = await TryApplyAsync(world, New, null);
        Assert.Equal(StepOutcomeKind.NewValueNeeded, refused.Kind);
        Assert.Contains("password policy", refused.Reason);
        Assert.DoesNotContain(New, refused.Reason);
        world.Users["rotunda"].Grants = ["GRANT SELECT ON `mysql`.* TO {}"];
        Assert.Equal(StepOutcomeKind.Rejected, (await TryApplyAsync(world, New, null)).Kind);
        Assert.Empty(world.Users.Changes);
    }

    [Fact]
    public async Task A_server_without_dual_passwords_is_refused_with_a_way_out()
    {
        await using var world = new MySqlPasswordEnvironment();
        world.Users.Version = "8.0.13";
        var outcome = await Provider.ValidateAsync(world.Call(), default);
        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("MySQL 8.0.13", outcome.Reason);
        Assert.Contains("type: mysql-users", outcome.Reason);
        Assert.Equal(StepOutcomeKind.Rejected, (await TryApplyAsync(world, New, null)).Kind);
        Assert.Equal(StepOutcomeKind.Rejected, (await TryEndAsync(world, New)).Kind);
    }

    /// <summary>A replica that is behind refuses what the primary takes: that says nothing against the value.</summary>
    [Fact]
    public async Task A_replica_that_is_behind_is_waited_for()
    {
        await using var world = new MySqlPasswordEnvironment();
        await using var replica = new MySqlPasswordEnvironment();
        var settings = world.With(("verifyAt", new JsonArray($"127.0.0.1:{world.Server.Port}", $"localhost:{replica.Server.Port}")));
        await ApplyAsync(world, New, null);
        async Task<Verification> VerifyAsync(string text)
        {
            using var value = SecretValue.FromText(text);
            return await Provider.VerifyAsync(world.Call(settings: settings), world.Credential, value, default);
        }

        var behind = await VerifyAsync(New);
        Assert.Equal(Validity.CannotTell, behind.Validity);
        Assert.Contains($"localhost:{replica.Server.Port} does not (yet)", behind.Detail);
        await ApplyAsync(replica, New, null);
        Assert.Equal(Validity.Valid, (await VerifyAsync(New)).Validity);
        Assert.Equal(Validity.Invalid, (await VerifyAsync(Other)).Validity);
    }

    [Fact]
    public async Task Sessions_are_ended_with_the_old_password_where_that_is_wanted()
    {
        await using var world = new MySqlPasswordEnvironment();
        var settings = world.With(("endSessions", true));
        var outcome = await Provider.ValidateAsync(world.Call(settings: settings), default);
        Assert.Contains("CONNECTION_ADMIN", outcome.Reason);
        world.Users["rotunda"].Grants.Add("GRANT CONNECTION_ADMIN ON *.* TO {}");
        Assert.True((await Provider.ValidateAsync(world.Call(settings: settings), default)).Succeeded);
        await ApplyAsync(world, New, null);
        await using var client = new MySqlConnector.MySqlConnection(
            $"Server=127.0.0.1;Port={world.Server.Port};User ID=orders;Password={New};Pooling=false;SslMode=Disabled");
        await client.OpenAsync();
        using var old = SecretValue.FromText(MySqlPasswordEnvironment.FirstPassword);
        var ended = await Provider.RevokeAsync(world.Call(settings: settings), world.Credential, old, default);
        Assert.Equal(("1", "1"), (ended.Facts!["accounts changed"], ended.Facts["sessions ended"]));
    }

    private static async Task ApplyAsync(MySqlPasswordEnvironment world, string text, string? current)
    {
        var outcome = await TryApplyAsync(world, text, current);
        Assert.Equal((StepOutcomeKind.Done, null), (outcome.Kind, outcome.Reason));
    }

    private static async Task<StepOutcome> TryApplyAsync(MySqlPasswordEnvironment world, string text, string? current)
    {
        using var value = SecretValue.FromText(text);
        using var before = current is null ? null : SecretValue.FromText(current);
        return await Provider.ApplyAsync(world.Call(), world.Credential, value, before, default);
    }

    private static async Task EndAsync(MySqlPasswordEnvironment world, string text)
    {
        var outcome = await TryEndAsync(world, text);
        Assert.True(outcome.Succeeded, outcome.Reason);
    }

    private static async Task<StepOutcome> TryEndAsync(MySqlPasswordEnvironment world, string text)
    {
        using var value = SecretValue.FromText(text);
        return await Provider.RevokeAsync(world.Call(), world.Credential, value, default);
    }

    private static async Task<(Validity One, Validity Two)> BothAsync(MySqlPasswordEnvironment world, string one, string two)
    {
        using var first = SecretValue.FromText(one);
        using var second = SecretValue.FromText(two);
        return ((await Provider.VerifyAsync(world.Call(), world.Credential, first, default)).Validity,
            (await Provider.VerifyAsync(world.Call(), world.Credential, second, default)).Validity);
    }
}
