using System.Diagnostics.Metrics;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Counts what people and machines ask for: rotations that were started, and requests that were refused. No name is in
/// it.</summary>
public static class DeskMeter
{
    private static readonly Meter s_meter = new(OutsideCall.TelemetryName);
    private static readonly Counter<long> s_started =
        s_meter.CreateCounter<long>("rotunda.rotations.started", "{rotation}", "Rotations that were started, by what started them.");

    private static readonly Counter<long> s_refused =
        s_meter.CreateCounter<long>("rotunda.requests.refused", "{request}", "Requests that were refused, by code and by who came.");

    /// <summary>Writes a 0 for what has not happened yet, when somebody listens (<see cref="StepMeter.Begin"/>).</summary>
    public static void Begin()
    {
        foreach (var trigger in Enum.GetValues<RotationTrigger>())
        {
            s_started.Add(0, new KeyValuePair<string, object?>("trigger", trigger.ToString().ToLowerInvariant()));
        }

        foreach (var (code, known) in new[]
        {
            ("token-missing", false), ("token-invalid", false), ("role-missing", true), ("not-granted", true), ("own-request", true),
        })
        {
            Refused(code, known, 0);
        }
    }

    public static void Started(RotationTrigger trigger) =>
        s_started.Add(1, new KeyValuePair<string, object?>("trigger", trigger.ToString().ToLowerInvariant()));

    /// <param name="known">False for a stranger.</param>
    public static void Refused(string code, bool known) => Refused(code, known, 1);

    private static void Refused(string code, bool known, int by) => s_refused.Add(
        by,
        new KeyValuePair<string, object?>("code", code),
        new KeyValuePair<string, object?>("caller", known ? "known" : "stranger"));
}
