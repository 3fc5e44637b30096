using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>How far a DeploymentConfig of OpenShift is, by the rules of <c>oc rollout status</c>, and by the ReplicationController of its
/// latest version.</summary>
/// <remarks>https://docs.openshift.com/container-platform/4.16/applications/deployments/managing-deployment-processes.html</remarks>
internal static class OpenShiftRollout
{
    /// <summary>Without that trigger a changed template is not rolled out. Triggers that are left out are that one.</summary>
    public static string? Obstacle(WorkloadName workload, JsonObject found) =>
        found.Flag("spec", "paused")
            ? $"The {workload} is paused: nothing would be rolled out. oc rollout resume {workload}"
            : found.At("spec", "triggers") is JsonArray triggers && !triggers.Any(trigger => trigger.Text("type") == "ConfigChange")
            ? $"The {workload} has no trigger ConfigChange: a restart would not be rolled out. oc set triggers {workload} --from-config"
            : null;

    /// <param name="latest">The ReplicationController of the latest version; null if it is not there yet.</param>
    public static Rollout Of(JsonObject config, JsonObject? latest)
    {
        if ((config.Number("metadata", "generation") ?? 0) > Status(config, "observedGeneration"))
        {
            return Rollout.NotSeenYet;
        }

        // The trigger makes the next version some time after the change was seen: until then, the one before looks done.
        if (latest is null || Mark(latest) != Mark(config))
        {
            return new(RolloutState.Waiting, "its new version is not there yet");
        }

        var reason =
            config.Items("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Progressing").Text("reason");
        if (latest.Annotation("openshift.io/deployment.phase") == "Failed"
            || reason is "ProgressDeadlineExceeded" or "RolloutCancelled")
        {
            return new(RolloutState.Failed, "its rollout failed, was cancelled, or took too long");
        }

        var (wanted, all, updated, available) = (
            config.Number("spec", "replicas") ?? 1,
            Status(config, "replicas"),
            Status(config, "updatedReplicas"),
            Status(config, "availableReplicas"));
        return updated < wanted ? new(RolloutState.Waiting, $"{updated} of {wanted} new pods exist")
            : all > updated ? new(RolloutState.Waiting, $"{all - updated} old pods are still to end")
            : available < updated ? new(RolloutState.Waiting, $"{available} of {updated} new pods are available")
            : latest.Annotation("openshift.io/deployment.phase") is { } phase and not "Complete"
                ? new(RolloutState.Waiting, $"its deployer is {phase.ToLowerInvariant()}")
            : new(RolloutState.Done, $"{updated} pods");
    }

    public static string LatestOf(JsonObject config) => $"{config.Name()}-{Status(config, "latestVersion")}";

    private static string? Mark(JsonObject owner) =>
        owner.Text("spec", "template", "metadata", "annotations", SecretAnnotations.RestartedBy);

    private static long Status(JsonObject config, string member) => config.Number("status", member) ?? 0;
}
