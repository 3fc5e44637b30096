namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>
/// Two accounts taken in turn have to be able to do the same: consumers get the one today and the other tomorrow. Says what one has and
/// the other lacks. SHOW GRANTS of MariaDB prints hashes of passwords: they are cut out before anything is compared or told.
/// </summary>
internal static class MySqlGrants
{
    /// <param name="one">An account, and its lines of SHOW GRANTS.</param>
    /// <param name="other">The account of the other user, at the same host.</param>
    public static IEnumerable<string> Differences(
        (MySqlAccount Account, IReadOnlyList<string> Lines) one,
        (MySqlAccount Account, IReadOnlyList<string> Lines) other)
    {
        foreach (var (has, lacks) in new[] { (one, other), (other, one) })
        {
            var there = lacks.Lines.Select(line => For(line, lacks.Account, lacks.Account)).ToHashSet(StringComparer.Ordinal);
            foreach (var line in has.Lines.Select(line => For(line, has.Account, lacks.Account)).Where(line => !there.Contains(line)))
            {
                yield return $"{has.Account} has a right that {lacks.Account} lacks. Run: {line}; Or take it from {has.Account}.";
            }
        }

        foreach (var ((name, value), (_, its)) in one.Account.Options.Zip(other.Account.Options).Where(pair => pair.First != pair.Second))
        {
            yield return $"{name} is {Told(value)} for {one.Account} and {Told(its)} for {other.Account}. Make them equal (ALTER USER).";
        }

        if (one.Account.Plugin != other.Account.Plugin)
        {
            yield return $"{one.Account} logs in by {one.Account.Plugin}, {other.Account} by {other.Account.Plugin}. Make them equal.";
        }
    }

    /// <summary>A line of one account, as it would be of another, without what is kept of a password.</summary>
    internal static string For(string line, MySqlAccount account, MySqlAccount other)
    {
        foreach (var (named, its) in new[]
        {
            (MySqlText.Account(account.User, account.Host), MySqlText.Account(other.User, other.Host)),
            // MySQL 5.7.
            ($"'{account.User}'@'{account.Host}'", MySqlText.Account(other.User, other.Host)),
        })
        {
            if (line.LastIndexOf(named, StringComparison.Ordinal) is >= 0 and var at)
            {
                // Behind the name stand how it logs in, TLS and limits, which the columns tell, and one thing that is a right.
                var rest = line[(at + named.Length)..];
                return line[..at] + its + (rest.EndsWith(" WITH ADMIN OPTION", StringComparison.Ordinal) ? " WITH ADMIN OPTION"
                    : rest.Contains(" GRANT OPTION", StringComparison.Ordinal) ? " WITH GRANT OPTION" : "");
            }
        }

        return line.IndexOf(" IDENTIFIED ", StringComparison.Ordinal) is >= 0 and var login ? line[..login] : line;
    }

    private static string Told(string value) => value.Length == 0 ? "not set" : value;
}
