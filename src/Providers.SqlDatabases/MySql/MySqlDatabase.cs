using System.Text.RegularExpressions;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Whether the accounts may use the database that applications log in to. Looked at beforehand: the first login with a new
/// password would be late to find a typo.</summary>
internal static partial class MySqlDatabase
{
    /// <summary>What every user may look into.</summary>
    private const string OfAll = "information_schema";

    /// <param name="accounts">Those that are there.</param>
    /// <returns>None if each of them may, as far as their grants tell.</returns>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(
        MySqlSetup setup,
        MySqlSession session,
        MySqlServer server,
        IReadOnlyList<MySqlAccount> accounts,
        CancellationToken cancellationToken)
    {
        if (setup.Database is not { Length: > 0 } database || accounts.Count == 0)
        {
            return [];
        }

        var isSeen = await session.SeesDatabaseAsync(database, cancellationToken);
        var all = server.IsMariaDb ? await session.GrantsOfAllAsync(cancellationToken) : [];
        var (shut, others) = (new List<MySqlAccount>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var account in accounts)
        {
            IReadOnlyList<string> lines = [.. all, .. await session.GrantsAsync(account, cancellationToken)];
            others.UnionWith(lines.Select(DatabaseOf).OfType<string>());
            if (!Covers(lines, database))
            {
                shut.Add(account);
            }
        }

        var elsewhere = others.Count == 0 ? "" : $" They have rights in {string.Join(", ", others.Order(StringComparer.Ordinal))}.";
        return !isSeen && server.Rights.Has("SHOW DATABASES")
                ? [$"{setup.Address} has no database {database}.{elsewhere} Correct 'database'."]
            : shut.Count == 0 ? []
            :
            [
                $"{string.Join(" and ", shut)} may not use the database {database} at {setup.Address}"
                    + $"{(isSeen ? "" : ", if there is one at all")}.{elsewhere} Correct 'database', or grant them what applications need "
                    + "there.",
            ];
    }

    /// <summary>Whether lines of SHOW GRANTS may give a right there. What roles give is not told, so they may.</summary>
    internal static bool Covers(IEnumerable<string> lines, string database) =>
        database.Equals(OfAll, StringComparison.OrdinalIgnoreCase)
        // Open to everybody where the server was set up as of old.
        || database.Equals("test", StringComparison.OrdinalIgnoreCase)
        || database.StartsWith("test_", StringComparison.OrdinalIgnoreCase)
        || lines.Any(line => !line.Contains(" ON ", StringComparison.Ordinal)
            || (Grant().Match(line) is { Success: true } grant && (grant.Groups["name"].Value is { Length: > 0 } name
                ? IsLike(name.Replace("``", "`"), grant.Groups["of"].Value == "*", database)
                : grant.Groups["what"].Value != "USAGE")));

    /// <summary>The name as it stands there; null where the line is for no single database.</summary>
    private static string? DatabaseOf(string line) =>
        Grant().Match(line).Groups["name"].Value is { Length: > 0 } name ? name.Replace("``", "`").Replace("\\", "") : null;

    /// <summary>A name is a pattern in a grant for the whole database alone.</summary>
    private static bool IsLike(string name, bool isPattern, string database) => isPattern
        ? Regex.IsMatch(
            database,
            "^" + Part().Replace(name, part => part.Value switch
            {
                ['\\', var escaped] => Regex.Escape($"{escaped}"),
                "%" => ".*",
                "_" => ".",
                var other => Regex.Escape(other),
            }) + "$",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
            TimeSpan.FromSeconds(1))
        : name.Equals(database, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"^GRANT (?<what>.+?) ON ((TABLE|FUNCTION|PROCEDURE|PACKAGE|PACKAGE BODY) )?(\*|`(?<name>([^`]|``)+)`)\.(?<of>\*|`)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Grant();

    [GeneratedRegex(@"\\.|.", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Part();
}
