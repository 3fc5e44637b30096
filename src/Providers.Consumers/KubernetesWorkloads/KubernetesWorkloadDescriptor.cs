using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

internal static class KubernetesWorkloadDescriptor
{
    public const string Restart = "restart";
    public const string Rollout = "rollout";
    public const string None = "none";
    public const string AllowPartition = "allowPartition";

    public static ProviderDescriptor Instance { get; } = new(
        "kubernetes-workload",
        "Kubernetes workload",
        "Deployments, StatefulSets, DaemonSets, Argo Rollouts and OpenShift's DeploymentConfigs that use the secret: restarted pod by pod, as `kubectl rollout restart` and `kubectl argo rollouts restart` do, and followed by the rules of `kubectl rollout status`, of Argo's controller and of `oc rollout status`.",
        Abilities.RestartConsumers | Abilities.CheckConsumers | Abilities.ScaleConsumers,
        [
            new(WorkloadName.Setting, SettingType.TextList, $"The workloads, {WorkloadName.Help}, {WorkloadName.MoreHelp}. All of one namespace.", Required: true),
            new(Restart, SettingType.Choice, "`rollout` restarts the pods; `none` only follows the rollout, where pointing the workloads to a Secret with a new name has restarted them.", Default: Rollout, Choices: [Rollout, None]),
            new(AllowPartition, SettingType.Boolean, "Takes a StatefulSet with a partition, whose pods below it are not restarted.", Default: "false"),
            .. KubernetesSettings.Access,
        ],
        [
            "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/",
            "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/",
            "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#failed-deployment",
            "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#update-strategies",
            "https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/",
            "https://argoproj.github.io/argo-rollouts/features/restart/",
            "https://docs.openshift.com/container-platform/4.16/applications/deployments/managing-deployment-processes.html",
            "https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/",
            "https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources",
            "https://fluxcd.io/flux/components/helm/helmreleases/#drift-detection",
        ],
        [],
        Limits:
        [
            "A Deployment that exceeds its progress deadline (10 minutes, if it sets none) cannot work with the value: the rotation goes back. StatefulSets and DaemonSets have no deadline: there the retries decide.",
            "A rollout that takes longer than the Deployment's `progressDeadlineSeconds` (10 minutes by default) has failed. Where rollouts may take longer, set that, and `checkTimeout` beyond it.",
            "A rollout that is done says that the pods are ready, which is worth as much as their readiness probe. Let it fail where the credential does not work, or add a consumer of the type http.",
            "A paused Deployment, the update strategy OnDelete, and a partition (without `allowPartition`) are refused: pods would go on with the old value.",
            "One step restarts a workload once, however often it is tried: the pod template is annotated with the step (`rotunda.dev/restarted-by`), and so is the workload.",
            "An Argo Rollout is restarted by `spec.restartAt`: its pods are replaced by the same revision, without canary steps. It is done when its controller has noted the restart and calls it Healthy (or Paused, in the middle of an update). One that is paused by hand is refused.",
            "A DeploymentConfig is restarted by its pod template and needs the trigger ConfigChange; it is done when the ReplicationController of that template is complete. OpenShift has deprecated the kind.",
            "A restart that somebody undid is told, and refuses the value: pods may hold the old one. GitOps tools do that where they put back what Git says. Argo CD: in the Application, `ignoreDifferences: [{ group: \"*\", kind: \"*\", managedFieldsManagers: [rotunda] }]` and `syncPolicy: { syncOptions: [RespectIgnoreDifferences=true] }` (without `Replace=true`). By paths instead: `/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt`, `/spec/template/metadata/annotations/rotunda.dev~1restarted-by`, `/metadata/annotations/rotunda.dev~1restarted-by`, `/metadata/annotations/rotunda.dev~1restart-at`, and `/spec/restartAt` of a Rollout.",
            "Flux: a Kustomization leaves fields of other managers alone, unless Git sets them: keep these annotations and `restartAt` out of Git, do not set `force: true`, and where they must stand in Git, annotate the workload with `kustomize.toolkit.fluxcd.io/ssa: Merge`. A HelmRelease with `driftDetection: { mode: enabled }` needs `driftDetection.ignore` with the paths above.",
            "A workload with no replicas is done at once, as kubectl sees it: nothing has proven the value.",
            "Of pods that do not start, the reason is told as it was seen last (CrashLoopBackOff, ImagePullBackOff, CreateContainerConfigError …); what containers wrote is not.",
            "Scaled to zero (for migrations), a workload has the annotation `rotunda.dev/replicas` with the count to go back to. A HorizontalPodAutoscaler leaves a workload with no replicas alone; an autoscaler that starts from zero (KEDA) has to be paused. DaemonSets cannot be scaled.",
            .. KubernetesSettings.AccessLimits,
        ],
        Permissions:
        [
            "A Role with `get` and `patch` on `deployments`, `statefulsets` and `daemonsets` of the group `apps`, by `resourceNames`.",
            "For Argo Rollouts the same on `rollouts` of the group `argoproj.io`; for DeploymentConfigs on `deploymentconfigs` of the group `apps.openshift.io`, and `get` on `replicationcontrollers`.",
            "To tell why pods do not start: `list` on `pods` and on `replicasets` (group `apps`). Without it that is not told.",
            "The Role is written out in docs/kubernetes.md.",
        ],
        Arrival: "Each rollout is done by the rules of `kubectl rollout status`: the controller has seen the change, all replicas are of the newest revision and available, and none of an older one is left. What the pods do with the value, their readiness probe must tell. A rollout that is not done is looked at again until `checkTimeout` is spent; a progress deadline that is exceeded refuses the value.",
        RollBack: "When the targets have the old value again, the workloads are restarted once more and their rollouts followed. With `restart: none`, the target that points them back restarts them. What was scaled to zero gets its replicas back.",
        Example: """
            version: 1
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  shop-secret: { type: kubernetes-secret, namespace: shop, secret: sessions, keys: { SESSION_SECRET: "{value}" } }
                consumers:
                  shop: { type: kubernetes-workload, namespace: shop, workloads: [deployment/api, statefulset/worker] }
            """)
    {
        // Beyond the progress deadline of a Deployment, whose passing tells more than time that is spent.
        CheckTimeout = TimeSpan.FromMinutes(15),
    };
}
