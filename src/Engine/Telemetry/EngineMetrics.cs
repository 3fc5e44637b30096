using System.Diagnostics.Metrics;

namespace Rotunda.Engine.Telemetry;

/// <summary>The meter "Rotunda.Engine": how busy the engine and its disk are. Costs nothing while nobody listens.</summary>
internal sealed class EngineMetrics : IDisposable
{
    private readonly Meter _meter = new("Rotunda.Engine");
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _commit;
    private readonly Histogram<double> _activity;
    private readonly Counter<long> _stuck;

    public EngineMetrics()
    {
        _batch = _meter.CreateHistogram<int>("rotunda.engine.commit.batch", "{commit}", "Commits that shared one transaction");
        _commit = _meter.CreateHistogram<double>("rotunda.engine.commit.duration", "s", "One transaction, until the disk has it");
        _activity = _meter.CreateHistogram<double>("rotunda.engine.activity.duration", "s", "One run of an activity");
        _stuck = _meter.CreateCounter<long>("rotunda.engine.stuck", "{instance}", "Instances found stuck");
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
