namespace Rotunda.Rotation.Catalog;

/// <summary>Names that no secret has, since the head's store keeps something of its own under them.</summary>
public static class ReservedNames
{
    /// <summary>The key that signs reports.</summary>
    public const string CheckpointKey = "rotunda-checkpoint-key";
}
