using System.Text;
using System.Text.Json;
using Rotunda.Engine.History;
using Rotunda.Orchestration;

namespace Rotunda.Engine.Tests;

/// <summary>A turn's text is what histories hold: it does not depend on who wrote it.</summary>
public sealed class TurnWriterTests
{
    private static readonly DateTimeOffset s_at = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
    private static readonly FailureDetails s_failure = new("A.B", "n\u00f6 <luck> + \"so\"", "at C");

    [Fact]
    public void A_turn_is_written_as_the_serializer_writes_it()
    {
        Received[] received =
        [
            Started.Instance, new OperationCompleted(3, "{\"a\": [1, \"+\u00e4\"]}"), new OperationCompleted(4, null),
            new OperationFailed(5, s_failure), new TimerFired(6), new EventRaised("go <", "1"), new EventRaised("go", null),
        ];
        Operation[] called =
        [
            new ActivityCalled(7, "na\u00efve <\"name\">\n", "{\"b\" :\"\\u003c\"}"), new ActivityCalled(8, "", null),
            new ChildCalled(9, "child", "x:0", "2"), new TimerCreated(10, s_at.AddTicks(1)), new TimerCancelled(11, 10),
            new EventAwaited(12, "go"), new Returned(13, "\"done\""), new Returned(14, null), new Threw(15, s_failure),
            new ContinuedAsNew(16, "[]", PreserveEvents: true),
        ];
        Same(new Turn(s_at, received, called));
        Same(new Turn(s_at.ToOffset(TimeSpan.FromHours(2)), [], []));
        foreach (var one in called)
        {
            Same(new Turn(s_at, [Started.Instance], [one]));
        }

        // Longer than the buffer that a thread keeps, and then a short one.
        Same(new Turn(s_at, [new OperationCompleted(1, $"\"{new string('x', 200_000)}\"")], []));
        Same(new Turn(s_at, received, []));
    }

    [Fact]
    public void A_turn_after_one_that_could_not_be_written_is_whole()
    {
        // Half a surrogate pair.
        var broken = new Turn(s_at, [Started.Instance], [new ActivityCalled(1, "a", "\"\ud800\"")]);
        Assert.ThrowsAny<Exception>(() => HistoryJson.Write(broken));
        Same(new Turn(s_at, [Started.Instance], []));
    }

    private static void Same(Turn turn) => Assert.Equal(
        Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(turn, HistoryJson.Default.Turn)),
        Encoding.UTF8.GetString(HistoryJson.Write(turn)));
}
