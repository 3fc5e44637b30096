using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>Some keys of one Secret, patched where they are. Each change is made only if the Secret is still what was read.</summary>
internal sealed class SecretInPlace(KubernetesClient client, ProviderCall call, string name)
{
    private static readonly KubernetesResource Secrets = KubernetesResource.Secrets;

    private string Place => $"{client.Namespace}/{name}";

    public async Task<StepOutcome> ValidateAsync(CancellationToken cancellationToken)
    {
        var secret = await client.GetAsync(Secrets, name, cancellationToken);
        if ((Problem(secret) ?? Contended(secret)) is { } problem)
        {
            return problem;
        }

        await client.RequireAsync("patch", Secrets, name, cancellationToken);
        return StepOutcome.Done(("secret", Place), ("warning", Warning(secret)));
    }

    public async Task<SecretValue?> CaptureAsync(CancellationToken cancellationToken)
    {
        if (await client.FindAsync(Secrets, name, cancellationToken) is not { } secret)
        {
            return null;
        }

        return new SecretSnapshotInPlace(
            SecretKeys.Of(call).Names.ToDictionary(key => key, key => secret.Text("data", key), StringComparer.Ordinal),
            Annotations().ToDictionary(annotation => annotation, secret.Annotation, StringComparer.Ordinal)).ToValue();
    }

    public async Task<StepOutcome> DeliverAsync(DeliveredValues values, CancellationToken cancellationToken)
    {
        var wanted = SecretKeys.Of(call).Render(values);
        var secret = await client.GetAsync(Secrets, name, cancellationToken);
        var annotations = SecretAnnotations.Of(call, values);
        if (SecretKeys.Difference(secret, wanted) is null && annotations.All(pair => secret.Annotation(pair.Key) == (string?)pair.Value))
        {
            return StepOutcome.AlreadyDone(Facts(secret, values));
        }

        return Problem(secret)
            ?? Contended(secret)
            ?? StepOutcome.Done(Facts(await PatchAsync(secret, ToData(wanted!), annotations, cancellationToken), values));
    }

    public async Task<StepOutcome> RestoreAsync(SecretValue? captured, CancellationToken cancellationToken)
    {
        var before = captured is null
            ? new SecretSnapshotInPlace(Nothing(SecretKeys.Of(call).Names), Nothing(Annotations()))
            : SecretSnapshotInPlace.Of(captured);
        if (await client.FindAsync(Secrets, name, cancellationToken) is not { } secret)
        {
            return captured is null
                ? StepOutcome.AlreadyDone()
                : StepOutcome.Rejected(
                    $"Kubernetes has no Secret '{Place}' any more, so what stood there cannot be put back. Make it again, then resume.");
        }

        if (before.Keys.All(pair => secret.Text("data", pair.Key) == pair.Value)
            && before.Annotations.All(pair => secret.Annotation(pair.Key) == pair.Value))
        {
            return StepOutcome.AlreadyDone(("secret", Place));
        }

        var restored = Problem(secret);
        if (restored is null)
        {
            await PatchAsync(secret, ToData(before.Keys), ToData(before.Annotations), cancellationToken);
        }

        return restored ?? StepOutcome.Done(("secret", Place));
    }

    public async Task<StepOutcome> ConfirmAsync(DeliveredValues expected, CancellationToken cancellationToken)
    {
        var wanted = SecretKeys.Of(call).Render(expected);
        if (await client.FindAsync(Secrets, name, cancellationToken) is not { } secret)
        {
            return StepOutcome.Missing($"Kubernetes has no Secret '{Place}'.");
        }

        return SecretKeys.Difference(secret, wanted) is { } key
            ? StepOutcome.Differs(
                $"The Secret '{Place}' holds something other than what was delivered at {key}: does something else write it (a GitOps "
                    + "tool, a controller)?")
            : StepOutcome.Done(("secret", Place), ("resourceVersion", secret.Text("metadata", "resourceVersion")));
    }

    private async Task<JsonObject> PatchAsync(
        JsonObject read,
        JsonObject data,
        JsonObject annotations,
        CancellationToken cancellationToken) =>
        await client.PatchAsync(
            Secrets,
            name,
            KubernetesClient.MergePatch,
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = read.Text("metadata", "resourceVersion"),
                    ["annotations"] = annotations,
                },
                ["data"] = data,
            },
            carriesValue: true,
            cancellationToken);

    /// <summary>Why the Secret cannot be patched; null if it can.</summary>
    private StepOutcome? Problem(JsonObject secret)
    {
        if (secret.Flag("immutable"))
        {
            return StepOutcome.Rejected(
                $"The Secret '{Place}' is immutable: its data cannot be changed. Set 'mode: new-name' with the 'workloads' that use it, "
                    + "or make it again without immutable: true.");
        }

        return secret.Items("metadata", "ownerReferences").FirstOrDefault(owner => owner.Flag("controller")) is { } owner
            ? StepOutcome.Rejected(
                $"The Secret '{Place}' belongs to the {owner.Text("kind")} '{owner.Text("name")}', which would put its own value back. "
                    + (owner.Text("kind") == "ExternalSecret"
                    ? "Deliver to the store that it reads, and add a target of the type external-secret behind it."
                    : "Deliver to where that takes its value from."))
            : null;
    }

    /// <summary>Why something else would overwrite our keys; null if nothing is known to.</summary>
    private StepOutcome? Contended(JsonObject secret) =>
        ExternalSecretsMarks.WriterOf(secret, SecretKeys.Of(call).Names) is not var (writer, key) ? null : StepOutcome.Rejected(
            $"The key {key} of the Secret '{Place}' is filled by the ExternalSecret '{writer}', which would put its own value back. "
            + "Deliver to the store that it reads, and add a target of the type external-secret behind it; or take the key out of the "
            + "ExternalSecret.");

    private static string? Warning(JsonObject secret)
    {
        var warnings = new[]
        {
            secret.Annotation("kubectl.kubernetes.io/last-applied-configuration") is null
                ? null
                : "It was made with kubectl apply: applying its old file again would put the old value back.",
            ExternalSecretsMarks.IsFilled(secret)
                ? "An ExternalSecret fills it, or some keys of it: if one of them is ours, the operator would put its own value back."
                : null,
        }.OfType<string>().ToList();
        return warnings.Count == 0 ? null : string.Join(' ', warnings);
    }

    private IEnumerable<string> Annotations() => [SecretAnnotations.Rotation(call.Secret), SecretAnnotations.Fingerprint(call.Secret)];

    private (string Name, string? Value)[] Facts(JsonObject secret, DeliveredValues values) =>
    [
        ("secret", Place), ("resourceVersion", secret.Text("metadata", "resourceVersion")),
        ("primary", values.Primary.Fingerprint), ("secondary", values.Secondary?.Fingerprint),
    ];

    private static Dictionary<string, string?> Nothing(IEnumerable<string> names) =>
        names.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);

    /// <summary>As a merge patch has it: null takes a member away.</summary>
    private static JsonObject ToData(IEnumerable<KeyValuePair<string, string?>> members) =>
        new(members.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
