using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>A workload, as read, and the one Secret of the family that its pods are given.</summary>
internal sealed record SecretUser(WorkloadName Workload, JsonObject Object, string Secret);

/// <summary>The workloads that name a family's Secrets in their pod templates.</summary>
internal sealed class SecretUsers(KubernetesClient client, SecretFamily family)
{
    private const string PodSpec = "/spec/template/spec";

    /// <summary>The kinds of which none may name a Secret that is to be deleted.</summary>
    public static IReadOnlyList<KubernetesResource> Everywhere { get; } =
    [
        KubernetesResource.Pods, KubernetesResource.Deployments, KubernetesResource.StatefulSets, KubernetesResource.DaemonSets,
        KubernetesResource.Jobs, KubernetesResource.CronJobs,
    ];

    /// <exception cref="Web.WebFailureException">One does not exist, or names none of the family, or several.</exception>
    public async Task<IReadOnlyList<SecretUser>> ReadAsync(IReadOnlyList<WorkloadName> workloads, CancellationToken cancellationToken)
    {
        var users = new List<SecretUser>();
        foreach (var workload in workloads)
        {
            var found = await client.GetAsync(workload.Resource, workload.Name, cancellationToken);
            var names = References(found).Select(reference => reference.Secret).Distinct(StringComparer.Ordinal).ToList();
            users.Add(names switch
            {
                [var name] => new SecretUser(workload, found, name),
                [] =>
                    throw client.Failure(
                        StepOutcome.Rejected(
                            $"The {workload} names no Secret '{family.First}' (or '{family.First}-v2' …) in its pod template. Take it "
                                + $"out of '{WorkloadName.Setting}', or let it use the Secret.")),
                _ =>
                    throw client.Failure(
                        StepOutcome.Rejected(
                            $"The {workload} names several of these Secrets at once: {string.Join(", ", names)}. Let it use one.")),
            });
        }

        return users;
    }

    /// <summary>Changes every place in the pod template, only if the workload is still what was read. Its pods are replaced then.</summary>
    public async Task PointAsync(SecretUser user, string secret, CancellationToken cancellationToken)
    {
        var patch = new JsonArray(Operation("replace", "/metadata/resourceVersion", user.Object.Text("metadata", "resourceVersion")!));
        foreach (var reference in References(user.Object))
        {
            patch.Add(Operation("test", PodSpec + reference.Pointer, reference.Secret));
            patch.Add(Operation("replace", PodSpec + reference.Pointer, secret));
        }

        await client.PatchAsync(user.Workload.Resource, user.Object, patch, cancellationToken);
    }

    /// <summary>The names of Secrets that pods, and whatever makes pods, name anywhere in the namespace; null where the account
    /// may not look.</summary>
    public async Task<IReadOnlySet<string>?> NamesInUseAsync(CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in Everywhere)
        {
            if (await client.TryListAsync(resource, null, cancellationToken) is not { } items)
            {
                return null;
            }

            names.UnionWith(items.SelectMany(item => SecretReferences.Of(item.At("spec"))).Select(reference => reference.Secret));
        }

        return names;
    }

    private IEnumerable<SecretReference> References(JsonObject workload) =>
        SecretReferences.Of(workload.At("spec", "template", "spec")).Where(reference => family.NumberOf(reference.Secret) is not null);

    private static JsonObject Operation(string op, string path, string value) => new() { ["op"] = op, ["path"] = path, ["value"] = value };
}
