namespace Rotunda.Rotation.Words;

/// <summary>How long the credential in use works on once a new one is issued.</summary>
/// <param name="Setting">The duration that says so; null where the vendor leaves it to its own end.</param>
/// <param name="Longest">Where the setting is left out, or nothing tells its own end.</param>
public sealed record OldEnds(string? Setting, TimeSpan Longest);
