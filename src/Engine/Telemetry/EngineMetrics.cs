using System.Diagnostics.Metrics;

namespace Rotunda.Engine.Telemetry;

/// <summary>The meter "Rotunda.Engine": how busy the engine and its disk are. Costs nothing while nobody listens.</summary>
internal sealed class EngineMetrics : IDisposable
{
    /// <summary>Seconds that a disk takes.</summary>
    private static readonly InstrumentAdvice<double> s_ofCommits =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1] };

    /// <summary>Few: there is a series of them for each activity and outcome.</summary>
    private static readonly InstrumentAdvice<double> s_ofActivities = new() { HistogramBucketBoundaries = [0.1, 1, 10, 60] };
    private static readonly InstrumentAdvice<int> s_ofBatches = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 50, 100, 500] };
    private readonly Meter _meter = new("Rotunda.Engine");
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;
    private readonly Histogram<double> _activity;
    private readonly Counter<long> _stuck;

    public EngineMetrics()
    {
        _batch = _meter.CreateHistogram(
            "rotunda.engine.commit.batch", "{commit}", "Commits that shared one transaction", tags: null, s_ofBatches);
        _commit = _meter.CreateHistogram(
            "rotunda.engine.commit.duration", "s", "One transaction, until the disk has it", tags: null, s_ofCommits);
        _activity = _meter.CreateHistogram(
            "rotunda.engine.activity.duration", "s", "One run of an activity", tags: null, s_ofActivities);
        _stuck = _meter.CreateCounter<long>("rotunda.engine.stuck", "{instance}", "Instances found stuck");
        // One that is not there before the first time hides that time from whoever asks for its increase.
        _stuck.Add(0);
    }

    public void Committed(int batch, TimeSpan took)
    {
        _batch.Record(batch);
        _commit.Record(took.TotalSeconds);
    }

    public void ActivityEnded(string name, bool succeeded, TimeSpan took) =>
        _activity.Record(took.TotalSeconds, new("activity", name), new("outcome", succeeded ? "completed" : "failed"));

    public void Stuck() => _stuck.Add(1);

    public void Dispose() => _meter.Dispose();
}
