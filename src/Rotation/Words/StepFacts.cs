namespace Rotunda.Rotation.Words;

/// <summary>Names of facts that are read by more than people. Those by which a step that is done in slices tells how far it is are
/// whole numbers, without separators.</summary>
public static class StepFacts
{
    /// <summary>What there is to say in words of its own.</summary>
    public const string Detail = "detail";

    /// <summary>How many rows are done.</summary>
    public const string Rows = "rows";

    /// <summary>Of how many; may grow while the application writes.</summary>
    public const string Total = "total";

    /// <summary>Rows a second, lately.</summary>
    public const string Rate = "rowsPerSecond";

    /// <summary>How many seconds are left, by the present rate.</summary>
    public const string Left = "secondsLeft";

    /// <summary>Where the next slice begins, for a step that keeps it nowhere else. Not for people.</summary>
    public const string Cursor = "cursor";

    /// <summary>With Evidence: since when nothing has used the old credential.</summary>
    public const string UnusedSince = "unusedSince";

    /// <summary>With Evidence: <see cref="InUse"/> where the old credential was used just now.</summary>
    public const string Use = "use";

    public const string InUse = "in use";

    /// <summary>With a look at a target: how it stands, one of the words of <see cref="Standing"/>.</summary>
    public const string Standing = "standing";

    /// <summary>With Ask: a value was given, and is refused. By what, in words.</summary>
    public const string Refusal = "refusal";

    /// <summary>With Ask: a value is there, and could not be tried yet.</summary>
    public const string Given = "given";

    /// <summary>With Validate and Deliver: what stood at the target instead of the value in use.</summary>
    public const string Drift = "drift";

    /// <summary>With Validate of a consumer: it was down, and the rotation went on without it. Who, in words.</summary>
    public const string Down = "down";

    /// <summary>With Validate in an emergency: the provider refuses the value on record as in use, so no way back sets it again.
    /// Why, in words.</summary>
    public const string Refused = "value in use refused";
}
