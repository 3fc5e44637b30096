using System.Reflection;
using Npgsql;
using Rotunda.Postgres;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Every statement that a message advises is run where it is needed: what was refused before is done after it.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class AdvisedSqlTests(PostgresFixture postgres)
{
    private const string Password = "pass-1234";

    /// <summary>For each statement: what is made before it, the statement with its arguments, and what fails before it and works after.
    /// {r} and {s} are roles (r may log in), {t} is a table of its owner's, {d} a database, {n} a schema.</summary>
    private static readonly Dictionary<string, Scene> Scenes = new(StringComparer.Ordinal)
    {
        [nameof(AdvisedSql.CreateRole)] = new("", n => AdvisedSql.CreateRole($"{n.R}_new"), "COMMENT ON ROLE {r}_new IS 'x'"),
        [nameof(AdvisedSql.LetLogIn)] = new("ALTER ROLE {r} NOLOGIN", n => AdvisedSql.LetLogIn(n.R), "SELECT 1", AsRole: true),
        [nameof(AdvisedSql.NeverExpire)] =
            new("ALTER ROLE {r} VALID UNTIL '2001-01-01'", n => AdvisedSql.NeverExpire(n.R), "SELECT 1", AsRole: true),
        [nameof(AdvisedSql.LetCreateRoles)] = new("", n => AdvisedSql.LetCreateRoles(n.R), "CREATE ROLE {r}_made", AsRole: true),
        [nameof(AdvisedSql.LetBe)] = new(
            "ALTER ROLE {r} CONNECTION LIMIT 0", n => AdvisedSql.LetBe(n.R, "CONNECTION LIMIT -1"), "SELECT 1", AsRole: true),
        [nameof(AdvisedSql.MakeMember)] = new("", n => AdvisedSql.MakeMember(n.R, n.S), "SET ROLE {s}", AsRole: true),
        [nameof(AdvisedSql.MakeMemberWith)] = new(
            "GRANT {s} TO {r} WITH SET FALSE",
            n => AdvisedSql.MakeMemberWith(n.R, n.S, inherit: false, set: true),
            "SET ROLE {s}",
            AsRole: true,
            From: 16),
        [nameof(AdvisedSql.LeaveGroup)] = new(
            "GRANT {s} TO {r}",
            n => AdvisedSql.LeaveGroup(n.R, n.S),
            "SELECT 1 / (NOT pg_has_role('{s}', 'MEMBER'))::int",
            AsRole: true),
        [nameof(AdvisedSql.Inherit)] = new(
            "ALTER ROLE {r} NOINHERIT; GRANT {s} TO {r}; GRANT SELECT ON {t} TO {s}",
            n => AdvisedSql.Inherit(n.R),
            "SELECT a FROM {t}",
            AsRole: true,
            To: 15),
        [nameof(AdvisedSql.LetEndSessionsAtOnce)] = new(
            "GRANT pg_signal_backend TO {r} WITH INHERIT FALSE",
            n => AdvisedSql.LetEndSessionsAtOnce(n.R),
            "SELECT 1 / pg_has_role('pg_signal_backend', 'USAGE')::int",
            AsRole: true,
            From: 16),
        [nameof(AdvisedSql.LetSeeSessions)] =
            new("", n => AdvisedSql.LetSeeSessions(n.R), "SELECT 1 / pg_has_role('pg_read_all_stats', 'USAGE')::int", AsRole: true),
        [nameof(AdvisedSql.LetAdminister)] = new(
            "CREATE ROLE {r}_third",
            n => AdvisedSql.LetAdminister(n.S, n.R),
            "GRANT {s} TO {r}_third",
            AsRole: true),
        [nameof(AdvisedSql.ActAs)] =
            new("GRANT {s} TO {r}", n => AdvisedSql.ActAs(n.R, n.S), "SELECT 1 / (current_user = '{s}')::int", AsRole: true),
        [nameof(AdvisedSql.LetEndSessions)] =
            new("", n => AdvisedSql.LetEndSessions(n.R), "SELECT 1 / pg_has_role('pg_signal_backend', 'USAGE')::int", AsRole: true),
        [nameof(AdvisedSql.LetConnect)] = new(
            "CREATE DATABASE {d}; REVOKE CONNECT ON DATABASE {d} FROM PUBLIC",
            n => AdvisedSql.LetConnect(n.R, n.D),
            "SELECT 1",
            AsRole: true,
            InDatabase: true),
        [nameof(AdvisedSql.LetUseSchema)] = new(
            "CREATE SCHEMA {n}; CREATE TABLE {n}.t (a int); GRANT SELECT ON {n}.t TO {r}",
            n => AdvisedSql.LetUseSchema(n.R, n.N),
            "SELECT * FROM {n}.t",
            AsRole: true),
        [nameof(AdvisedSql.LetMakeTables)] =
            new("CREATE SCHEMA {n}", n => AdvisedSql.LetMakeTables(n.R, n.N), "CREATE TABLE {n}.t (a int)", AsRole: true),
        [nameof(AdvisedSql.MakeSchema)] = new("", n => AdvisedSql.MakeSchema(n.R, n.N), "CREATE TABLE {n}.t (a int)", AsRole: true),
        [nameof(AdvisedSql.OpenWhatIsMade)] = new(
            "CREATE SCHEMA {n}; GRANT USAGE ON SCHEMA {n} TO {r}",
            n => $"{AdvisedSql.OpenWhatIsMade(n.S, n.N, "SELECT", "TABLES", n.R)} "
                + $"{AdvisedSql.OpenWhatIsMade(n.S, null, "USAGE", "TYPES", "")}",
            "SELECT 1 / (SELECT count(*) FROM pg_default_acl d, aclexplode(d.defaclacl) a WHERE a.grantee = '{r}'::regrole)"),
        [nameof(AdvisedSql.LetRead)] = new("", n => AdvisedSql.LetRead(n.R, n.T, ["a", "b c"]), "SELECT a, \"b c\" FROM {t}", AsRole: true),
        [nameof(AdvisedSql.LetReadAndUpdate)] =
            new("", n => AdvisedSql.LetReadAndUpdate(n.R, n.T, "b c"), "UPDATE {t} SET \"b c\" = upper(\"b c\")", AsRole: true),
        [nameof(AdvisedSql.LetWork)] =
            new("", n => AdvisedSql.LetWork(n.R, n.T), "INSERT INTO {t} VALUES (7, 'x'); DELETE FROM {t} WHERE a = 7", AsRole: true),
        [nameof(AdvisedSql.LetSeeAllRows)] = new(
            "GRANT SELECT ON {t} TO {r}; ALTER TABLE {t} ENABLE ROW LEVEL SECURITY",
            n => AdvisedSql.LetSeeAllRows(n.R),
            "SELECT 1 / count(*) FROM {t}",
            AsRole: true),
        [nameof(AdvisedSql.RequireValue)] = new(
            "",
            n => AdvisedSql.RequireValue(n.T, "b c"),
            "SELECT 1 / (SELECT attnotnull::int FROM pg_attribute WHERE attrelid = '{t}'::regclass AND attname = 'b c')"),
        [nameof(AdvisedSql.MakeUnique)] = new(
            "",
            n => AdvisedSql.MakeUnique(n.T, ["a", "b c"], isPartitioned: false),
            "INSERT INTO {t} VALUES (1, 'one') ON CONFLICT (a, \"b c\") DO NOTHING"),
        ["MakeUnique, partitioned"] = new(
            "DROP TABLE {t}; CREATE TABLE {t} (a int, \"b c\" text) PARTITION BY RANGE (a); CREATE TABLE {t}_1 PARTITION OF {t} DEFAULT",
            n => AdvisedSql.MakeUnique(n.T, ["a", "b c"], isPartitioned: true),
            "INSERT INTO {t} VALUES (1, 'one') ON CONFLICT (a, \"b c\") DO NOTHING"),
        [nameof(AdvisedSql.IdentifyByPrimaryKey)] = new(
            "ALTER TABLE {t} ADD PRIMARY KEY (a), REPLICA IDENTITY NOTHING; CREATE PUBLICATION {n} FOR TABLE {t}",
            n => AdvisedSql.IdentifyByPrimaryKey(n.T),
            "UPDATE {t} SET \"b c\" = 'x'"),
        [nameof(AdvisedSql.IdentifyByIndex)] = new(
            "ALTER TABLE {t} ALTER a SET NOT NULL; CREATE UNIQUE INDEX \"{n} i\" ON {t} (a); CREATE PUBLICATION {n} FOR TABLE {t}",
            n => AdvisedSql.IdentifyByIndex(n.T, $"\"{n.N} i\""),
            "UPDATE {t} SET \"b c\" = 'x'"),
        [nameof(AdvisedSql.IdentifyByWholeRow)] =
            new("CREATE PUBLICATION {n} FOR TABLE {t}", n => AdvisedSql.IdentifyByWholeRow(n.T), "UPDATE {t} SET \"b c\" = 'x'"),
    };

    public static TheoryData<string> Names => [.. NamesFrom(0)];

    [Fact]
    public void Every_statement_has_its_scene() => Assert.Equal(
        typeof(AdvisedSql).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order(),
        Scenes.Keys.Select(name => name.Split(',')[0]).Distinct().Order());

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_advised_works(string name) => PlayAsync(postgres.Cluster, postgres.NewName("advice"), name);

    /// <param name="version">Of the server that they came with; 0 for all.</param>
    internal static IEnumerable<string> NamesFrom(int version) => Scenes.Keys.Where(name => Scenes[name].From == version);

    internal static async Task PlayAsync(PostgresCluster cluster, string id, string name)
    {
        var scene = Scenes[name];
        Assert.SkipWhen(cluster.MajorVersion > scene.To, $"It is advised up to PostgreSQL {scene.To}.");
        var names = new SceneNames($"{id}_r", $"{id}_s", $"public.\"{id} t\"", $"{id}_d", $"{id}_n");
        await cluster.ExecuteAsync(
            $"CREATE ROLE {names.R} LOGIN PASSWORD '{Password}'; CREATE ROLE {names.S} NOLOGIN; CREATE TABLE {names.T} (a int, \"b c\" "
                + $"text); INSERT INTO {names.T} VALUES (1, 'one')");
        foreach (var statement in names.In(scene.Before).Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            await cluster.ExecuteAsync(statement);
        }

        await Assert.ThrowsAsync<PostgresException>(() => NeedAsync(cluster, scene, names));
        await cluster.ExecuteAsync(scene.Advised(names));
        await NeedAsync(cluster, scene, names);
    }

    private static async Task NeedAsync(PostgresCluster cluster, Scene scene, SceneNames names)
    {
        var login = new NpgsqlConnectionStringBuilder(cluster.AdminConnectionString);
        (login.Username, login.Password) = scene.AsRole ? (names.R, Password) : (login.Username, login.Password);
        login.Database = scene.InDatabase ? names.D : login.Database;
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(names.In(scene.Needed), connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private sealed record Scene(
        string Before,
        Func<SceneNames, string> Advised,
        string Needed,
        bool AsRole = false,
        bool InDatabase = false,
        int From = 0,
        int To = 99);

    private sealed record SceneNames(string R, string S, string T, string D, string N)
    {
        public string In(string sql) => sql.Replace("{r}", R, StringComparison.Ordinal).Replace("{s}", S, StringComparison.Ordinal)
            .Replace("{t}_1", T[..^1] + " 1\"", StringComparison.Ordinal).Replace("{t}", T, StringComparison.Ordinal)
            .Replace("{d}", D, StringComparison.Ordinal).Replace("{n}", N, StringComparison.Ordinal);
    }
}
