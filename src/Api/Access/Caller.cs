namespace Rotunda.Api.Access;

/// <summary>Who makes a request.</summary>
/// <param name="Subject">The token's name, with its owner in brackets if the token is not named after that one; or the person's name
/// with the directory's id. What the ledger records.</param>
/// <param name="Role">The first of the roles; null for one who is known and has none.</param>
public sealed record Caller(string Subject, Role? Role)
{
    /// <summary>Roles beside the first: a directory may give a person several.</summary>
    public IReadOnlyList<Role> MoreRoles { get; init; } = [];

    public bool May(Permission permission) => Role is { } role && (role.May(permission) || MoreRoles.Any(more => more.May(permission)));

    /// <summary>All of the roles, in lower case.</summary>
    public IReadOnlyList<string> RoleWords =>
        Role is { } role ? [.. MoreRoles.Prepend(role).Select(one => one.ToString().ToLowerInvariant())] : [];

    /// <summary>The roles in words, for a refusal.</summary>
    public string RolesInWords => Role is null ? "none" : string.Join(" and ", RoleWords);
}
