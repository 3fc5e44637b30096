namespace Rotunda.Api.Views;

/// <summary>How far the embedded store's values are moved to another master key. Keys are told by their ids.</summary>
public sealed record RekeyView(string OldKey, string NewKey, long Moved, long Total, bool Done);
