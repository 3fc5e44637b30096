using System.Globalization;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption;

/// <summary>What a rehearsal found, in words: what keeps the rows from being moved, or how many there are and how long it takes.</summary>
internal static class RowsFindings
{
    /// <summary>Of what a rehearsal reads and seals, about so much is left when it is written too.</summary>
    private const double WritingShare = 0.4;

    /// <param name="list">The file with all rows that are told here, if there is one.</param>
    public static StepOutcome Of(RowsWork work, RehearsalState state, string? list)
    {
        var rows = state.Lanes.Where(lane => lane.Number != Lane.LeftOut).Sum(lane => lane.Rows);
        var problems = new[] { Unopened(work, state, rows), Lost(state) }.OfType<string>().ToList();
        if (problems.Count > 0)
        {
            return StepOutcome.Rejected(
                $"{string.Join(' ', problems)} {(list is null ? "Set 'listTo' to have all of them listed in a file." : $"See all of "
                    + $"them in {list}.")} Nothing was written.")
                with
            {
                Facts = Facts(
                    ("unopened", Some(state.Unopened)), ("unopenedRows", Some(state.UnopenedKeys)), ("lost", Some(state.Lost)),
                    ("lostRows", Some(state.LostKeys)), ("list", list)),
            };
        }

        var rate = state.Seconds > 0 ? rows / state.Seconds : 0;
        var moving = Math.Min(rate * WritingShare, work.Setup.RowsPerSecond ?? double.MaxValue);
        var leftOut = state.Lanes.Where(lane => lane.Number == Lane.LeftOut).Sum(lane => lane.Rows);
        return StepOutcome.Done(
            (StepFacts.Rows, PassRunner.Number(rows)),
            ("tables", string.Join(", ", work.Tables.Select(table => Counted(table, state)))),
            ("rehearsedPerSecond", rate > 0 ? PassRunner.Number((long)rate) : null),
            ("estimate", moving > 0 ? $"about {DurationText.Format(TimeSpan.FromSeconds(Math.Ceiling(rows / moving)))}" : null),
            ("skipped", Some(leftOut)),
            ("empty", Some(state.Empty)));
    }

    private static string Counted(RowsTable table, RehearsalState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"{table.Name} {state.Lanes.Where(lane => lane.Table == table.Number && lane.Number != Lane.LeftOut).Sum(lane => lane.Rows)}");

    private static string? Unopened(RowsWork work, RehearsalState state, long rows)
    {
        if (state.Unopened == 0)
        {
            return null;
        }

        var empty = state.UnopenedEmpty == 0 ? ""
            : state.UnopenedEmpty == state.Unopened ? " What they hold is empty: 'empty: keep' leaves it so."
            : $" {PassRunner.Number(state.UnopenedEmpty)} of them hold nothing but empty values: 'empty: keep' leaves those.";
        var before = work.Tables.Any(table => table.Prefix.Length > 0) ? "" : ", or something stands before each value, in 'prefix'";
        return $"No key opens {state.Unopened} of {rows} rows, by their keys: {Told(state.UnopenedKeys, state.UnopenedRows)}.{empty} If "
            + $"another key does, name it in 'olderKeys'{before}; put rows right or delete them; or name those that are to stay as they "
            + "are: in 'skip' by their keys, or in 'skipWhere' by a condition (rows that were never encrypted).";
    }

    private static string? Lost(RehearsalState state) => state.Lost == 0 ? null
        : $"{state.Lost} of the rows that 'skip' or 'skipWhere' leave out hold what a key opens, by their keys: "
            + $"{Told(state.LostKeys, state.LostRows)}. They would be lost with the old key: leave fewer out.";

    private static string Told(IReadOnlyDictionary<string, List<string>> keys, IReadOnlyDictionary<string, long> rows) =>
        string.Join("; ", keys.Select(table => $"{table.Key}: {RowMover.Told(table.Value, rows.GetValueOrDefault(table.Key))}"));

    private static string? Some(long number) => number > 0 ? PassRunner.Number(number) : null;

    private static string? Some(SortedDictionary<string, List<string>> keys) =>
        keys.Count == 0 ? null : string.Join("; ", keys.Select(table => $"{table.Key}: {string.Join(", ", table.Value)}"));

    private static Dictionary<string, string> Facts(params (string Name, string? Value)[] facts) =>
        facts.Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal);
}
