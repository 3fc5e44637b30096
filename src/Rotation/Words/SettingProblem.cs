namespace Rotunda.Rotation.Words;

/// <summary>What is wrong with a setting of a binding, whatever the systems say.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Key">With a map of texts: the key in it; null for the setting as a whole.</param>
/// <param name="Text">What is wrong and what to do: whole sentences that may follow the setting's name and a colon.</param>
public sealed record SettingProblem(string Setting, string? Key, string Text);
