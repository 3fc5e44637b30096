using Microsoft.SqlServer.TransactSql.ScriptDom;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>What is sent, and what messages and the runbook advise, read by Microsoft's own parser.</summary>
public sealed class SqlServerStatementTests
{
    private const string Odd = "a]b'c--d;/*e\"";

    [Fact]
    public void Each_statement_is_one_whatever_stands_in_names_and_passwords()
    {
        using var password = SecretValue.FromText("'; DROP LOGIN x; --" + Odd);

        Assert.All(
        [
            SqlServerStatements.SetPassword(Odd, password, unlock: false),
            SqlServerStatements.SetPassword(Odd, password, unlock: true),
            SqlServerStatements.SetUserPassword(Odd, password),
            SqlServerStatements.Enable(Odd),
            SqlServerStatements.Disable(Odd),
            SqlServerStatements.Kill(53, null, "0xA0B1"),
            SqlServerStatements.Kill(53, Odd + "@name", "0xA0B1"),
            SqlServerQueries.LoginSessions,
            SqlServerQueries.UserSessions,
            SqlServerStatements.CreateLogin(Odd),
            SqlServerStatements.CreateLogin(Odd, "0xA0B1"),
            SqlServerStatements.CreateUser(Odd),
            SqlServerStatements.DefaultDatabase(Odd, Odd),
            SqlServerStatements.DefaultLanguage(Odd, Odd),
            SqlServerStatements.DefaultSchema(Odd, Odd),
            SqlServerStatements.GrantServer("VIEW SERVER STATE", Odd),
            Mended(new("role", "", Odd, ""), onServer: true),
            Mended(new("role", "", Odd, ""), onServer: false),
            Mended(new("permission", "GRANT", "VIEW SERVER STATE", ""), onServer: true),
            Mended(new("permission", "GRANT_WITH_GRANT_OPTION", "SELECT", "OBJECT::[dbo].[orders]([price])"), onServer: false),
            Mended(new("permission", "DENY", "EXECUTE", "SCHEMA::[sales]"), onServer: false),
            Mended(new("permission", "GRANT", "CONNECT", "ENDPOINT::[mirroring]"), onServer: true),
            Mended(new("permission", "GRANT", "IMPERSONATE", "LOGIN::[x]"), onServer: true),
        ], text => Assert.Equal(1, Count(text)));
        Assert.All(
            [SqlServerStatements.MapUser(Odd, Odd), SqlServerStatements.Adopt(Odd, Odd, Odd)],
            text => Assert.Equal(2, Count(text)));
    }

    [Fact]
    public void What_the_runbook_says_to_run_is_T_SQL()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Rotunda.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var lines = File.ReadLines(Path.Combine(folder, "docs", "runbooks", "sqlserver.md"))
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal) && line.Contains(';'))
            .Select(line => line.Replace("0x…", "0x01"));

        Assert.Equal(15, Count(string.Join('\n', lines)));
    }

    private static string Mended(SqlServerRight right, bool onServer) => right.Mend(Odd, onServer)["Run: ".Length..];

    private static int Count(string text)
    {
        var counts = new List<int>();
        TSqlParser[] parsers = [new TSql130Parser(initialQuotedIdentifiers: true), new TSql170Parser(initialQuotedIdentifiers: true)];
        foreach (var parser in parsers)
        {
            using var reader = new StringReader(text);
            var script = (TSqlScript)parser.Parse(reader, out var errors);
            Assert.True(errors.Count == 0, $"{text}: {(errors.Count > 0 ? errors[0].Message : "")}");
            counts.Add(script.Batches.Sum(batch => batch.Statements.Count));
        }

        return Assert.Single(counts.Distinct());
    }
}
