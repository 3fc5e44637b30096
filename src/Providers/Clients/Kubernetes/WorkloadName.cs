using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>A workload as the settings name it: deployment/api, statefulset/db, daemonset/agent, rollout/web,
/// deploymentconfig/old.</summary>
internal sealed record WorkloadName(KubernetesResource Resource, string Name)
{
    public const string Setting = "workloads";
    public const string Help = "such as `deployment/api`, `statefulset/db` or `daemonset/agent`";
    public const string MoreHelp = "`rollout/web` (Argo Rollouts) or `deploymentconfig/old` (OpenShift)";

    /// <exception cref="DeliveryException">One is no such name.</exception>
    public static IReadOnlyList<WorkloadName> AllOf(ProviderSettings settings)
    {
        var all = settings.TextList(Setting).Select(Parse).ToList();
        return all.Count > 0 ? all : throw new DeliveryException($"'{Setting}' is empty. Name the workloads, such as deployment/api.");
    }

    public static WorkloadName Parse(string text)
    {
        var resource = text.Split('/') is [var kind, { Length: > 0 }] ? ResourceOf(kind) : null;
        return resource is null
            ? throw new DeliveryException(
                $"'{text}' is no workload that can be rolled out. Write deployment/NAME, statefulset/NAME, daemonset/NAME, rollout/NAME or "
                    + "deploymentconfig/NAME.")
            : new WorkloadName(resource, text.Split('/')[1]);
    }

    public override string ToString() => $"{Resource.Kind.ToLowerInvariant()}/{Name}";

    private static KubernetesResource? ResourceOf(string kind) => kind.ToLowerInvariant() switch
    {
        "deployment" or "deployments" or "deploy" => KubernetesResource.Deployments,
        "statefulset" or "statefulsets" or "sts" => KubernetesResource.StatefulSets,
        "daemonset" or "daemonsets" or "ds" => KubernetesResource.DaemonSets,
        "rollout" or "rollouts" or "ro" => KubernetesResource.Rollouts,
        "deploymentconfig" or "deploymentconfigs" or "dc" => KubernetesResource.DeploymentConfigs,
        _ => null,
    };
}
