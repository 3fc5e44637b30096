using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>
/// A new Secret for each delivery, which workloads are then pointed to: what ran before keeps what it had, and the way back is to
/// point them to the old one again. A name is never given other values later.
/// </summary>
internal sealed class SecretByName(KubernetesClient client, ProviderCall call, SecretFamily family)
{
    private const string ManagedBy = "app.kubernetes.io/managed-by";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private static readonly KubernetesResource Secrets = KubernetesResource.Secrets;
    private readonly SecretUsers _users = new(client, family);
    private readonly IReadOnlyList<WorkloadName> _workloads = WorkloadName.AllOf(call.Settings);

    private bool DeletesOld => call.Settings.Flag(KubernetesSecretDescriptor.DeleteOld, otherwise: true);

    public async Task<StepOutcome> ValidateAsync(CancellationToken cancellationToken)
    {
        var users = await _users.ReadAsync(_workloads, cancellationToken);
        foreach (var user in users)
        {
            if (user.Object.Flag("spec", "paused"))
            {
                return StepOutcome.Rejected(
                    $"The {user.Workload} is paused: its pods would go on with the old Secret. kubectl rollout resume {user.Workload}");
            }

            await client.GetAsync(Secrets, user.Secret, cancellationToken);
            await client.RequireAsync("patch", user.Workload.Resource, user.Workload.Name, cancellationToken);
        }

        await client.RequireAsync("create", Secrets, null, cancellationToken);
        if (DeletesOld)
        {
            await client.RequireAsync("delete", Secrets, null, cancellationToken);
            foreach (var resource in SecretUsers.Everywhere)
            {
                await client.RequireAsync("list", resource, null, cancellationToken);
            }
        }

        return StepOutcome.Done([.. users.Select(user => (user.Workload.ToString(), (string?)user.Secret))]);
    }

    public async Task<SecretValue?> CaptureAsync(CancellationToken cancellationToken)
    {
        var users = await _users.ReadAsync(_workloads, cancellationToken);
        return new SecretSnapshotOfNames(
            users.ToDictionary(user => user.Workload.ToString(), user => user.Secret, StringComparer.Ordinal)).ToValue();
    }

    public async Task<StepOutcome> DeliverAsync(DeliveredValues values, CancellationToken cancellationToken)
    {
        var wanted = SecretKeys.Of(call).Render(values);
        var users = await _users.ReadAsync(_workloads, cancellationToken);
        var all = await ExistingAsync(Newest(users), cancellationToken);
        var marker = SecretAnnotations.Marker(call, values);
        var ours = all.FirstOrDefault(secret => secret.Value.Annotation(SecretAnnotations.Delivery(call.Secret)) == marker
            && SecretKeys.Difference(secret.Value, wanted) is null).Value;
        var isNew = ours is null;
        ours ??= await CreateAsync(all, users, wanted, values, cancellationToken);
        var changed = await PointAsync(users, _ => ours.Name(), cancellationToken);
        var deleted = DeletesOld ? await DeleteUnusedAsync([.. all.Values, ours], cancellationToken) : [];
        var facts = new (string, string?)[]
        {
            ("secret", $"{client.Namespace}/{ours.Name()}"), ("workloads", string.Join(", ", users.Select(user => user.Workload))),
            (
                "primary",
                values.Primary.Fingerprint), (
                    "secondary",
                    values.Secondary?.Fingerprint), ("deleted", deleted.Count == 0 ? null : string.Join(", ", deleted)),
        };
        return isNew || changed || deleted.Count > 0 ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
    }

    /// <summary>The new name stays: pods that are being replaced still have it. A later rotation's delivery deletes it.</summary>
    public async Task<StepOutcome> RestoreAsync(SecretValue? captured, CancellationToken cancellationToken)
    {
        if (captured is null)
        {
            return StepOutcome.AlreadyDone();
        }

        var names = SecretSnapshotOfNames.Of(captured).Names;
        foreach (var name in names.Values.Distinct(StringComparer.Ordinal))
        {
            await client.GetAsync(Secrets, name, cancellationToken);
        }

        var users = await _users.ReadAsync([.. names.Keys.Select(WorkloadName.Parse)], cancellationToken);
        var changed = await PointAsync(users, user => names[user.Workload.ToString()], cancellationToken);
        var facts = names.Select(pair => (pair.Key, (string?)pair.Value)).ToArray();
        return changed ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
    }

    public async Task<StepOutcome> ConfirmAsync(DeliveredValues expected, CancellationToken cancellationToken)
    {
        var wanted = SecretKeys.Of(call).Render(expected);
        var users = await _users.ReadAsync(_workloads, cancellationToken);
        foreach (var user in users)
        {
            if (await client.FindAsync(Secrets, user.Secret, cancellationToken) is not { } secret)
            {
                return StepOutcome.Missing($"The {user.Workload} names the Secret '{user.Secret}', which does not exist.");
            }

            if (SecretKeys.Difference(secret, wanted) is { } key)
            {
                return StepOutcome.Differs(
                    $"The {user.Workload} names the Secret '{user.Secret}', which holds something other than what was delivered at "
                        + $"{key}: was the workload applied again from its file?");
            }
        }

        return StepOutcome.Done([.. users.Select(user => (user.Workload.ToString(), (string?)user.Secret))]);
    }

    /// <summary>The family's Secrets by number, around the newest one in use and up to the first free number behind it.</summary>
    private async Task<SortedDictionary<int, JsonObject>> ExistingAsync(int newest, CancellationToken cancellationToken)
    {
        const int Back = 20;
        var all = new SortedDictionary<int, JsonObject>();
        for (var number = Math.Max(1, newest - Back); ; number++)
        {
            if (await client.FindAsync(Secrets, family.NameOf(number), cancellationToken) is { } secret)
            {
                all[number] = secret;
            }
            else if (number > newest)
            {
                return all;
            }
        }
    }

    private async Task<JsonObject> CreateAsync(
        SortedDictionary<int, JsonObject> all,
        IReadOnlyList<SecretUser> users,
        IReadOnlyDictionary<string, string> wanted,
        DeliveredValues values,
        CancellationToken cancellationToken)
    {
        var newest = Newest(users);
        if (!all.TryGetValue(newest, out var model))
        {
            throw client.Failure(
                StepOutcome.Rejected(
                    $"The Secret '{family.NameOf(newest)}' is named by a workload, but does not exist: its other keys cannot be taken "
                        + "over. Make it again, or point the workload to one that exists."));
        }

        var data = (model.At("data") as JsonObject)?.DeepClone().AsObject() ?? [];
        foreach (var (key, value) in wanted)
        {
            data[key] = value;
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = family.NameOf(Math.Max(newest, all.Keys.Max()) + 1),
                ["namespace"] = client.Namespace,
                ["labels"] = Copied(model, "labels", (ManagedBy, "rotunda")),
                ["annotations"] = Copied(
                    model,
                    "annotations",
                    (SecretAnnotations.Rotation(call.Secret), call.RotationId),
                    (SecretAnnotations.Fingerprint(call.Secret), values.Primary.Fingerprint),
                    (SecretAnnotations.Delivery(call.Secret), SecretAnnotations.Marker(call, values)),
                    (Follows, string.Join(',', users.Select(user => user.Secret).Distinct(StringComparer.Ordinal)))),
            },
            ["type"] = model.Text("type") ?? "Opaque",
            ["data"] = data,
        };
        if (model.Flag("immutable"))
        {
            body["immutable"] = true;
        }

        return await client.CreateAsync(Secrets, body, carriesValue: true, cancellationToken);
    }

    private static JsonObject Copied(JsonObject model, string member, params (string Name, string Value)[] ours)
    {
        var all = (model.At("metadata", member) as JsonObject)?.DeepClone().AsObject() ?? [];
        all.Remove(LastApplied);
        foreach (var mark in all.Select(pair => pair.Key).Where(ExternalSecretsMarks.IsMark).ToList())
        {
            // The operator deletes Secrets that it takes for its own and does not know.
            all.Remove(mark);
        }

        foreach (var (name, value) in ours)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>True if one of them had to be changed.</summary>
    private async Task<bool> PointAsync(
        IReadOnlyList<SecretUser> users,
        Func<SecretUser, string> nameFor,
        CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var user in users.Where(user => user.Secret != nameFor(user)))
        {
            await _users.PointAsync(user, nameFor(user), cancellationToken);
            changed = true;
        }

        return changed;
    }

    /// <summary>
    /// Deletes what Rotunda made in earlier rotations and nothing names any more. What stood at the workloads when this rotation began
    /// is kept for the way back: each of its Secrets notes which ones it follows.
    /// </summary>
    private async Task<List<string>> DeleteUnusedAsync(IReadOnlyList<JsonObject> all, CancellationToken cancellationToken)
    {
        var deleted = new List<string>();
        var kept = all.Where(IsOfThisRotation)
            .SelectMany(secret => secret.Annotation(Follows)?.Split(',') ?? [])
            .ToHashSet(StringComparer.Ordinal);
        var candidates = all.Where(secret => IsMadeByUs(secret) && !IsOfThisRotation(secret) && !kept.Contains(secret.Name())).ToList();
        if (candidates.Count == 0 || await _users.NamesInUseAsync(cancellationToken) is not { } inUse)
        {
            return deleted;
        }

        foreach (var secret in candidates.Where(secret => !inUse.Contains(secret.Name())))
        {
            await client.DeleteAsync(Secrets, secret, cancellationToken);
            deleted.Add(secret.Name());
        }

        return deleted;
    }

    private string Follows => $"follows.rotunda.dev/{call.Secret}";

    private int Newest(IReadOnlyList<SecretUser> users) => users.Max(user => family.NumberOf(user.Secret)!.Value);

    private bool IsMadeByUs(JsonObject secret) =>
        secret.Text("metadata", "labels", ManagedBy) == "rotunda" && secret.Annotation(SecretAnnotations.Rotation(call.Secret)) is not null;

    private bool IsOfThisRotation(JsonObject secret) => secret.Annotation(SecretAnnotations.Rotation(call.Secret)) == call.RotationId;
}
