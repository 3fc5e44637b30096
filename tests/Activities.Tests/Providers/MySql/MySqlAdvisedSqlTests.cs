using System.Reflection;
using MySqlConnector;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Every statement that a message advises for MariaDB is run where it is needed: what was refused before is done after it. Those
/// that MySQL alone has are held against what MariaDB says of them: it knows no such right, or no such clause.</summary>
[Collection(MariaDbTestGroup.Name)]
public sealed class MySqlAdvisedSqlTests(MariaDbFixture fixture)
{
    private const string Password = "pass-0123456789";

    /// <summary>For each statement: itself, who needs it (else who may do everything), and what fails before it and works after. {n} is
    /// the user.</summary>
    private static readonly Dictionary<string, Scene> Scenes = new(StringComparer.Ordinal)
    {
        [nameof(MySqlAdvisedSql.LetAlterUsers)] = new(n => MySqlAdvisedSql.LetAlterUsers($"{n}@%"), "ALTER USER `{n}_b` ACCOUNT LOCK"),
        [nameof(MySqlAdvisedSql.LetReadAccounts)] = new(n => MySqlAdvisedSql.LetReadAccounts($"{n}@%"), "SHOW GRANTS FOR `{n}_b`"),
        [nameof(MySqlAdvisedSql.LetSeeSessions)] = new(
            n => MySqlAdvisedSql.LetSeeSessions($"{n}@%"), "SHOW ENGINE INNODB STATUS"),
        [nameof(MySqlAdvisedSql.LetEndSessions)] = new(
            n => MySqlAdvisedSql.LetEndSessions($"{n}@%", mariaDb: true), "KILL CONNECTION {id}"),
        [nameof(MySqlAdvisedSql.Lock)] = new(n => MySqlAdvisedSql.Lock(Account(n)), "SELECT 1", Fails: true),
        [nameof(MySqlAdvisedSql.Unlock)] = new(n => MySqlAdvisedSql.Unlock(Account(n)), "SELECT 1", Locked: true),
        [nameof(MySqlAdvisedSql.Drop)] = new(n => MySqlAdvisedSql.Drop(n, "%"), "SELECT 1", Fails: true),
    };

    public static TheoryData<string> Names => [.. Scenes.Keys];

    private MariaDbServer Server => fixture.Server;

    [Fact]
    public async Task Every_statement_has_its_scene_or_is_of_MySQL_alone()
    {
        string[] mySqlAlone = [nameof(MySqlAdvisedSql.LetAlterSystemUsers), nameof(MySqlAdvisedSql.DiscardSecond)];
        Assert.Equal(
            typeof(MySqlAdvisedSql).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order(),
            Scenes.Keys.Concat(mySqlAlone).Order());
        foreach (var statement in new[] { MySqlAdvisedSql.LetAlterSystemUsers("a@%"), MySqlAdvisedSql.DiscardSecond(Account("a")) })
        {
            var refused = await Assert.ThrowsAsync<MySqlException>(() => Server.RunAsync(statement));
            Assert.Equal(1064, refused.Number);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_advised_works(string name)
    {
        var scene = Scenes[name];
        var user = fixture.NewName() + " `o'k\\";
        await Server.RunAsync(
            $"CREATE USER {MySqlText.Name(user)} IDENTIFIED BY '{Password}'{(scene.Locked ? " ACCOUNT LOCK" : "")}",
            $"CREATE USER {MySqlText.Name(user + "_b")} IDENTIFIED BY '{Password}'");
        await using var other = await Server.ConnectAsync(user + "_b", Password);
        Task NeedAsync() => RunAsync(user, scene.Needed
            .Replace("`{n}_b`", MySqlText.Name(user + "_b"))
            .Replace("{id}", $"{other.ServerThread}"));

        await (scene.Fails ? NeedAsync() : Assert.ThrowsAnyAsync<MySqlException>(NeedAsync));
        await Server.RunAsync(scene.Advised(user));
        await (scene.Fails ? Assert.ThrowsAnyAsync<MySqlException>(NeedAsync) : NeedAsync());
    }

    private async Task RunAsync(string user, string statement)
    {
        await using var connection = await Server.ConnectAsync(user, Password);
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static MySqlAccount Account(string user) => new(user, "%", MySqlAccount.Native, false, false, []);

    private sealed record Scene(Func<string, string> Advised, string Needed, bool Fails = false, bool Locked = false);
}
