using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

internal enum RolloutState
{
    /// <summary>Every pod that is to be new is new and available.</summary>
    Done,
    Waiting,
    /// <summary>It will not get there by itself.</summary>
    Failed,
}

/// <summary>How far a rollout is, by the rules of <c>kubectl rollout status</c>.</summary>
/// <param name="Detail">For people.</param>
/// <remarks>https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/,
/// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status</remarks>
internal sealed record Rollout(RolloutState State, string Detail)
{
    private const string RollingUpdate = "RollingUpdate";

    public static Rollout NotSeenYet { get; } = new(RolloutState.Waiting, "its controller has not seen the change yet");

    public static Rollout Of(JsonObject workload) => workload.Text("kind") switch
    {
        "StatefulSet" => OfStatefulSet(workload),
        "DaemonSet" => OfDaemonSet(workload),
        "Rollout" => ArgoRollout.Of(workload),
        _ => OfDeployment(workload),
    };

    /// <summary>Why pods would not, or not all, be replaced by a rollout; null if they would.</summary>
    public static string? Obstacle(WorkloadName workload, JsonObject found, bool allowPartition)
    {
        if (workload.Resource == KubernetesResource.Deployments)
        {
            return found.Flag("spec", "paused")
                ? $"The {workload} is paused: nothing would be rolled out. kubectl rollout resume {workload}"
                : null;
        }

        if (workload.Resource == KubernetesResource.Rollouts)
        {
            return ArgoRollout.Obstacle(workload, found);
        }

        if (workload.Resource == KubernetesResource.DeploymentConfigs)
        {
            return OpenShiftRollout.Obstacle(workload, found);
        }

        if (found.Text("spec", "updateStrategy", "type") is { } type && type != RollingUpdate)
        {
            return $"The {workload} has the update strategy {type}: its pods are replaced only when somebody deletes them, and nobody "
                + $"can tell when that is done. Set its updateStrategy to {RollingUpdate}.";
        }

        return !allowPartition && Partition(found) is > 0 and var partition
            ? $"The {workload} has a partition of {partition}: pods below it keep the old value, which is revoked later. Set the "
                + "partition to 0, or allowPartition if these pods do not use this secret."
            : null;
    }

    private static Rollout OfDeployment(JsonObject deployment)
    {
        if (Generation(deployment) > Observed(deployment))
        {
            return NotSeenYet;
        }

        if (deployment.Items("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == "Progressing")
            .Text("reason") == "ProgressDeadlineExceeded")
        {
            return new(RolloutState.Failed, "it exceeded its progress deadline");
        }

        var (wanted, all, updated, available) = (
            deployment.Number("spec", "replicas"),
            Status(deployment, "replicas"),
            Status(deployment, "updatedReplicas"),
            Status(deployment, "availableReplicas"));
        return updated < wanted ? Waiting($"{updated} of {wanted} new pods exist")
            : all > updated ? Waiting($"{all - updated} old pods are still to end")
            : available < updated ? Waiting($"{available} of {updated} new pods are available")
            : new(RolloutState.Done, $"{updated} pods");
    }

    private static Rollout OfDaemonSet(JsonObject daemon)
    {
        if (daemon.Text("spec", "updateStrategy", "type") != RollingUpdate)
        {
            return new(RolloutState.Failed, $"it has no rollout, as its update strategy is not {RollingUpdate}");
        }

        if (Generation(daemon) > Observed(daemon))
        {
            return NotSeenYet;
        }

        var (wanted, updated, available) = (
            Status(daemon, "desiredNumberScheduled"),
            Status(daemon, "updatedNumberScheduled"),
            Status(daemon, "numberAvailable"));
        return updated < wanted ? Waiting($"{updated} of {wanted} new pods exist")
            : available < wanted ? Waiting($"{available} of {wanted} pods are available")
            : new(RolloutState.Done, $"{updated} pods");
    }

    private static Rollout OfStatefulSet(JsonObject set)
    {
        if (set.Text("spec", "updateStrategy", "type") != RollingUpdate)
        {
            return new(RolloutState.Failed, $"it has no rollout, as its update strategy is not {RollingUpdate}");
        }

        if (Observed(set) == 0 || Generation(set) > Observed(set))
        {
            return NotSeenYet;
        }

        var (wanted, ready, updated) = (set.Number("spec", "replicas"), Status(set, "readyReplicas"), Status(set, "updatedReplicas"));
        if (ready < wanted)
        {
            return Waiting($"{ready} of {wanted} pods are ready");
        }

        if (set.At("spec", "updateStrategy", "rollingUpdate") is JsonObject)
        {
            return wanted - Partition(set) is { } goal && updated < goal
                ? Waiting($"{updated} of {goal} new pods exist")
                : new(RolloutState.Done, $"{updated} new pods");
        }

        return set.Text("status", "updateRevision") != set.Text("status", "currentRevision")
            ? Waiting($"{updated} pods are at the new revision {set.Text("status", "updateRevision")}")
            : new(RolloutState.Done, $"{Status(set, "currentReplicas")} pods");
    }

    private static Rollout Waiting(string detail) => new(RolloutState.Waiting, detail);

    private static long? Partition(JsonObject set) => set.Number("spec", "updateStrategy", "rollingUpdate", "partition");

    private static long Generation(JsonObject workload) => workload.Number("metadata", "generation") ?? 0;

    private static long Observed(JsonObject workload) => Status(workload, "observedGeneration");

    private static long Status(JsonObject workload, string member) => workload.Number("status", member) ?? 0;
}
