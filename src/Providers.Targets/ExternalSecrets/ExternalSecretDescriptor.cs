using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ExternalSecrets;

internal static class ExternalSecretDescriptor
{
    public const string ExternalSecret = "externalSecret";

    public static ProviderDescriptor Instance { get; } = new(
        "external-secret",
        "External Secrets Operator",
        "A target that the External Secrets Operator fills from a store. Nothing is written here: another target delivers to the store, then the operator is told to read it, and the Secret that it makes is compared.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(ExternalSecret, SettingType.Text, "The ExternalSecret's name.", Required: true),
            new(SecretKeys.Setting, SettingType.TextMap, "The keys of the Secret that the operator makes, each with the template of the value that is expected there, such as `DB_PASSWORD: \"{value}\"`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.Text },
            .. KubernetesSettings.Access,
        ],
        [
            "https://external-secrets.io/latest/api/externalsecret/",
            "https://external-secrets.io/latest/introduction/faq/#can-i-manually-trigger-a-secret-refresh",
            "https://external-secrets.io/latest/api/pushsecret/",
        ],
        [],
        Limits:
        [
            "Nothing comes of this target alone: another one delivers to the store that the operator reads (in the example `shop-vault`, whose `path` the ExternalSecret names). Put that in a lower `group`, so that the store has the value before the operator reads it.",
            "The store must be a target. Where it is the secret's own store, the operator sees the new value only when it is promoted, after the consumers were checked.",
            "An ExternalSecret with `refreshPolicy: CreatedOnce`, `target.creationPolicy: None` or `target.immutable: true` is refused: the operator would not bring a new value.",
            "API versions v1 and v1beta1; the cluster tells which it has.",
            "If the operator has read the store but the Secret does not have the value (a store whose answers come from replicas), it is told to read again at each look.",
            "A PushSecret that writes one of the same entries of the store is warned of, where Rotunda may list them: it would overwrite the new value.",
            .. KubernetesSettings.AccessLimits,
        ],
        Permissions:
        [
            "A Role with `get` and `patch` on `externalsecrets` (group `external-secrets.io`) and `get` on the Secret that the operator makes, by `resourceNames`.",
            "For the warning: `list` on `pushsecrets` (group `external-secrets.io`). Without it nothing is warned of.",
            "The Role is written out in docs/kubernetes.md.",
        ],
        Arrival: "The operator has read the store after it was told to (its `status.syncedResourceVersion`, which covers the annotations, is another than before; no clocks are compared), its condition Ready is True with SecretSynced, and the Secret's keys have the values.",
        RollBack: "The operator is told to read the store again, until the Secret has the value in use. Where the new value is still in the store at that time, this waits until the store's own target is back.",
        Example: """
            version: 1
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  shop-vault:
                    type: vault
                    address: https://vault.example.com:8200
                    auth: kubernetes
                    role: rotunda
                    path: apps/shop
                    keys: { SESSION_SECRET: "{value}" }
                  shop-secret: { type: external-secret, group: 1, namespace: shop, externalSecret: sessions, keys: { SESSION_SECRET: "{value}" } }
                consumers:
                  shop: { type: kubernetes-workload, namespace: shop, workloads: [deployment/api] }
            """,
        IsWriteOnly: true,
        IsEventual: true,
        FollowsWhen: new(ExternalSecret, null));
}
