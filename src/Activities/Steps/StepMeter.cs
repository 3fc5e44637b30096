using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Counts and times what rotations do in this process. No secret's, target's or person's name is in it, so the number of series
/// does not grow with the catalog.</summary>
public static class StepMeter
{
    private static readonly Meter s_meter = new(OutsideCall.TelemetryName);

    /// <summary>Seconds of a call over a network.</summary>
    internal static InstrumentAdvice<double> OfCalls { get; } =
        new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] };

    /// <summary>Seconds of a step, some of which wait for systems that take minutes.</summary>
    internal static InstrumentAdvice<double> OfSteps { get; } =
        new() { HistogramBucketBoundaries = [0.05, 0.25, 1, 5, 15, 60, 300, 900, 3600] };

    private static readonly Histogram<double> s_steps = s_meter.CreateHistogram(
        "rotunda.step.duration", "s", "One attempt of a step or of its undo, by kind and outcome.", tags: null, OfSteps);

    private static readonly Counter<long> s_ended = s_meter.CreateCounter<long>(
        "rotunda.rotations", "{rotation}", "Rotations that ended, by outcome and by what started them.");

    /// <summary>Writes a 0 for every end there is. A counter that is not there before the first time hides that time from whoever asks for
    /// its increase. To be called when somebody listens.</summary>
    public static void Begin()
    {
        foreach (var state in Enum.GetValues<RotationState>().Where(state => state.IsFinal()))
        {
            foreach (var trigger in Enum.GetValues<RotationTrigger>())
            {
                Ended(state, trigger, 0);
            }
        }
    }

    public static void StepEnded(string kind, StepOutcomeKind outcome, TimeSpan took) => s_steps.Record(
        took.TotalSeconds, new TagList { { "kind", kind }, { "outcome", LedgerWords.ActionOf(outcome)["step.".Length..] } });

    /// <summary>A process that dies between the ledger's word and the engine's counts the same end once more after its restart.</summary>
    public static void RotationEnded(RotationState state, RotationTrigger trigger) => Ended(state, trigger, 1);

    private static void Ended(RotationState state, RotationTrigger trigger, long by) => s_ended.Add(
        by, new TagList { { "outcome", LedgerWords.Of(state) }, { "trigger", trigger.ToString().ToLowerInvariant() } });
}
