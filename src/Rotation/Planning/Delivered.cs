namespace Rotunda.Rotation.Planning;

/// <summary>Which credentials stand at the targets: the primary, and with dual keys a second.</summary>
internal sealed record Delivered(string Primary, string? Secondary)
{
    public static readonly Delivered Old = new(StepSettings.Old, null);
    public static readonly Delivered New = new(StepSettings.New, null);
    public static readonly Delivered OldThenNew = new(StepSettings.Old, StepSettings.New);
    public static readonly Delivered NewThenOld = new(StepSettings.New, StepSettings.Old);
    public static readonly Delivered OldThenTakenOver = new(StepSettings.Old, StepSettings.TakenOver);

    /// <summary>In a deliver run: the one in use, and beside it the one before.</summary>
    public static readonly Delivered InUseThenPrevious = new(StepSettings.Old, StepSettings.Previous);

    /// <summary>Whatever stood at the targets.</summary>
    public static readonly Delivered Found = new(StepSettings.Found, null);

    public IReadOnlyDictionary<string, string> Settings =>
        PlanDraft.Settings((StepSettings.Primary, Primary), (StepSettings.Secondary, Secondary));

    /// <summary>For titles: "the new value", "{new, old}".</summary>
    public override string ToString() => Secondary is null ? $"the {Primary} value" : $"{{{Primary}, {Secondary}}}";
}
