using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.ExternalSecrets;

/// <summary>Tells the External Secrets Operator to read its store, and follows what comes of it.</summary>
internal sealed class ExternalSecretProvider(KubernetesSurroundings surroundings)
    : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup, IDisposable
{
    private const string Group = "external-secrets.io";
    private const string ForceSync = "force-sync";
    private static readonly string[] Versions = ["v1", "v1beta1"];
    private readonly KubernetesAccess _access = new(surroundings);

    public ExternalSecretProvider()
        : this(KubernetesSurroundings.OfThisProcess)
    {
    }

    public ProviderDescriptor Descriptor => ExternalSecretDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            SecretKeys.Of(call);
            var (client, resource, name) = await OpenAsync(call, cancellationToken);
            var state = await ReadAsync(client, resource, name, cancellationToken);
            await client.RequireAsync("patch", resource, name, cancellationToken);
            await client.RequireAsync("get", KubernetesResource.Secrets, state.Target, cancellationToken);
            return StepOutcome.Done(
                ("externalSecret", $"{client.Namespace}/{name}"),
                ("api", resource.Version),
                ("warning", await PusherAsync(client, state, cancellationToken)));
        });

    /// <summary>Nothing of ours stands there; it is not called, as the target is write-only.</summary>
    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => Task.FromResult<SecretValue?>(null);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var wanted = SecretKeys.Of(call).Render(values);
            var (client, resource, name) = await OpenAsync(call, cancellationToken);
            var state = await ReadAsync(client, resource, name, cancellationToken);
            var marker = SecretAnnotations.Marker(call, values);
            var facts = new (string, string?)[] { (
                "externalSecret",
                $"{client.Namespace}/{name}"), ("primary", values.Primary.Fingerprint), ("secondary", values.Secondary?.Fingerprint) };
            if (state.Object.Annotation(SecretAnnotations.Delivery(call.Secret)) == marker
                && (!IsSynced(call, state) || await DifferenceAsync(client, state, wanted, cancellationToken) is null))
            {
                // Told already, and either not done yet, or done.
                return StepOutcome.AlreadyDone(facts);
            }

            await ForceAsync(client, resource, call, state, marker, cancellationToken);
            return StepOutcome.Done(facts);
        });

    /// <summary>As the store has what it had: the operator is to read it once more.</summary>
    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var (client, resource, name) = await OpenAsync(call, cancellationToken);
            var state = await ReadAsync(client, resource, name, cancellationToken);
            var marker = $"{call.RotationId}/restored";
            if (state.Object.Annotation(SecretAnnotations.Delivery(call.Secret)) == marker)
            {
                return StepOutcome.AlreadyDone();
            }

            await ForceAsync(client, resource, call, state, marker, cancellationToken);
            return StepOutcome.Done(("externalSecret", $"{client.Namespace}/{name}"));
        });

    /// <summary>As a confirmation, but the operator is not told to do anything.</summary>
    public Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        KubernetesGuard.LookAsync(async () =>
        {
            var (client, resource, name) = await OpenAsync(call, cancellationToken);
            var state = await ReadAsync(client, resource, name, cancellationToken);
            var difference = await DifferenceAsync(client, state, SecretKeys.Of(call).Render(expected), cancellationToken);
            return difference is null
                ? StepOutcome.Done(("secret", $"{client.Namespace}/{state.Target}"))
                : StepOutcome.Differs($"The ExternalSecret '{name}': {difference}.");
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        KubernetesGuard.LookAsync(async () =>
        {
            var wanted = SecretKeys.Of(call).Render(expected);
            var (client, resource, name) = await OpenAsync(call, cancellationToken);
            var state = await ReadAsync(client, resource, name, cancellationToken);
            if (state.NotReady is { } problem)
            {
                return StepOutcome.RetryLater($"The ExternalSecret '{name}' is not synced: {problem}.");
            }

            if (!IsSynced(call, state))
            {
                return StepOutcome.RetryLater(
                    $"The operator has not synced the ExternalSecret '{name}' since it was told to (last at "
                        + $"{state.RefreshTime ?? "no time"}).");
            }

            if (await DifferenceAsync(client, state, wanted, cancellationToken) is not { } difference)
            {
                return StepOutcome.Done(
                    ("secret", $"{client.Namespace}/{state.Target}"),
                    ("refreshTime", state.RefreshTime),
                    ("syncedResourceVersion", state.SyncedVersion));
            }

            await ForceAsync(client, resource, call, state, SecretAnnotations.Marker(call, expected), cancellationToken);
            return StepOutcome.RetryLater(
                $"The operator has synced the ExternalSecret '{name}' at {state.RefreshTime}, and yet {difference}. It is told to read "
                    + "the store again.");
        });

    public void Dispose() => _access.Dispose();

    private async Task<(KubernetesClient Client, KubernetesResource Resource, string Name)> OpenAsync(
        ProviderCall call,
        CancellationToken cancellationToken)
    {
        var name = call.Settings.RequiredText(ExternalSecretDescriptor.ExternalSecret);
        var client = await _access.OpenAsync(call, cancellationToken);
        var served = (await client.FindAsync($"apis/{Group}", cancellationToken)).Items(
            "versions").Select(version => version.Text("version")).ToList();
        var version = Versions.FirstOrDefault(served.Contains) ?? throw client.Failure(StepOutcome.Rejected(served.Count == 0
            ? $"The cluster knows no {Group}: the External Secrets Operator is not installed there. Install it, or check the "
                + "kubeconfig's context."
            : $"The cluster has {Group} in the versions {string.Join(", ", served)}; this release knows "
                + $"{string.Join(" and ", Versions)}. Upgrade the older of the two."));
        return (client, new KubernetesResource("ExternalSecret", Group, version, "externalsecrets"), name);
    }

    private static async Task<ExternalSecretState> ReadAsync(
        KubernetesClient client,
        KubernetesResource resource,
        string name,
        CancellationToken cancellationToken)
    {
        var state = new ExternalSecretState(await client.GetAsync(resource, name, cancellationToken));
        return state.Obstacle is { } obstacle
            ? throw client.Failure(StepOutcome.Rejected($"The ExternalSecret '{name}' {obstacle}"))
            : state;
    }

    /// <summary>True once the operator has synced after it was told to: what it said before is noted beside.</summary>
    private static bool IsSynced(ProviderCall call, ExternalSecretState state) =>
        state.Object.Annotation(Before(call)) is not { } before || before != state.Synced;

    private static string Before(ProviderCall call) => $"synced-before.rotunda.dev/{call.Secret}";

    private static async Task<string?> DifferenceAsync(
        KubernetesClient client,
        ExternalSecretState state,
        IReadOnlyDictionary<string, string> wanted,
        CancellationToken cancellationToken) =>
        await client.FindAsync(
            KubernetesResource.Secrets,
            state.Target,
            cancellationToken) is not { } secret ? $"there is no Secret '{state.Target}'"
        : SecretKeys.Difference(
            secret,
            wanted) is { } key ? $"the Secret '{state.Target}' holds something other than the expected value at {key}"
        : null;

    /// <summary>The operator syncs when a label or an annotation changes.</summary>
    private static async Task ForceAsync(
        KubernetesClient client,
        KubernetesResource resource,
        ProviderCall call,
        ExternalSecretState state,
        string marker,
        CancellationToken cancellationToken) =>
        await client.PatchAsync(
            resource,
            state.Object.Name(),
            KubernetesClient.MergePatch,
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    // What the operator said before is noted with the object as it was read: without the guard, a sync in between
                    // would be missed.
                    ["resourceVersion"] = state.Object.Text("metadata", "resourceVersion"),
                    ["annotations"] = new JsonObject
                    {
                        [ForceSync] = client.Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                        [SecretAnnotations.Delivery(call.Secret)] = marker,
                        [Before(call)] = state.Synced,
                    },
                },
            },
            carriesValue: false,
            cancellationToken);

    /// <summary>A PushSecret that writes an entry which the ExternalSecret reads, for people; null if none is seen.</summary>
    private static async Task<string?> PusherAsync(KubernetesClient client, ExternalSecretState state, CancellationToken cancellationToken)
    {
        var pushes = await client.TryListAsync(
            new KubernetesResource("PushSecret", Group, "v1alpha1", "pushsecrets"),
            null,
            cancellationToken) ?? [];
        var keys = state.RemoteKeys.ToHashSet(StringComparer.Ordinal);
        var pusher = pushes.FirstOrDefault(push => push.Text("spec", "updatePolicy") != "IfNotExists"
            && push.Items("spec", "data").Any(item => item.Text("match", "remoteRef", "remoteKey") is { } key && keys.Contains(key)));
        return pusher is null
            ? null
            : $"The PushSecret '{pusher.Name()}' writes the same entry of the store: it would overwrite the new value with its own.";
    }
}
