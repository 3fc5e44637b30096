namespace Rotunda.Access;

/// <summary>Which of an identity provider's words stand for which role.</summary>
/// <param name="words">By role; a role that is not there nobody has. Null: the roles' own names, also as <c>Rotunda.Admin</c>.</param>
public sealed class RoleClaims(IReadOnlyDictionary<Role, IReadOnlyList<string>>? words = null)
{
    /// <summary>Words that stand for a role for some secrets only.</summary>
    public IReadOnlyList<(string Word, Grant Grant)> Grants { get; init; } = [];

    /// <summary>Whom the words let in.</summary>
    public Caller CallerOf(string subject, IReadOnlyList<string> claims)
    {
        var roles = RolesOf(claims);
        return new Caller(subject, roles.Count == 0 ? null : roles[0])
        {
            MoreRoles = [.. roles.Skip(1)],
            Grants = words is null
                ? ClientPrincipal.GrantsOf(claims)
                : [.. Grants.Where(one => claims.Contains(one.Word, StringComparer.Ordinal)).Select(one => one.Grant)],
        };
    }

    /// <summary>The roles that the words stand for: admin first, unknown ones left out.</summary>
    public IReadOnlyList<Role> RolesOf(IReadOnlyList<string> claims) => words is null
        ? ClientPrincipal.RolesOf(claims)
        : [.. words.Where(role => role.Value.Any(word => claims.Contains(word, StringComparer.Ordinal)))
            .Select(role => role.Key)
            .OrderDescending()];
}
