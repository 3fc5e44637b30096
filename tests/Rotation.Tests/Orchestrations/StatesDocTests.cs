using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>docs/rotation-states.md says which verbs have an effect where; the code decides.</summary>
public sealed partial class StatesDocTests
{
    private static readonly Dictionary<(string State, string Where), Situation> s_rows = new()
    {
        [("running", "before the promotion")] = At(ControlPoint.Running),
        [("running", "after the promotion")] = At(ControlPoint.Running, promoted: true),
        [("running", "the old credential's end was begun")] = At(ControlPoint.Running, promoted: true, oldIsGoing: true),
        [("waiting-for-approval", "approval to start")] = At(ControlPoint.Approval),
        [("waiting-for-approval", "approval to revoke")] = At(ControlPoint.Approval, promoted: true),
        [("grace", "grace period")] = At(ControlPoint.Grace, promoted: true),
        [("grace", "evidence gate")] = At(ControlPoint.Evidence, promoted: true),
        [("grace", "the revoke is held")] = At(ControlPoint.Hold, promoted: true),
        [("waiting-for-value", "a person is to give a value")] = At(ControlPoint.Value),
        [("waiting-for-revoke", "a person is to end the old credential")] = At(ControlPoint.OldEnds, promoted: true, oldIsGoing: true),
        [("rolling-back", "undoing")] = At(ControlPoint.RollingBack),
        [("running", "between two slices of a step")] = At(ControlPoint.Slicing),
        [("paused", "a step that is done in slices")] = At(ControlPoint.Paused),
        [("rolling-back", "between two slices of an undo")] = At(ControlPoint.SlicingBack),
        [("paused", "undoing")] = At(ControlPoint.PausedRollingBack),
        [("stuck", "before the promotion")] = At(ControlPoint.Stuck),
        [("stuck", "after the promotion")] = At(ControlPoint.Stuck, promoted: true),
        [("stuck", "the old credential's end was begun")] = At(ControlPoint.Stuck, promoted: true, oldIsGoing: true),
        [("stuck", "at the grace period or the evidence gate")] = At(ControlPoint.StuckAtGate, promoted: true),
        [("stuck", "undoing")] = At(ControlPoint.StuckRollingBack),
        [("stuck", "the plan needs another release")] = At(ControlPoint.StuckAtVersion),
    };

    [Fact]
    public void The_table_is_true()
    {
        var documented = Row().Matches(File.ReadAllText(DocPath())).ToDictionary(
            m => (m.Groups["state"].Value, m.Groups["where"].Value), m => m.Groups["verbs"].Value);

        foreach (var (row, situation) in s_rows)
        {
            Assert.Equal(VerbsAt(situation), documented[row]);
        }

        Assert.All(documented.Where(d => !s_rows.ContainsKey(d.Key)), d => Assert.Equal("none", d.Value));
        Assert.Equal(StateNames().Order(), documented.Keys.Select(k => k.Item1).Distinct().Order());
    }

    [Fact]
    public void Every_place_is_in_the_table() =>
        Assert.Equal(Enum.GetValues<ControlPoint>().Order(), s_rows.Values.Select(s => s.Point).Distinct().Order());

    private static string VerbsAt(Situation situation) => string.Join(" ", ControlRules.Verbs
        .Where(v => ControlRules.Judge(
            new ControlMessage(v, "someone", null, TimeSpan.FromHours(1)),
            situation).Kind != ControlEffectKind.Ignore)
        .Select(v => $"`{ControlRules.NameOf(v)}`"));

    private static IEnumerable<string> StateNames() =>
        Enum.GetValues<RotationState>().Select(s => System.Text.Json.JsonSerializer.Serialize(s).Trim('"'));

    private static Situation At(ControlPoint point, bool promoted = false, bool oldIsGoing = false) =>
        new(point, promoted, oldIsGoing, "requester");

    private static string DocPath([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "rotation-states.md");

    [GeneratedRegex(
        @"^\| `(?<state>[a-z-]+)` \| (?<where>[^|]+?) \| (?<verbs>[^|]+?) \|",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Row();
}
