using System.Security.Cryptography;
using System.Text;
using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Selection;

/// <summary>What a wish selects, in the order in which it starts.</summary>
/// <param name="Members">Risk first, then in how many places the value stands, then the oldest value, then the name.</param>
/// <param name="LeftOut">Selected, and not the caller's to rotate.</param>
public sealed record Selected(IReadOnlyList<Policy> Members, IReadOnlyList<string> LeftOut)
{
    /// <param name="secrets">What the ledger has, by name.</param>
    public static Selected Of(CampaignWish wish, RotationCatalog catalog, IReadOnlyDictionary<string, SecretRecord> secrets)
    {
        var found = catalog.Policies.Values.Where(policy => wish.Select?.Matches(policy) != false)
            .Select(policy => (Policy: policy, Right: wish.Right(policy)))
            .Where(one => one.Right != MemberRight.Unseen)
            .ToList();
        return new Selected(
            [.. found.Where(one => one.Right == MemberRight.May).Select(one => one.Policy)
                .OrderBy(policy => RiskWords.RankOf(RiskOf(policy)))
                .ThenByDescending(ExposureOf)
                .ThenBy(policy => secrets.GetValueOrDefault(policy.Name) is { } secret
                    ? secret.LastRotatedAt ?? secret.AdoptedAt
                    : DateTimeOffset.MinValue)
                .ThenBy(policy => policy.Name, StringComparer.Ordinal)],
            [.. found.Where(one => one.Right == MemberRight.LeftOut).Select(one => one.Policy.Name).Order(StringComparer.Ordinal)]);
    }

    public static string? RiskOf(Policy policy) => policy.Risk is { } risk ? RiskWords.Of(risk) : null;

    /// <summary>In how many places the value stands: its targets and its consumers.</summary>
    public static int ExposureOf(Policy policy) => policy.Targets.Count + policy.Consumers.Count;

    /// <summary>What a person agrees to: which secrets, and how. Not what changes by itself meanwhile (what runs, how long it takes).</summary>
    public string HashFor(CampaignWish wish)
    {
        var text = new StringBuilder()
            .Append(wish.Kind).Append('\n').Append(wish.RevokeFirst).Append('\n').Append(wish.Pace).Append('\n')
            .AppendJoin('\n', Members.Select(policy => policy.Name).Order(StringComparer.Ordinal))
            .Append("\n-\n").AppendJoin('\n', LeftOut);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
