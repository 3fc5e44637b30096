using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// Reckons whether a grace period that has ended was as long as the plan says. Its timer goes by the wall clock: time that a jump of the
/// clock skipped has not passed, and is waited for.
/// </summary>
internal sealed class GraceLeft(ILedger ledger, TimeProvider time)
{
    /// <summary>Null if it is over, was skipped by a person, or there is none; else why it is not.</summary>
    public async Task<string?> WhyAsync(string rotationId, CancellationToken cancellationToken)
    {
        var rows = await ledger.ReadRotationAsync(rotationId, cancellationToken);
        var start = rows.LastOrDefault(row => row.Action == RotationActions.GraceStarted);
        if (start is null || rows.Any(row => row.Action == RotationActions.GraceSkipped && row.Sequence > start.Sequence))
        {
            return null;
        }

        var until = rows.Where(row => row.Sequence >= start.Sequence
                && row.Action is RotationActions.GraceStarted or RotationActions.GraceExtended)
            .Select(row => StateDetail.Of(row)?.Until)
            .Max();
        var skipped = await ledger.JumpedSinceAsync(start.Sequence, cancellationToken);
        var end = until + (skipped > TimeSpan.Zero ? skipped : TimeSpan.Zero);
        return time.GetUtcNow() >= (end ?? DateTimeOffset.MinValue)
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"the grace period is not over before {end!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: the clock jumped since it began, "
                    + $"and the {Whole(skipped)} that it skipped have not passed");
    }

    private static string Whole(TimeSpan span) => DurationText.Format(TimeSpan.FromSeconds(Math.Round(span.Duration().TotalSeconds)));
}
