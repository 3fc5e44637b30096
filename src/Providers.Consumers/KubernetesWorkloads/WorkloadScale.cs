using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>
/// Stops workloads and starts as many replicas as before. How many those were is noted at the workload itself, in the same change
/// that scales it to zero, so it is not lost whatever happens to Rotunda; taking the note away is part of scaling back.
/// </summary>
internal sealed class WorkloadScale(KubernetesClient client, IReadOnlyList<WorkloadName> workloads, string rotation)
{
    /// <summary>Done once every workload is told to have no replicas; <see cref="AreStoppedAsync"/> tells when the pods are gone.</summary>
    public async Task<StepOutcome> ToZeroAsync(CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var (workload, found) in await ReadAsync(cancellationToken))
        {
            var (replicas, noted) = (found.Number("spec", "replicas") ?? 1, found.Annotation(SecretAnnotations.Replicas));
            var isOurs = found.Annotation(SecretAnnotations.RestartedBy) == SecretAnnotations.StoppedBy(rotation);
            if (replicas == 0 && noted is not null && isOurs)
            {
                continue;
            }

            // A note that is there is from before: what runs now was started by somebody in between.
            await PatchAsync(workload, found, 0, noted ?? replicas.ToString(CultureInfo.InvariantCulture), cancellationToken);
            changed = true;
        }

        return changed ? StepOutcome.Done(Facts()) : StepOutcome.AlreadyDone(Facts());
    }

    /// <summary>Gives every workload back the replicas that were noted; one without a note is left as it is.</summary>
    public async Task<StepOutcome> BackAsync(CancellationToken cancellationToken)
    {
        var changed = false;
        foreach (var (workload, found) in await ReadAsync(cancellationToken))
        {
            if (found.Annotation(SecretAnnotations.Replicas) is not { } noted)
            {
                continue;
            }

            if (!int.TryParse(noted, NumberStyles.None, CultureInfo.InvariantCulture, out var replicas))
            {
                throw client.Failure(
                    StepOutcome.Rejected(
                        $"The annotation {SecretAnnotations.Replicas} of the {workload} is no number: '{noted}'. Scale it by hand and "
                            + "take the annotation away."));
            }

            await PatchAsync(workload, found, replicas, null, cancellationToken);
            changed = true;
        }

        return changed ? StepOutcome.Done(Facts()) : StepOutcome.AlreadyDone(Facts());
    }

    /// <summary>Done once no pod of the workloads is left, also none that is ending: those still write.</summary>
    public async Task<StepOutcome> AreStoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var (workload, found) in await ReadAsync(cancellationToken))
        {
            if (found.Number("spec", "replicas") is not 0)
            {
                return StepOutcome.RetryLater(
                    $"The {workload} is to have {found.Number("spec", "replicas") ?? 1} replicas again: did somebody, or an autoscaler, "
                        + "scale it up?");
            }

            var pods =
                await client.ListAsync(KubernetesResource.Pods, PodTroubles.SelectorOf(workload, found), cancellationToken);
            if (pods.Count(pod => pod.Text("status", "phase") is not ("Succeeded" or "Failed")) is > 0 and var left)
            {
                return StepOutcome.RetryLater($"{left} pods of the {workload} are still ending.");
            }
        }

        return StepOutcome.Done(Facts());
    }

    private async Task<List<(WorkloadName Workload, JsonObject Found)>> ReadAsync(CancellationToken cancellationToken)
    {
        if (workloads.FirstOrDefault(workload => workload.Resource == KubernetesResource.DaemonSets) is { } daemon)
        {
            throw client.Failure(
                StepOutcome.Rejected(
                    $"The {daemon} cannot be scaled: a DaemonSet has a pod on each node. Stop it by hand, or take it out of "
                        + $"'{WorkloadName.Setting}'."));
        }

        var all = new List<(WorkloadName, JsonObject)>();
        foreach (var workload in workloads)
        {
            all.Add((workload, await client.GetAsync(workload.Resource, workload.Name, cancellationToken)));
        }

        return all;
    }

    private async Task PatchAsync(
        WorkloadName workload,
        JsonObject read,
        int replicas,
        string? note,
        CancellationToken cancellationToken) =>
        await client.PatchAsync(
            workload.Resource,
            workload.Name,
            KubernetesClient.MergePatch,
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = read.Text("metadata", "resourceVersion"),
                    ["annotations"] = new JsonObject
                    {
                        [SecretAnnotations.Replicas] = note,
                        [SecretAnnotations.RestartedBy] = SecretAnnotations.StoppedBy(rotation),
                    },
                },
                ["spec"] = new JsonObject { ["replicas"] = replicas },
            },
            carriesValue: false,
            cancellationToken);

    private (string, string?)[] Facts() => [("workloads", string.Join(", ", workloads))];
}
