using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>How far an Argo Rollout is: its restart done, its pods available, and by its controller's own word neither failed nor on
/// its way.</summary>
/// <remarks>https://argoproj.github.io/argo-rollouts/features/restart/,
/// https://argoproj.github.io/argo-rollouts/generated/kubectl-argo-rollouts/kubectl-argo-rollouts_status/</remarks>
internal static class ArgoRollout
{
    public static string? Obstacle(WorkloadName workload, JsonObject found) => found.Flag("spec", "paused")
        ? $"The {workload} is paused by hand: nobody can tell when its pods are replaced. kubectl argo rollouts promote {workload.Name}"
        : null;

    public static Rollout Of(JsonObject rollout)
    {
        // A text there; in versions before 0.10 no number.
        var observed = rollout.Text("status", "observedGeneration");
        if (long.TryParse(observed, NumberStyles.None, CultureInfo.InvariantCulture, out var seen)
            && seen < (rollout.Number("metadata", "generation") ?? 0))
        {
            return Rollout.NotSeenYet;
        }

        var phase = rollout.Text("status", "phase");
        if (phase == "Degraded")
        {
            return new(RolloutState.Failed, "its controller calls it Degraded (kubectl argo rollouts get rollout says why)");
        }

        if (IsRestarting(rollout))
        {
            return new(RolloutState.Waiting, "its pods are being restarted");
        }

        var (wanted, available) = (rollout.Number("spec", "replicas") ?? 1, rollout.Number("status", "availableReplicas") ?? 0);
        return available < wanted ? new(RolloutState.Waiting, $"{available} of {wanted} pods are available")
            : phase switch
            {
                "Healthy" => new(RolloutState.Done, $"{available} pods"),
                "Paused" => new(RolloutState.Done, $"{available} pods, in the middle of an update that is paused"),
                _ => new(RolloutState.Waiting, $"its controller calls it {phase ?? "nothing yet"}"),
            };
    }

    /// <summary>The controller notes the restart once no pod is older than it.</summary>
    private static bool IsRestarting(JsonObject rollout) =>
        rollout.Text("spec", "restartAt") is { } asked && TimeOf(asked) != TimeOf(rollout.Text("status", "restartedAt"));

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
