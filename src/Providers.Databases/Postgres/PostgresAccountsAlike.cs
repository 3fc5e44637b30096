using System.Globalization;
using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>
/// Two accounts taken in turn have to be able to do the same: consumers get the one today and the other tomorrow. Says what one has
/// and the other lacks, with the statement that mends it. Changes nothing.
/// </summary>
internal static class PostgresAccountsAlike
{
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        PostgresSetup setup,
        PostgresClient client,
        CancellationToken cancellationToken)
    {
        var (first, second) = (setup.Accounts[0], setup.Accounts[1]);
        var problems = new List<string>();
        await using var other = await PostgresDefaultPrivileges.OpenAsync(setup, cancellationToken);
        var there = PostgresDefaultPrivileges.IsHere(setup) ? client : other;
        foreach (var (has, lacks) in new[] { (first, second), (second, first) })
        {
            problems.AddRange(await PostgresMemberships.DifferencesAsync(client, has, lacks, cancellationToken));
        }

        if (setup.OwnerRole is null)
        {
            problems.AddRange(await PostgresObjects.DifferencesAsync(client, there, first, second, cancellationToken));
        }

        if (there is not null)
        {
            problems.AddRange(await PostgresDefaultPrivileges.DifferencesAsync(setup, there, cancellationToken));
        }

        await AddAttributesAsync(setup, client, first, second, problems, cancellationToken);
        await AddSettingsAsync(setup, client, first, second, problems, cancellationToken);
        return problems;
    }

    /// <summary>A login tells nothing of these: a consumer finds out when it replicates, sees no rows, or is one too many.</summary>
    private static async Task AddAttributesAsync(
        PostgresSetup setup,
        PostgresClient client,
        string first,
        string second,
        List<string> problems,
        CancellationToken cancellationToken)
    {
        if (await client.RoleAsync(first, setup.OwnerRole, cancellationToken) is not { } one
            || await client.RoleAsync(second, setup.OwnerRole, cancellationToken) is not { } other
            || one.IsSuperuser || other.IsSuperuser)
        {
            return;
        }

        foreach (var (mine, its) in one.Attributes.Zip(other.Attributes).Where(pair => pair.First != pair.Second))
        {
            // Towards what lets more: nothing that works today stops.
            var (from, to, lacks) = LetsMore(mine, its) ? (its, mine, second) : (mine, its, first);
            problems.Add($"One of {first} and {second} is {to}, and {lacks} is {from}. Run: {AdvisedSql.LetBe(lacks, to)}");
        }
    }

    /// <summary>Of limits the higher one, and none at all is the highest.</summary>
    private static bool LetsMore(string one, string other)
    {
        static uint Limit(string attribute) => unchecked((uint)int.Parse(attribute.Split(' ')[^1], CultureInfo.InvariantCulture));
        return one.StartsWith("CONNECTION", StringComparison.Ordinal)
            ? Limit(one) > Limit(other)
            : !one.StartsWith("NO", StringComparison.Ordinal);
    }

    private static async Task AddSettingsAsync(
        PostgresSetup setup,
        PostgresClient client,
        string first,
        string second,
        List<string> problems,
        CancellationToken cancellationToken)
    {
        async Task<Dictionary<(string?, string), string>> ReadAsync(string account) =>
            (await client.RoleSettingsAsync(account, cancellationToken)).ToDictionary(s => (s.Database, s.Name), s => s.Value);
        var (one, other) = (await ReadAsync(first), await ReadAsync(second));
        foreach (var (database, name) in one.Keys.Union(other.Keys)
            .OrderBy(key => key.Item1, StringComparer.Ordinal).ThenBy(key => key.Item2, StringComparer.Ordinal))
        {
            var (a, b) = (one.GetValueOrDefault((database, name)), other.GetValueOrDefault((database, name)));
            if (a == b)
            {
                continue;
            }

            var (has, lacks, value) = a is not null ? (first, second, a) : (second, first, b!);
            if (name.Contains('.', StringComparison.Ordinal))
            {
                // An extension's or an application's own, which may be a secret: PostgREST keeps one there.
                value = "...";
            }

            problems.Add(
                $"{name} is set for {has} (to {value}){(database is null ? "" : $" in {database}")} and "
                    + $"{(a is null || b is null ? "not" : "otherwise")} for {lacks}. Run: "
                    + $"{PostgresStatements.Set(lacks, database, name, value)};");
        }
    }
}
