using System.Text.RegularExpressions;

namespace Rotunda.Architecture.Tests;

/// <summary>SQL that people are advised to run comes from one place (Postgres/AdvisedSql), each statement of which a test runs.</summary>
public sealed partial class AdviceTests
{
    /// <summary>What they hold is run by the product itself, or shown as an example; what is advised of SQL Server is read by its own
    /// parser in a test.</summary>
    private static readonly string[] OtherSql =
    [
        "AdvisedSql.cs", "MySqlAdvisedSql.cs", "MySqlDatabase.cs", "MySqlGrants.cs", "MySqlRights.cs", "PostgresStatements.cs",
        "PostgresRights.cs", "SqlServerStatements.cs",
    ];

    [GeneratedRegex(
        @"""[^""\n]*\b(GRANT|REVOKE|REPLICA IDENTITY|(ALTER|CREATE) (ROLE|TABLE|INDEX|DATABASE|SCHEMA|UNIQUE INDEX))\b[^""\n]*""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Statement();

    [Fact]
    public void No_message_has_a_statement_of_its_own()
    {
        var own = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")
                && !OtherSql.Contains(Path.GetFileName(path), StringComparer.Ordinal)
                && !path.EndsWith("Descriptor.cs", StringComparison.Ordinal))
            .SelectMany(path => Statement().Matches(File.ReadAllText(path))
                // What holds the product's own tables is made by itself.
                .Where(match => !match.Value.StartsWith("\"CREATE SCHEMA", StringComparison.Ordinal)
                    && !match.Value.StartsWith("\"CREATE TABLE", StringComparison.Ordinal))
                .Select(match => $"{Path.GetRelativePath(Repository.Root, path)}: {match.Value}"))
            .ToList();

        Assert.True(own.Count == 0, string.Join(Environment.NewLine, own));
    }
}
