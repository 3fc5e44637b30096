using System.Globalization;
using Rotunda.Rotation.Scheduling;

namespace Rotunda.Calendar.Simulation;

/// <summary>Counts what happens.</summary>
internal sealed class SimulationTally
{
    private const int LateShown = 10;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly SortedDictionary<string, SimulatedMonth> _months = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _putOff = new(StringComparer.Ordinal);
    private readonly List<LateStart> _late = [];
    private readonly int[] _hours = new int[24];
    private readonly Queue<DateTimeOffset> _lastHour = new();
    private int _open;
    private int _mostOpen;
    private int _mostInAnHour;

    public long Looks { get; set; }

    public void Started(SimulatedRun run, DateTimeOffset? due, string? waitedFor)
    {
        var month = Of(run.StartedAt);
        _mostOpen = Math.Max(_mostOpen, ++_open);
        (month.ByPeople, month.Emergencies) = (
            month.ByPeople + (run.By == StartedBy.Person ? 1 : 0), month.Emergencies + (run.By == StartedBy.Emergency ? 1 : 0));
        if (run.By != StartedBy.Schedule)
        {
            return;
        }
        month.Scheduled++;
        _hours[run.StartedAt.UtcDateTime.Hour]++;
        _lastHour.Enqueue(run.StartedAt);
        while (_lastHour.Peek() <= run.StartedAt - TimeSpan.FromHours(1))
        {
            _lastHour.Dequeue();
        }
        _mostInAnHour = Math.Max(_mostInAnHour, _lastHour.Count);
        if (waitedFor is not null)
        {
            _putOff[waitedFor] = _putOff.GetValueOrDefault(waitedFor) + 1;
        }
        if (due is { } at && run.StartedAt - at > Day)
        {
            month.Late++;
            _late.Add(new LateStart(run.Secret.Name, at, run.StartedAt, waitedFor ?? DecisionReasons.Due));
        }
    }

    public void Ended(RunEnd? end, DateTimeOffset wall)
    {
        var month = Of(wall);
        _open--;
        (month.Succeeded, month.Failed, month.Stopped) = (
            month.Succeeded + (end == RunEnd.Succeeded ? 1 : 0),
            month.Failed + (end is RunEnd.Failed or RunEnd.TakenBack ? 1 : 0),
            month.Stopped + (end is RunEnd.Cancelled or null ? 1 : 0));
    }

    public SimulationReport Report(SimulationOptions options, Faults faults, IReadOnlyList<BrokenPromise> broken) => new()
    {
        From = options.From,
        Days = options.Days,
        Seed = options.Seed,
        Secrets = options.Catalog.Policies.Count,
        Downtimes = faults.Downtimes,
        ClockJumps = faults.ClockJumps,
        Looks = Looks,
        Months = [.. _months.Values],
        ByHour = _hours,
        MostAtOnce = _mostOpen,
        MostInAnHour = _mostInAnHour,
        PutOff = _putOff,
        Late = [.. _late.OrderByDescending(late => late.StartedAt - late.DueAt).Take(LateShown)],
        LateStarts = _late.Count,
        Broken = [.. broken.OrderBy(one => one.At).ThenBy(one => one.Secret, StringComparer.Ordinal)],
    };

    private SimulatedMonth Of(DateTimeOffset at)
    {
        var name = at.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        return _months.TryGetValue(name, out var month) ? month : _months[name] = new SimulatedMonth(name);
    }
}
