using System.Reflection;
using MySqlConnector;
using Rotunda.Providers.SqlDatabases.MySql;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.MySql;

/// <summary>Every statement that a message advises for MySQL is run at one where it is needed: what was refused before is done after
/// it.</summary>
[Collection(RealMySqlTestGroup.Name)]
public sealed class RealMySqlAdvisedSqlTests(RealMySqlFixture fixture)
{
    private const string Password = "pass-0123456789";

    /// <summary>For each statement: itself, and what fails before it and works after, or the other way round. {n} is the user.</summary>
    private static readonly Dictionary<string, Scene> Scenes = new(StringComparer.Ordinal)
    {
        [nameof(MySqlAdvisedSql.LetAlterUsers)] = new(n => MySqlAdvisedSql.LetAlterUsers($"{n}@%"), "ALTER USER {b} ACCOUNT LOCK"),
        [nameof(MySqlAdvisedSql.LetReadAccounts)] = new(n => MySqlAdvisedSql.LetReadAccounts($"{n}@%"), "SHOW GRANTS FOR {b}"),
        [nameof(MySqlAdvisedSql.LetSeeSessions)] = new(n => MySqlAdvisedSql.LetSeeSessions($"{n}@%"), "SHOW ENGINE INNODB STATUS"),
        [nameof(MySqlAdvisedSql.LetEndSessions)] = new(
            n => MySqlAdvisedSql.LetEndSessions($"{n}@%", mariaDb: false), "KILL CONNECTION {id}"),
        [nameof(MySqlAdvisedSql.LetAlterSystemUsers)] = new(
            n => MySqlAdvisedSql.LetAlterSystemUsers($"{n}@%"),
            "ALTER USER {b} ACCOUNT LOCK",
            Before: n => [MySqlAdvisedSql.LetAlterUsers($"{n}@%"), MySqlAdvisedSql.LetAlterSystemUsers($"{n}_b@%")]),
        [nameof(MySqlAdvisedSql.DiscardSecond)] = new(
            n => MySqlAdvisedSql.DiscardSecond(Account(n)),
            "SELECT 1",
            Fails: true,
            Before: n => [$"ALTER USER {MySqlText.Name(n)} IDENTIFIED BY 'other-0123456789' RETAIN CURRENT PASSWORD"]),
        [nameof(MySqlAdvisedSql.Lock)] = new(n => MySqlAdvisedSql.Lock(Account(n)), "SELECT 1", Fails: true),
        [nameof(MySqlAdvisedSql.Unlock)] = new(
            n => MySqlAdvisedSql.Unlock(Account(n)), "SELECT 1", Before: n => [MySqlAdvisedSql.Lock(Account(n))]),
        [nameof(MySqlAdvisedSql.Drop)] = new(n => MySqlAdvisedSql.Drop(n, "%"), "SELECT 1", Fails: true),
    };

    public static TheoryData<string> Names => [.. Scenes.Keys];

    private RealMySqlServer Server => fixture.Server;

    [Fact]
    public void Every_statement_has_its_scene() => Assert.Equal(
        typeof(MySqlAdvisedSql).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order(),
        Scenes.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_advised_works(string name)
    {
        var scene = Scenes[name];
        var user = fixture.NewName() + " `o'k\\";
        await Server.RunAsync(
        [
            $"CREATE USER {MySqlText.Name(user)} IDENTIFIED BY '{Password}'",
            $"CREATE USER {MySqlText.Name(user + "_b")} IDENTIFIED BY '{Password}'",
            .. scene.Before?.Invoke(user) ?? [],
        ]);
        await using var other = await Server.ConnectAsync(user + "_b", Password);
        Task NeedAsync() => RunAsync(
            user,
            scene.Needed.Replace("{b}", MySqlText.Name(user + "_b")).Replace("{id}", $"{other.ServerThread}"));

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

    private static MySqlAccount Account(string user) => new(user, "%", MySqlAccount.CachingSha2, false, false, []);

    private sealed record Scene(Func<string, string> Advised, string Needed, bool Fails = false, Func<string, string[]>? Before = null);
}
