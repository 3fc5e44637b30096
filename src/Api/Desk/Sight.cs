using Rotunda.Access;
using Rotunda.Campaigns.Selection;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>Whose names a caller is told. All, unless the catalog says that those with grants for some secrets see these alone.</summary>
public sealed class Sight(Caller caller, RotationCatalog? catalog)
{
    /// <summary>True for one who is told everything.</summary>
    public bool IsWhole { get; } = caller.MayEverywhere(Permission.Read) || catalog is not { ReadersSeeOwn: true };

    /// <param name="secret">Null for what concerns none: those with grants for some secrets are not told it.</param>
    public bool Sees(string? secret) => IsWhole || secret is not null && caller.MayOn(Permission.Read, MarksOf(secret));

    private SecretMarks MarksOf(string secret) => catalog?.Policies.GetValueOrDefault(secret) is { } policy
        ? new SecretMarks(policy.Name, policy.Owner, policy.Tags)
        : new SecretMarks(secret, null, []);
}
