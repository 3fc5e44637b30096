using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rotunda.Files;

namespace Rotunda.Activities.Steps;

/// <summary>Wraps each call that touches the outside: crash points, a metric, a span. Nothing of it holds a value.</summary>
public sealed class OutsideCall(CrashPoints crashPoints, TimeProvider time)
{
    public const string TelemetryName = "Rotunda";
    private static readonly ActivitySource Source = new(TelemetryName);
    private static readonly Meter Meter = new(TelemetryName);
    private static readonly Counter<long> Calls =
        Meter.CreateCounter<long>("rotunda.outside.calls", "{call}", "Calls to the systems that issue, hold and consume credentials.");
    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram("rotunda.outside.duration", "s", "How long they took.", tags: null, StepMeter.OfCalls);

    private static readonly Histogram<double> Arrival =
        Meter.CreateHistogram(
            "rotunda.sync.duration", "s", "From a delivery until its arrival was confirmed, by type of target.",
        tags: null, StepMeter.OfSteps);

    /// <summary>How long a value took to get to where consumers read it. By the target's type: names would be one series each.</summary>
    public static void RecordArrival(StepContext context, TimeSpan took) =>
        Arrival.Record(
            took.TotalSeconds, new KeyValuePair<string, object?>("target", context.Binding?.Type ?? "none"));

    public async Task<T> RunAsync<T>(StepContext context, Func<Task<T>> call)
    {
        var provider = context.Binding?.Type ?? "none";
        crashPoints.Hit($"outside.before:{context.Kind}");
        context.Scope.CountOutsideCall();
        using var span = Source.StartActivity($"{context.Kind} {provider}", ActivityKind.Client);
        span?.SetTag("rotunda.rotation", context.Rotation.Id)
            .SetTag("rotunda.step", context.Input.Step.Id)
            .SetTag("rotunda.provider", provider);
        var began = time.GetTimestamp();
        var answered = false;
        try
        {
            var result = await call();
            answered = true;
            return result;
        }
        finally
        {
            var tags = new TagList { { "kind", context.Kind }, { "provider", provider }, { "answered", answered } };
            Calls.Add(1, tags);
            Duration.Record(time.GetElapsedTime(began).TotalSeconds, tags);
            if (answered)
            {
                crashPoints.Hit($"outside.after:{context.Kind}");
            }
            else
            {
                span?.SetStatus(ActivityStatusCode.Error);
            }
        }
    }
}
