using System.Globalization;
using Rotunda.Calendar.Due;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Telemetry.Numbers;

/// <summary>
/// What a board tells in numbers: so many whatever the catalog has, beside the secrets that are told by name, of which there is a most.
/// Made once a board and read by every collection.
/// </summary>
public sealed class BoardNumbers
{
    /// <summary>Secrets told by name at most. Those that are due first come first.</summary>
    public const int MostNamed = 1_000;

    /// <summary>Days ahead of which it is told what is due.</summary>
    public const int DaysAhead = 30;

    private BoardNumbers(Board board) => Board = board;

    public static BoardNumbers Of(Board board, TelemetryOptions options)
    {
        var (until, tags) = (board.At.AddDays(options.Days), options.Tags.ToHashSet(StringComparer.Ordinal));
        var (due, tagged) = (new List<(DateTimeOffset At, BoardRow Row)>(), new List<(DateTimeOffset At, BoardRow Row)>());
        foreach (var row in board.Rows)
        {
            var at = Earlier(row.DueAt, row.EndsAt) ?? DateTimeOffset.MaxValue;
            if (options.Days > 0 && at <= until)
            {
                due.Add((at, row));
            }
            else if (row.Tags.Any(tags.Contains))
            {
                tagged.Add((at, row));
            }
        }

        var wanted = due.OrderBy(one => one.At).Concat(tagged.OrderBy(one => one.At)).Select(one => one.Row).ToList();
        return new BoardNumbers(board)
        {
            Named = [.. wanted.Take(MostNamed)],
            LeftOut = Math.Max(0, wanted.Count - MostNamed),
            Coming = Ahead(board),
            Drifted = board.Rows.Count(row => row.HasDrifted),
            PastDue = board.Rows.Count(row => row.DueAt <= board.At),
            Soonest = Ending(board),
        };
    }

    public Board Board { get; }

    /// <summary>Those that are told by name.</summary>
    public required IReadOnlyList<BoardRow> Named { get; init; }

    /// <summary>How many more would be told by name, if there were no most.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Scheduled runs on each of the next days, from now on by 24 hours.</summary>
    public required IReadOnlyList<int> Coming { get; init; }

    /// <summary>Secrets with a target, or a provider, that does not hold the value in use.</summary>
    public required int Drifted { get; init; }

    /// <summary>Secrets that are due and have not been rotated: those whose window has not come, and those under way, too.</summary>
    public required int PastDue { get; init; }

    /// <summary>Secrets whose credential ends by itself within 1, 7, 14 and 30 days, whatever the schedule says.</summary>
    public required IReadOnlyList<(int Days, int Secrets)> Soonest { get; init; }

    /// <summary>Those with an interval that are not older than it, and all that have one.</summary>
    public (int Within, int All) OfInterval => (Board.Ages.Take(10).Sum(), Board.Ages.Sum());

    /// <summary>The age of a bucket of the board, as a part of the interval.</summary>
    public static string AgeWord(int bucket) => bucket switch
    {
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{bucket / 10.0:0.0}-{(bucket + 1) / 10.0:0.0}"),
        10 => "1.0-1.5",
        _ => "1.5+",
    };

    /// <summary>Days since the credential in use is known; null before its adoption.</summary>
    public static double? AgeDays(BoardRow row, DateTimeOffset now) => row.Since is { } since ? Days(now - since) : null;

    /// <summary>Days until it is due or its credential ends, whichever is first: below 0 if that is over. Null if neither is
    /// known.</summary>
    public static double? ExpiryDays(BoardRow row, DateTimeOffset now) =>
        Earlier(row.DueAt, row.EndsAt) is { } at ? Days(at - now) : null;

    /// <summary>Days until the credential in use ends by itself.</summary>
    public static double? EndDays(BoardRow row, DateTimeOffset now) => row.EndsAt is { } at ? Days(at - now) : null;

    /// <summary>All states in which a rotation is open.</summary>
    public static IEnumerable<RotationState> OpenStates => Enum.GetValues<RotationState>().Where(state => !state.IsFinal());

    /// <summary>All groups of the status.</summary>
    public static IEnumerable<ScheduleGroup> Groups => Enum.GetValues<ScheduleGroup>();

    private static double Days(TimeSpan time) => Math.Round(time.TotalDays, 2);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    private static int[] Ahead(Board board)
    {
        var days = new int[DaysAhead];
        foreach (var row in board.Coming)
        {
            var day = Math.Max(0, (int)Math.Floor((row.NextAt!.Value - board.At).TotalDays));
            if (day >= DaysAhead)
            {
                break;
            }

            days[day]++;
        }

        return days;
    }

    private static IReadOnlyList<(int Days, int Secrets)> Ending(Board board) =>
        [.. new[] { 1, 7, 14, 30 }.Select(days => (days, board.Rows.Count(row => row.EndsAt <= board.At.AddDays(days))))];
}
