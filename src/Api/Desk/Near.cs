using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>What to say to a name that nothing has: that, and the one that is near it.</summary>
public static class Near
{
    /// <summary>So many of the newest rotations are compared.</summary>
    public const int LookedAt = 1_000;

    public static string NoSecret(string name, RotationCatalog? catalog)
    {
        if (catalog?.Policies.Values.FirstOrDefault(policy => policy.Was == name) is { } renamed)
        {
            return $"'{name}' is named '{renamed.Name}' in the catalog now. Use that name.";
        }

        var names = catalog?.Policies.Keys ?? [];
        return $"The catalog has no secret named '{RefusedException.Shown(name)}'. "
            + (Suggestion.Near(name, names) is { } near ? $"Did you mean '{near}'?" : "See all with: rotunda secrets");
    }

    public static string NoRotation(string id, IReadOnlyList<RotationRecord> rotations, RotationCatalog? catalog)
    {
        if (catalog?.Policies.ContainsKey(id) == true)
        {
            return rotations.Any(rotation => rotation.Secret == id)
                ? $"'{id}' is a secret, and no rotation of it is open. See what was: rotunda history {id}"
                : $"'{id}' is a secret that was never rotated. Start a rotation: rotunda rotate {id}";
        }

        // The number tells rotations of one secret apart; a near one of the same secret helps more than a near text.
        var near = Suggestion.Near(id, rotations.Select(r => r.Id).Concat(rotations.Select(r => r.Secret)));
        return $"There is no rotation '{RefusedException.Shown(id)}'. "
            + (near is null ? "See all with: rotunda rotations" : $"Did you mean '{near}'?");
    }
}
