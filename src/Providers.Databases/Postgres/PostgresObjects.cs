using System.Globalization;
using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>Compares what two accounts own, and what they are given directly: the very objects, for equal numbers say nothing. Changes
/// nothing.</summary>
internal static class PostgresObjects
{
    private const int Named = 5;

    /// <param name="there">In the database that the accounts' logins are for, where names and privileges are seen; else null.</param>
    /// <returns>What one has and the other lacks, by database.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        PostgresClient client, PostgresClient? there, string first, string second, CancellationToken cancellationToken)
    {
        var (inFirst, inSecond) = (
            await client.IsMemberAsync(first, second, cancellationToken), await client.IsMemberAsync(second, first, cancellationToken));
        var ofFirst = inSecond ? [] : await BeyondAsync(client, there, first, second, cancellationToken);
        var ofSecond = inFirst ? [] : await BeyondAsync(client, there, second, first, cancellationToken);

        // The server makes no two roles members of each other.
        var isOneWay = !inFirst && !inSecond && (ofFirst.Count == 0 || ofSecond.Count == 0);
        return [.. Told(ofFirst, first, second, isOneWay), .. Told(ofSecond, second, first, isOneWay)];
    }

    private static async Task<IReadOnlyList<PostgresDependent>> BeyondAsync(
        PostgresClient client, PostgresClient? there, string has, string lacks, CancellationToken cancellationToken)
    {
        var found = await (there ?? client).DependentsAsync(has, lacks, there is not null, cancellationToken);
        return there is null ? found : [.. found, .. await there.MorePrivilegesAsync(has, lacks, cancellationToken)];
    }

    private static IEnumerable<string> Told(IReadOnlyList<PostgresDependent> found, string has, string lacks, bool isOneWay) =>
        found.GroupBy(one => one.Database, StringComparer.Ordinal).Select(objects =>
            $"In {objects.Key}, {has} {Told(objects)}. {lacks} does not, so it could not work with the same data. "
                + (isOneWay ? $"Run: {AdvisedSql.MakeMember(lacks, has)} (or better: let" : "Give it the same (or better: let")
                + " a role of its own own the objects, make both accounts its members and name it as 'ownerRole').");

    private static string Told(IEnumerable<PostgresDependent> objects) => string.Join("; ", objects
        .GroupBy(one => one.Kind).OrderBy(kind => kind.Key)
        .Select(kind => $"{Verb(kind.Key)} {Names([.. kind.Select(one => one.Name)])}"));

    private static string Verb(PostgresDependency kind) => kind switch
    {
        PostgresDependency.Owned => "owns",
        PostgresDependency.Granted => "has privileges on",
        PostgresDependency.Policy => "is let in by",
        _ => "may also",
    };

    private static string Names(IReadOnlyList<string?> names)
    {
        var known = names.OfType<string>().Order(StringComparer.Ordinal).Take(Named).ToList();
        return (known.Count, names.Count - known.Count) switch
        {
            (0, var all) => $"{all.ToString(CultureInfo.InvariantCulture)} object(s)",
            (_, 0) => string.Join(", ", known),
            (_, var more) => $"{string.Join(", ", known)} and {more.ToString(CultureInfo.InvariantCulture)} more",
        };
    }
}
