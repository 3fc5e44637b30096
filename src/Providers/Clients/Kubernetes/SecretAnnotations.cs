using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>What Rotunda notes at the objects that it changes. Names of secrets are valid names of annotations; several may share
/// one object.</summary>
internal static class SecretAnnotations
{
    /// <summary>On an ExternalSecret or a Secret: what was delivered last, as rotation and fingerprints.</summary>
    public static string Delivery(string secret) => $"delivery.rotunda.dev/{secret}";

    public static string Rotation(string secret) => $"rotation.rotunda.dev/{secret}";

    public static string Fingerprint(string secret) => $"fingerprint.rotunda.dev/{secret}";

    /// <summary>On a pod template and its workload: which step of which rotation restarted it last.</summary>
    public const string RestartedBy = "rotunda.dev/restarted-by";

    private const string Stopped = "/stopped";

    /// <summary>On a workload: when that was.</summary>
    public const string RestartAt = "rotunda.dev/restart-at";

    /// <summary>Stands for <see cref="RestartedBy"/> where a rotation stopped the workload as a whole: it starts anew by itself.</summary>
    public static string StoppedBy(string rotation) => rotation + Stopped;

    public static bool IsStopped(string restartedBy) => restartedBy.EndsWith(Stopped, StringComparison.Ordinal);

    /// <summary>On a workload that is scaled to zero: how many replicas it had.</summary>
    public const string Replicas = "rotunda.dev/replicas";

    /// <summary>Says the same of the same values, and differs for others.</summary>
    public static string Marker(ProviderCall call, DeliveredValues values) =>
        $"{call.RotationId}/{values.Primary.Fingerprint}{(values.Secondary is { } secondary ? "/" + secondary.Fingerprint : "")}";

    public static JsonObject Of(ProviderCall call, DeliveredValues values) => new()
    {
        [Rotation(call.Secret)] = call.RotationId,
        [Fingerprint(call.Secret)] = values.Primary.Fingerprint,
    };
}
