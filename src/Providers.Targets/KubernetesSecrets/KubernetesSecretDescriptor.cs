using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

internal static class KubernetesSecretDescriptor
{
    public const string Secret = "secret";
    public const string Mode = "mode";
    public const string InPlace = "in-place";
    public const string NewName = "new-name";
    public const string DeleteOld = "deleteOld";

    public static ProviderDescriptor Instance { get; } = new(
        "kubernetes-secret",
        "Kubernetes Secret",
        "A target that is some keys of a Kubernetes Secret. In place, the keys are patched and everything else stays as it is; with new names, each delivery makes a new Secret (`jwt-secret-v2`) and points the workloads to it, so that running pods keep what they have and the way back is to point them back.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Secret, SettingType.Text, "The Secret's name. With new names: the first one, which exists already (`jwt-secret`).", Required: true),
            new(SecretKeys.Setting, SettingType.TextMap, "The keys of the Secret that this secret owns, each with the template of its value, such as `JWT_KEY: \"{value}\"`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.Encoded },
            new(Mode, SettingType.Choice, "`in-place` patches the Secret; `new-name` makes a new one and points the `workloads` to it.", Default: InPlace, Choices: [InPlace, NewName]),
            new(WorkloadName.Setting, SettingType.TextList, $"With new names: the workloads that use the Secret, {WorkloadName.Help}. Every place in their pod templates that names it is changed: env, envFrom, volumes, imagePullSecrets."),
            new(DeleteOld, SettingType.Boolean, "With new names: deletes Secrets that Rotunda made in earlier rotations, once nothing in the namespace names them. Done when a later rotation delivers.", Default: "true"),
            .. KubernetesSettings.Access,
        ],
        [
            "https://kubernetes.io/docs/concepts/configuration/secret/",
            "https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/",
            "https://kubernetes.io/docs/reference/using-api/api-concepts/#patch-and-apply",
            "https://kubernetes.io/docs/reference/access-authn-authz/rbac/",
        ],
        [],
        Limits:
        [
            "The Secret exists already: make it once, with any value, so that its type, labels and other keys are yours.",
            "Pods read env and envFrom at their start only, and never see a change behind subPath; volumes follow after about a minute. In place, add a consumer of the type kubernetes-workload, which restarts them. With new names pointing restarts them already: add one with `restart: none`, which follows the rollout.",
            "A Secret that another object owns (an ExternalSecret, a SealedSecret, a Certificate) is refused: its controller would put the old value back. For the External Secrets Operator there is the target external-secret. So are, in place, keys that an ExternalSecret merges into the Secret (`creationPolicy: Merge`, told by the cluster's record of who wrote a field last); other keys of such a Secret are fine, with a warning.",
            "An immutable Secret is refused in place. New names copy `immutable`, the type, the labels and the other keys of the Secret in use.",
            "Tools that apply manifests (GitOps, kubectl apply, helm upgrade) put back the names in the pod templates when they run: with new names, tell them to ignore these places, or work in place.",
            "With new names, Secrets are deleted only if Rotunda made them, and if no pod, Deployment, StatefulSet, DaemonSet, Job or CronJob in the namespace names them. Ingresses, service accounts and custom resources are not looked at: if such a thing names the Secret, set `deleteOld: false`. After a way back the Secret of the rotation that failed stays until then, too.",
            "The Secret is annotated with the rotation (`rotation.rotunda.dev/NAME`) and the value's fingerprint (`fingerprint.rotunda.dev/NAME`).",
            .. KubernetesSettings.AccessLimits,
        ],
        Permissions:
        [
            "In place: a Role with `get` and `patch` on `secrets`, by `resourceNames`.",
            "With new names: `get`, `create` and `delete` on `secrets` (their names are not known beforehand); `get` and `patch` on the workloads, by `resourceNames`; `list` on pods, deployments, statefulsets, daemonsets, jobs and cronjobs. Without `delete` and `list` if `deleteOld: false`.",
            "The Roles are written out in docs/kubernetes.md.",
        ],
        Arrival: "The Secret is read again and the keys are compared. With new names, each workload's pod template must name one Secret with these values.",
        RollBack: "In place: the keys and annotations get back what they had, and those that were absent go away. With new names: the workloads are pointed to the Secrets that they named before.",
        Example: """
            version: 1
            secrets:
              webhook-signing:
                provider: { type: generated }
                strategy: dual-key
                tokenLifetime: 1h
                targets:
                  shop-secret:
                    type: kubernetes-secret
                    namespace: shop
                    secret: webhook
                    keys: { SIGNING_KEYS: "{values:join:,}" }
                consumers:
                  shop-api: { type: kubernetes-workload, namespace: shop, workloads: [deployment/api] }
            """);
}
