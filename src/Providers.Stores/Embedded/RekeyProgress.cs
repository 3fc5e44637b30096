namespace Rotunda.Providers.Stores.Embedded;

/// <summary>How far a re-keying is.</summary>
/// <param name="OldKeyId">Of the key that the values were under.</param>
/// <param name="NewKeyId">Of the one that they are moved to.</param>
public sealed record RekeyProgress(string OldKeyId, string NewKeyId, long Moved, long Total)
{
    /// <summary>Every value is under the new key; the old one is gone from here.</summary>
    public bool IsDone => Moved == Total;
}
