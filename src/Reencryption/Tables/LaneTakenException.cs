namespace Rotunda.Reencryption.Tables;

/// <summary>Another process works on the lane too: one that was killed may still be committing. Nothing of this batch was
/// committed.</summary>
internal sealed class LaneTakenException() : Exception("Another session has moved this lane on.");
