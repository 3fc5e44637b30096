namespace Rotunda.Campaigns.Selection;

/// <summary>What a selector looks at.</summary>
/// <param name="Owner">Null where nobody is named, or nothing is known of it any more.</param>
public sealed record SecretMarks(string Name, string? Owner, IReadOnlyList<string> Tags);
