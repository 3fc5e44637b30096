using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Api.Views;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>One row of a rotation's audit in the words of the people who read it.</summary>
internal sealed record TimelineLine(string Mark, string Colour, string Text, string More)
{
    private const int LongestRemark = 90;
    private const string Later = "step.retry-later";
    private const string TriedAgain = "will be tried again";

    /// <summary>Null for the rows that are for the books: intents, and what the step beside them tells too.</summary>
    public static TimelineLine? Of(TimelineEntry row, IReadOnlyDictionary<string, string> titles)
    {
        var detail = Parse(row.Detail);
        if (row.Action.StartsWith("step.", StringComparison.Ordinal))
        {
            return OfStep(row, detail, titles);
        }

        if (Words(row.Action) is not var (mark, colour, text))
        {
            return null;
        }

        var note = Said(detail?["note"]);
        var remark = detail is null ? row.Detail : Said(detail["detail"]) ?? Said(detail["reason"]) ?? note;
        if (row.Action == "credential.revoked" && GivenUp.Is(note))
        {
            (mark, text) = ("·", "A new value was given up");
        }

        var fingerprint = Said(detail?["fingerprint"]);
        return new(mark, colour, text, Join(fingerprint is null ? null : $"fingerprint {fingerprint}", Short(remark), By(row.Actor)));
    }

    /// <summary>An attempt whose process died, and which the engine begins anew.</summary>
    public static TimelineLine BegunAgain(TimelineEntry row, IReadOnlyDictionary<string, string> titles) =>
        new("…", "yellow", TitleOf(row, Parse(row.Detail), titles), "begun again: the server ended in the middle of it");

    /// <summary>Tells an attempt of a step, or of its undo, from every other one of the rotation; null for other rows.</summary>
    public static string? AttemptOf(TimelineEntry row) =>
        row.StepId is { } step && row.Action.StartsWith("step.", StringComparison.Ordinal) && Parse(row.Detail) is { } detail
            ? $"{step}/{Said(detail["undo"])}/{detail["attempt"]}" : null;

    /// <summary>Equal for looks of one step that tell the same but for numbers; null for a row that is told by itself.</summary>
    public static string? RunOf(TimelineEntry row) =>
        row is { Action: Later, StepId: { } step } && Parse(row.Detail) is { } detail
            ? $"{step}/{Said(detail["undo"])}/{WithoutNumbers(Said(detail["reason"]))}" : null;

    /// <summary>The text with one sign for each word that has a digit: times and counts change from look to look.</summary>
    public static string? WithoutNumbers(string? text) => text is null ? null
        : string.Join(' ', text.Split(' ').Select(word => word.Any(char.IsAsciiDigit) ? "#" : word));

    public static string? ReasonOf(TimelineEntry row) => Said(Parse(row.Detail)?["reason"]);

    /// <summary>Of a try that failed for now, without the reason if that was told before.</summary>
    /// <param name="told">A problem that stands above.</param>
    /// <param name="more">What is added.</param>
    public TimelineLine Shortened(TimelineEntry row, string? told, string? more) =>
        this with
        {
            More = Join(
                row.Action == Later && told is not null && ReasonOf(row) == told ? TriedAgain : More, more),
        };

    private static string TitleOf(TimelineEntry row, JsonObject? detail, IReadOnlyDictionary<string, string> titles) =>
        Said(detail?["title"]) ?? (row.StepId is { } id ? titles.GetValueOrDefault(id, id) : row.Action);

    private static TimelineLine? OfStep(TimelineEntry row, JsonObject? detail, IReadOnlyDictionary<string, string> titles)
    {
        var title = TitleOf(row, detail, titles);
        var reason = Said(detail?["reason"]);
        return row.Action switch
        {
            "step.intent" => null,
            "step.done" => new("✓", "green", title, Join(reason, Facts(detail))),
            // Of a step on the way back: nothing was done there, or it was undone already. In both cases nothing happened now.
            "step.already-done" when Said(detail?["undo"]) is not null =>
                new("·", "default", title, Join("nothing to do", reason, Facts(detail))),
            "step.already-done" => new("✓", "green", title, Join("was done already", reason, Facts(detail))),
            "step.continue" => new("…", "default", title, Join(StepProgress.Of(FactsOf(detail))?.ToString())),
            Later => new("…", "yellow", title, Join(TriedAgain, reason)),
            "step.new-value-needed" => new("…", "yellow", title, Join("needs another value", reason)),
            "step.rejected" => new("✗", "red", title, Join(reason)),
            "step.unknown" => new("?", "red", title, Join("nobody knows whether it happened", reason)),
            "step.fenced" => new("✗", "yellow", title, Join("a newer rotation has taken over", reason)),
            _ => new("·", "default", title, Join(row.Action, reason)),
        };
    }

    private static (string Mark, string Colour, string Text)? Words(string action) => action switch
    {
        "rotation.planned" or "undo.done" or "target.captured" => null,
        "credential.minting" or "credential.issued" or "credential.minted" or "credential.promoted" or "credential.unpromoted"
            or "credential.revoking" or "credential.expiry" or "lease.at-maximum" => null,
        // The answer to each of these is a row of its own.
        "control.approve" or "control.reject" => null,
        "rotation.started" => ("·", "default", "Started"),
        "approval.requested" => ("·", "yellow", "Waiting for a person"),
        "approval.given" => ("✓", "green", "Approved"),
        "approval.rejected" => ("✗", "red", "Not approved"),
        "approval.timed-out" => ("✗", "red", "Nobody answered in time"),
        "grace.started" => ("·", "default", "The grace period began"),
        "grace.extended" => ("·", "yellow", "The grace period was lengthened"),
        "grace.skipped" => ("·", "yellow", "The grace period was ended early"),
        "grace.ended" => ("·", "default", "The grace period is over"),
        "hold.started" => ("!", "yellow", "Nothing is revoked for now"),
        "hold.ended" => ("·", "default", "What kept the revoke back is settled"),
        "hold.skipped" => ("·", "yellow", "The revoke no longer waits, as a person says"),
        "wait.started" => ("·", "default", "Waiting for what keeps the keys that it has read"),
        "wait.ended" => ("·", "default", "They have had the time to read them again"),
        "evidence.skipped" => ("·", "yellow", "The wait for evidence was ended early"),
        "evidence.timed-out" => ("·", "yellow", "No evidence came in time; going on, as the policy says"),
        "value.replaced" => ("·", "yellow", "Another value is made"),
        "value.requested" => ("·", "yellow", "A person is asked for a value"),
        "value.reminded" => ("·", "yellow", "The value is still waited for"),
        "value.provided" => ("·", "default", "A value was given"),
        "value.refused" => ("✗", "yellow", "The value that was given does not do"),
        "value.accepted" => ("✓", "green", "The value that was given works"),
        "value.expired" => ("✗", "red", "Nobody gave a value in time"),
        "revoke.requested" => ("·", "yellow", "A person is asked to end the old credential"),
        "revoke.reminded" => ("·", "yellow", "A person has still to end the old credential"),
        "revoke.confirmed" => ("·", "default", "A person says that the old credential is ended"),
        "revoke.settled" => ("✓", "green", "The old credential has ended"),
        "revoke.left" => ("!", "yellow", "The old credential was left to be ended by hand"),
        "code.made" => ("·", "default", "A one-time link was made"),
        "code.used" => ("·", "default", "A one-time link was used"),
        "rollback.started" => ("·", "red", "Going back"),
        "credential.disabled" => ("·", "yellow", "A credential is disabled, as a trial"),
        "credential.enabled" => ("·", "yellow", "A credential works again"),
        "credential.revoked" => ("✓", "default", "A credential was revoked"),
        "orphan.revoking" => ("·", "yellow", "A person has an orphan revoked"),
        "orphan.settled" => ("·", "yellow", "A person settled an orphan"),
        "credential.orphaned" => ("!", "red", "A credential was left over; a person has to settle it"),
        "control.ignored" => ("·", "yellow", "A message had no effect"),
        "request.refused" => ("✗", "yellow", "A request was refused"),
        "rotation.taken-over" => ("·", "yellow", "Taken over by a newer rotation"),
        "rotation.stuck" => ("!", "red", "Stuck"),
        "rotation.carried-over" => ("·", "yellow", "Goes on where the ledger says it stood"),
        "rotation.resumed" => ("·", "yellow", "Resumed"),
        "rotation.paused" => ("·", "yellow", "Paused"),
        "rotation.succeeded" => ("✓", "green", "Succeeded"),
        "rotation.rolled-back" => ("✗", "red", "Rolled back"),
        "rotation.rejected" => ("✗", "red", "Rejected"),
        "rotation.cancelled" => ("✗", "red", "Cancelled"),
        "rotation.superseded" => ("✗", "yellow", "Superseded"),
        _ when action.StartsWith("control.", StringComparison.Ordinal) => ("·", "yellow", $"Asked for: {action["control.".Length..]}"),
        // A word of a newer release: better as it is than not at all.
        _ => ("·", "default", action),
    };

    private static JsonObject? Parse(string? detail)
    {
        try
        {
            return detail?.StartsWith('{') == true ? JsonNode.Parse(detail) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Numbers of the ledger's rows, and that nothing is left, say nothing to a reader.</summary>
    private static string? Facts(JsonObject? detail) =>
        detail?["facts"] is JsonObject facts
            ? Join([.. facts.Where(f => f.Key is not ("settled" or StepFacts.Cursor) && $"{f.Value}" != "nothing")
                .Select(f => f.Key == StepFacts.Detail ? $"{f.Value}" : $"{Spaced(f.Key)}: {Readable($"{f.Value}")}")])
            : null;

    private static Dictionary<string, string> FactsOf(JsonObject? detail) =>
        (detail?["facts"] as JsonObject ?? []).ToDictionary(f => f.Key, f => $"{f.Value}", StringComparer.Ordinal);

    /// <summary>Facts are named as JSON names things: takenOver is "taken over" to a reader.</summary>
    private static string Spaced(string key) =>
        string.Concat(key.Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    /// <summary>Times are kept to the last digit, for programs.</summary>
    private static string Readable(string value) =>
        DateTimeOffset.TryParseExact(value, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) : value;

    private static string? By(string actor) => actor is "rotunda" or "system" ? null : $"by {actor}";

    /// <summary>Cut between words: half of one can say the opposite ("can" of "cannot").</summary>
    private static string? Short(string? text) => text is not { Length: > LongestRemark } ? text
        : text[..(text.LastIndexOf(' ', LongestRemark) is > 0 and var space ? space : LongestRemark)] + " …";

    private static string Join(params string?[] parts) => string.Join("; ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string? Said(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
