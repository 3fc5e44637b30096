using Npgsql;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>
/// Compares what two accounts get of objects that are made from now on (ALTER DEFAULT PRIVILEGES), and what others get of theirs: where
/// the two differ, the consumers of the one cannot read a table that is made tomorrow, and nobody sees why. Changes nothing.
/// </summary>
internal static class PostgresDefaultPrivileges
{
    /// <param name="there">In the database that the accounts' logins are for.</param>
    /// <returns>What one has and the other lacks, with the statement that mends it.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        PostgresSetup setup, PostgresClient there, CancellationToken cancellationToken)
    {
        var database = DatabaseOf(setup);
        var known = await there.DefaultPrivilegesAsync(setup.Accounts, cancellationToken);
        var (first, second) = (setup.Accounts[0], setup.Accounts[1]);
        var problems = new List<string>();
        foreach (var (has, lacks) in new[] { (first, second), (second, first) })
        {
            if (!await there.IsMemberAsync(lacks, has, cancellationToken))
            {
                problems.AddRange(
                    Missing(known, setup.Accounts, one => one.Grantee == has ? one with { Grantee = lacks } : null).Select(one =>
                    $"In {database}, {one.Kind.ToLowerInvariant()} that {one.Maker} makes from now on are open to {has}, and not to "
                        + $"{lacks}. Run: {one.Statement}"));
            }

            // With an owner role, what either makes is the owner's.
            if (setup.OwnerRole is null)
            {
                problems.AddRange(Missing(known, setup.Accounts, one => one.Maker == has ? one with { Maker = lacks } : null).Select(one =>
                    $"In {database}, {one.Kind.ToLowerInvariant()} that {has} makes from now on are open to {one.Grantee}, and those that "
                        + $"{lacks} makes are not. Run: {one.Statement}"));
            }
        }

        return problems;
    }

    /// <summary>The administrator is in the database that the accounts' logins are for.</summary>
    public static bool IsHere(PostgresSetup setup) => DatabaseOf(setup) == setup.Admin.Database;

    /// <summary>That which the accounts' logins are for.</summary>
    private static string DatabaseOf(PostgresSetup setup) => setup.Login("nobody", "").Database!;

    /// <summary>The privileges that the other account would have to have or give, and that it does not; all of a place in one.</summary>
    private static IEnumerable<DefaultPrivilege> Missing(
        IReadOnlyCollection<DefaultPrivilege> known,
        IReadOnlyList<string> accounts,
        Func<DefaultPrivilege, DefaultPrivilege?> ofTheOther) => known
        .Where(one => !(accounts.Contains(one.Maker, StringComparer.Ordinal) && accounts.Contains(one.Grantee, StringComparer.Ordinal)))
        .Select(ofTheOther).OfType<DefaultPrivilege>()
        .Except(known)
        .GroupBy(one => one with { Privilege = "" })
        .Select(same => same.Key with { Privilege = string.Join(", ", same.Select(one => one.Privilege).Order(StringComparer.Ordinal)) });

    /// <summary>Each database has its own. One that the administrator may not open, and a pooler's name for one, is not looked
    /// into.</summary>
    /// <returns>Null where it was not looked into, or is where the administrator is.</returns>
    public static async Task<PostgresClient?> OpenAsync(PostgresSetup setup, CancellationToken cancellationToken)
    {
        if (IsHere(setup))
        {
            return null;
        }

        try
        {
            return await PostgresClient.OpenAsync(
                setup with
                {
                    Admin = new NpgsqlConnectionStringBuilder(setup.Admin.ConnectionString) { Database = DatabaseOf(setup) },
                },
                cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            return null;
        }
    }
}
