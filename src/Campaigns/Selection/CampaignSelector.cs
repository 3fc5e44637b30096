using Rotunda.Rotation.Catalog;

namespace Rotunda.Campaigns.Selection;

/// <summary>Which secrets a campaign is for: the words of grants (<c>owner=platform</c>, <c>tag=ci</c>, <c>name=prod-*</c>) and more of them,
/// separated by commas, that all have to hold.</summary>
public sealed class CampaignSelector
{
    /// <summary>The words, each with what it looks at.</summary>
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tag"] = "a tag",
        ["owner"] = "the owner",
        ["provider"] = "the type of the provider",
        ["target"] = "a target's name, or its type",
        ["risk"] = "the risk class",
        ["name"] = "the secret's name; a star stands for any characters",
    };

    private readonly IReadOnlyList<(string Key, string Value)> _parts;

    private CampaignSelector(IReadOnlyList<(string Key, string Value)> parts) => _parts = parts;

    /// <param name="problem">What is wrong with it; null if nothing is.</param>
    /// <returns>Null for what is no selector.</returns>
    public static CampaignSelector? TryParse(string text, out string? problem)
    {
        problem = null;
        var parts = new List<(string, string)>();
        foreach (var part in text.Split(','))
        {
            if (part.Split('=', 2) is not [var key, var value] || !Words.ContainsKey(key))
            {
                problem = $"'{Shown(part)}' selects nothing: write one of {string.Join(", ", Words.Keys.Select(word => word + "="))}";
                return null;
            }

            if (!NamePattern.IsPlain(value))
            {
                problem = $"'{key}=' needs a value of 1 to 128 characters without blanks and brackets";
                return null;
            }

            if (key == "risk" && !RiskWords.All.Contains(value))
            {
                problem = $"'risk={Shown(value)}' is no risk class: write one of {string.Join(", ", RiskWords.All)}";
                return null;
            }

            parts.Add((key, value));
        }

        return new CampaignSelector(parts);
    }

    public bool Matches(Policy policy) => _parts.All(part => part.Key switch
    {
        "tag" => policy.Tags.Contains(part.Value, StringComparer.Ordinal),
        "owner" => policy.Owner == part.Value,
        "provider" => policy.Provider.Type == part.Value,
        "target" => policy.Targets.Any(target => target.Name == part.Value || target.Provider.Type == part.Value),
        "risk" => policy.Risk is { } risk && RiskWords.Of(risk) == part.Value,
        _ => NamePattern.IsLike(policy.Name, part.Value),
    });

    public override string ToString() => string.Join(',', _parts.Select(part => $"{part.Key}={part.Value}"));

    private static string Shown(string text) =>
        new([.. text.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=' or '*' ? c : '?')]);
}
