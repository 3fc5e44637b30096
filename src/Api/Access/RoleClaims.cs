namespace Rotunda.Api.Access;

/// <summary>Which of an identity provider's words stand for which role.</summary>
/// <param name="words">By role; a role that is not there nobody has. Null: the roles' own names, also as <c>Rotunda.Admin</c>.</param>
public sealed class RoleClaims(IReadOnlyDictionary<Role, IReadOnlyList<string>>? words = null)
{
    /// <summary>The roles that the words stand for: admin first, unknown ones left out.</summary>
    public IReadOnlyList<Role> RolesOf(IReadOnlyList<string> claims) => words is null
        ? ClientPrincipal.RolesOf(claims)
        : [.. words.Where(role => role.Value.Any(word => claims.Contains(word, StringComparer.Ordinal)))
            .Select(role => role.Key)
            .OrderDescending()];
}
