namespace Rotunda.Calendar.Simulation;

/// <summary>How a rotation ends.</summary>
internal enum RunEnd
{
    Succeeded,
    /// <summary>It was undone, or nobody answered in time.</summary>
    Failed,
    /// <summary>Somebody took it back after the new credential was in use.</summary>
    TakenBack,
    /// <summary>A person cancelled it, and it is due again later.</summary>
    Cancelled,
}

/// <summary>What will become of a rotation.</summary>
/// <param name="PromotedAfter">From the start until the new credential is in use; null where it never is.</param>
/// <param name="EndsAfter">From the start.</param>
internal sealed record RunFate(TimeSpan? PromotedAfter, TimeSpan EndsAfter, RunEnd End)
{
    public static RunFate Smooth { get; } = new(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), RunEnd.Succeeded);
}
