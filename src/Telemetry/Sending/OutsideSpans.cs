using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Context.Propagation;
using Rotunda.Activities.Steps;

namespace Rotunda.Telemetry.Sending;

/// <summary>
/// Keeps of a call over HTTP what may be told: whom, by which method, the answer's code and how long it took. An address may hold names
/// and tokens in its path and in its query, and none of it is sent on.
/// </summary>
internal sealed class OutsideSpans : BaseProcessor<Activity>
{
    private const string Address = "url.full";

    private static readonly HashSet<string> s_kept = new(StringComparer.Ordinal)
    {
        "http.request.method", "http.response.status_code", "server.address", "server.port", "network.protocol.version", "error.type",
    };

    /// <summary>Takes the trace's ids out of what is sent to vendors: they need not know what belongs together here.</summary>
    public static void SendNothingOut()
    {
        // The runtime's way and the instrumentation's.
        DistributedContextPropagator.Current = DistributedContextPropagator.CreateNoOutputPropagator();
        Sdk.SetDefaultTextMapPropagator(new CompositeTextMapPropagator([]));
    }

    /// <summary>True for a call of a step. What watches (the doctor, notices) is no part of a rotation's trace.</summary>
    public static bool IsInRotation()
    {
        for (var span = Activity.Current; span is not null; span = span.Parent)
        {
            if (span.Source.Name == OutsideCall.TelemetryName)
            {
                return true;
            }
        }

        return false;
    }

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == OutsideCall.TelemetryName)
        {
            return;
        }

        foreach (var (name, value) in data.TagObjects.ToList())
        {
            data.SetTag(name, name == Address ? Origin(value as string) : s_kept.Contains(name) ? value : null);
        }

        data.DisplayName = data.GetTagItem("http.request.method") as string ?? "call";
        if (data.Status == ActivityStatusCode.Error)
        {
            // Its description is a text of whoever failed.
            data.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static string? Origin(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;
}
