using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Sessions;

/// <summary>How far the work of a step came, which decides what a failure means.</summary>
internal sealed class Progress
{
    /// <summary>The server that a change is on its way to, for people, where there are several.</summary>
    public string? At { get; set; }

    /// <summary>A change is on its way; what, for people. Null before one is.</summary>
    public string? Sending { get; set; }

    /// <summary>A change is in force, and more was to follow; what, for people.</summary>
    public string? Happened { get; set; }

    /// <summary>The work ends a credential: no way back undoes it.</summary>
    public bool Ends { get; set; }

    /// <summary>Never Rejected once something did happen: doing it again is harmless. Nor RetryLater then, which a way back takes as not
    /// done, but for an end, which has none.</summary>
    /// <param name="before">What the failure means if nothing was sent.</param>
    /// <param name="afterSending">What it means while this was being sent.</param>
    public StepOutcome Means(StepOutcome before, Func<string, StepOutcome> afterSending) => this switch
    {
        { Happened: { } what, Ends: true } => StepOutcome.RetryLater($"{what} {before.Reason}"),
        { Happened: { } what } => StepOutcome.Unknown($"{what} {before.Reason}"),
        { Sending: { } what } => afterSending(what),
        _ => before,
    };
}
