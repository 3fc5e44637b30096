using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>
/// How each kind is told to replace its pods, and whether somebody took that back. Which step restarted it is noted twice: where the
/// restart itself stands (the pod template; the field restartAt of an Argo Rollout), and at the workload.
/// </summary>
/// <remarks>https://argoproj.github.io/argo-rollouts/features/restart/</remarks>
internal static class WorkloadRestart
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>True if this step has restarted it already.</summary>
    public static bool IsBy(WorkloadName workload, JsonObject found, string by) => workload.Resource == KubernetesResource.Rollouts
        ? found.Annotation(SecretAnnotations.RestartedBy) == by && TimeOf(found) is not null && TookBack(workload, found) is null
        : TemplateMark(found) == by;

    /// <summary>The patch that restarts it, and its content type.</summary>
    public static (string ContentType, JsonObject Patch) Of(WorkloadName workload, JsonObject found, TimeProvider clock, string by)
    {
        var now = clock.GetUtcNow().ToString(Format, CultureInfo.InvariantCulture);
        if (workload.Resource == KubernetesResource.Rollouts)
        {
            // The controller restarts when the field differs from the restart that it did last, which has whole seconds.
            var last =
                TimeOf(found) is { } time && time >= Parse(now) ? time.AddSeconds(1).ToString(Format, CultureInfo.InvariantCulture) : now;
            return (
                KubernetesClient.MergePatch,
                new JsonObject
                {
                    ["metadata"] = Noted(by, last),
                    ["spec"] = new JsonObject { ["restartAt"] = last },
                });
        }

        // As kubectl does it, with the step beside, so that the step's next attempt does not restart once more.
        var template = new JsonObject { [RestartedAt] = now, [SecretAnnotations.RestartedBy] = by };
        return (
            KubernetesClient.StrategicMergePatch,
            new JsonObject
            {
                ["metadata"] = Noted(by, now),
                ["spec"] = new JsonObject
                {
                    ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = template } },
                },
            });
    }

    /// <summary>What is to be told if a restart is not there any more; null if it is, or if a later one is.</summary>
    public static string? Undone(WorkloadName workload, JsonObject found)
    {
        var what = found.Annotation(SecretAnnotations.RestartedBy) switch
        {
            null => TemplateMark(found) is null ? "nothing of it is left at the workload" : null,
            var noted => SecretAnnotations.IsStopped(noted) ? null : TookBack(workload, found),
        };
        return what is null
            ? null
            : $"The restart of {workload} was undone ({what}), so its pods may hold the old value. Does a GitOps tool put back what Git "
                + "says? Tell it to leave the restart alone (the page of kubernetes-workload has the lines for Argo CD and Flux), then "
                + "rotate again.";
    }

    private static string? TookBack(WorkloadName workload, JsonObject found)
    {
        if (workload.Resource != KubernetesResource.Rollouts)
        {
            return TemplateMark(found) == found.Annotation(SecretAnnotations.RestartedBy)
                ? null
                : $"the annotation {SecretAnnotations.RestartedBy} of its pod template is gone, or is an earlier one";
        }

        return TimeOf(found) is not { } time ? "its spec.restartAt is gone"
            : found.Annotation(SecretAnnotations.RestartAt) is { } ours && time < Parse(ours) ? "its spec.restartAt is an earlier one"
            : null;
    }

    private static JsonObject Noted(string by, string at) => new()
    {
        ["annotations"] = new JsonObject { [SecretAnnotations.RestartedBy] = by, [SecretAnnotations.RestartAt] = at },
    };

    private static string? TemplateMark(JsonObject found) =>
        found.Text("spec", "template", "metadata", "annotations", SecretAnnotations.RestartedBy);

    private static DateTimeOffset? TimeOf(JsonObject rollout) =>
        rollout.Text("spec", "restartAt") is { } text ? Parse(text) : null;

    private static DateTimeOffset Parse(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : default;
}
