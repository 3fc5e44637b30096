using Rotunda.Campaigns.Selection;

namespace Rotunda.Access;

/// <summary>Who makes a request.</summary>
/// <param name="Subject">The token's name, with its owner in brackets if the token is not named after that one; or the person's name
/// with the directory's id. What the ledger records.</param>
/// <param name="Role">The first of the roles; null for one who is known and has none.</param>
public sealed record Caller(string Subject, Role? Role)
{
    /// <summary>Roles beside the first: a directory may give a person several.</summary>
    public IReadOnlyList<Role> MoreRoles { get; init; } = [];

    /// <summary>Roles for some secrets only, beside those that are for all.</summary>
    public IReadOnlyList<Grant> Grants { get; init; } = [];

    /// <summary>True if the caller may, for some secrets at least.</summary>
    public bool May(Permission permission) => MayEverywhere(permission) || Grants.Any(grant => grant.Role.May(permission));

    /// <summary>True if the caller may for all secrets, and for what concerns none.</summary>
    public bool MayEverywhere(Permission permission) =>
        Role is { } role && (role.May(permission) || MoreRoles.Any(more => more.May(permission)));

    public bool MayOn(Permission permission, SecretMarks secret) =>
        MayEverywhere(permission) || Grants.Any(grant => grant.Role.May(permission) && grant.On.Matches(secret));

    /// <summary>All of the roles, in lower case.</summary>
    public IReadOnlyList<string> RoleWords => [.. Roles.Select(role => role.ToString().ToLowerInvariant())];

    /// <summary>All of the roles, also those that are for some secrets only.</summary>
    public IReadOnlyList<Role> Roles =>
        [.. (Role is { } role ? MoreRoles.Prepend(role) : []).Concat(Grants.Select(grant => grant.Role)).Distinct()];

    /// <summary>The roles in words, for a refusal.</summary>
    public string RolesInWords => Role is null && Grants.Count == 0 ? "none" : string.Join(
        " and ",
        [
            .. (Role is { } role ? MoreRoles.Prepend(role) : []).Select(one => one.ToString().ToLowerInvariant()),
            .. Grants.Select(grant => $"{grant.Role.ToString().ToLowerInvariant()} on {grant.On}"),
        ]);
}
