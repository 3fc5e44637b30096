using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Interpreter;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// One trace a rotation, whoever runs it: the ids of the trace and of its first span are made from the rotation's id, so that every
/// process, before and after a restart and in either head, writes its steps into the same trace. A span holds the rotation's id (which
/// has the secret's name in it), the step's id and kind, and the outcome; never a reason, a target's address or a value.
/// </summary>
public static class RotationTrace
{
    private const string Error = "error.type";
    private static readonly ActivitySource s_source = new(OutsideCall.TelemetryName);

    /// <summary>The id of the trace that a rotation's steps are in.</summary>
    public static ActivityTraceId IdOf(string rotationId) => ActivityTraceId.CreateFromBytes(Hash("trace", rotationId).AsSpan(0, 16));

    /// <summary>The id of the span that all steps of the rotation are children of. It is written when the rotation has ended.</summary>
    public static ActivitySpanId RootOf(string rotationId) => ActivitySpanId.CreateFromBytes(Hash("root", rotationId).AsSpan(0, 8));

    /// <summary>One attempt of a step, or of its undo. Null while nobody listens.</summary>
    internal static Activity? StartStep(string kind, StepInput input)
    {
        var parent = new ActivityContext(
            IdOf(input.RotationId), RootOf(input.RotationId), ActivityTraceFlags.Recorded, traceState: null, isRemote: true);
        var span = s_source.StartActivity(kind, ActivityKind.Internal, parent);
        return span?.SetTag("rotunda.rotation", input.RotationId)
            .SetTag("rotunda.step", input.Undo?.Id ?? input.Step.Id)
            .SetTag("rotunda.attempt", input.Attempt)
            .SetTag("rotunda.provider", (input.Undo is { } undo ? undo.Provider : input.Step.Provider)?.Type);
    }

    internal static void EndStep(Activity? span, StepOutcome outcome)
    {
        var word = LedgerWords.ActionOf(outcome.Kind)["step.".Length..];
        span?.SetTag("rotunda.outcome", word);
        if (!outcome.Succeeded && outcome.Kind != StepOutcomeKind.Continue)
        {
            span?.SetTag(Error, word).SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Writes the span of the whole rotation, from its start to now. It may be written twice, and is the same then.</summary>
    internal static void WriteRoot(RotationRecord rotation, RotationState state, DateTimeOffset endedAt)
    {
        var context = new ActivityContext(IdOf(rotation.Id), default, ActivityTraceFlags.Recorded);
        using var span = s_source.CreateActivity("rotation", ActivityKind.Internal, context);
        if (span is null)
        {
            return;
        }

        span.SetStartTime(rotation.CreatedAt.UtcDateTime);
        span.Start();
        Name(span, RootOf(rotation.Id));
        span.SetTag("rotunda.rotation", rotation.Id)
            .SetTag("rotunda.strategy", rotation.Plan.Strategy.ToString())
            .SetTag("rotunda.trigger", rotation.Trigger.ToString().ToLowerInvariant())
            .SetTag("rotunda.outcome", LedgerWords.Of(state));
        if (state != RotationState.Succeeded)
        {
            span.SetTag(Error, LedgerWords.Of(state)).SetStatus(ActivityStatusCode.Error);
        }

        span.SetEndTime(endedAt.UtcDateTime);
    }

    /// <summary>The runtime gives every span an id by chance and has no way to say another. Where its field is not there any more, the
    /// steps stay in one trace, beside this span in place of below it.</summary>
    private static void Name(Activity span, ActivitySpanId id)
    {
        try
        {
            SpanId(span) = id.ToHexString();
        }
        catch (MissingFieldException)
        {
            span.SetTag("rotunda.span", id.ToHexString());
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanId(Activity activity);

    private static byte[] Hash(string what, string rotationId) =>
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"rotunda/{what}/{rotationId}")));
}
