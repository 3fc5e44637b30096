using Rotunda.Postgres;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>
/// Compares what two accounts may do by way of groups. Since PostgreSQL 16 each membership has its own options (INHERIT, SET, ADMIN):
/// both may be members of a group, and only one of them able to read its tables. Changes nothing.
/// </summary>
internal static class PostgresMemberships
{
    /// <summary>From here on a membership has options of its own; before, INHERIT was the member's.</summary>
    public const int OwnOptions = 16;

    /// <returns>What one may and the other may not, with the statement that mends it.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        PostgresClient client,
        string has,
        string lacks,
        CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var others = (await client.MembershipsOfAsync(lacks, has, cancellationToken)).ToDictionary(m => m.Group, StringComparer.Ordinal);
        foreach (var one in (await client.MembershipsOfAsync(has, has, cancellationToken)).Where(one => one.Group != lacks))
        {
            var other = others[one.Group];
            problems.AddRange(!other.IsMember
                ? [$"{has} is a member of {one.Group}, and {lacks} is not. Run: {Mirror(client, lacks, one)}"]
                : Options(client, has, lacks, one, other));
        }

        return problems;
    }

    /// <summary>The statement that makes a role a member as another is one.</summary>
    public static string Mirror(PostgresClient client, string role, PostgresMembership like) => client.Major >= OwnOptions
        ? AdvisedSql.MakeMemberWith(role, like.Group, like.Inherits, like.Sets, like.Administers)
        : like.Administers ? AdvisedSql.LetAdminister(like.Group, role) : AdvisedSql.MakeMember(role, like.Group);

    private static IEnumerable<string> Options(
        PostgresClient client,
        string has,
        string lacks,
        PostgresMembership one,
        PostgresMembership other)
    {
        if (one.Inherits && !other.Inherits)
        {
            yield return $"{has} has the rights of {one.Group} at once, and {lacks} only after SET ROLE. Run: "
                + (client.Major >= OwnOptions
                    ? AdvisedSql.MakeMemberWith(lacks, one.Group, inherit: true)
                    : AdvisedSql.Inherit(lacks));
        }

        if (one.Sets && !other.Sets)
        {
            yield return $"{has} may act as {one.Group} (SET ROLE), and {lacks} may not. Run: "
                + AdvisedSql.MakeMemberWith(lacks, one.Group, set: true);
        }

        if (one.Administers && !other.Administers)
        {
            yield return $"{has} may make others members of {one.Group} (ADMIN OPTION), and {lacks} may not. Run: "
                + AdvisedSql.LetAdminister(one.Group, lacks);
        }
    }
}
