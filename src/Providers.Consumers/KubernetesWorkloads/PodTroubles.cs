using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>Why the new pods of a rollout do not start, for people.</summary>
/// <remarks>
/// Messages are quoted only where Kubernetes itself made them. What a container wrote before it ended may hold anything, and is not.
/// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
/// </remarks>
internal sealed class PodTroubles(KubernetesClient client)
{
    private const int LongestMessage = 200;
    private const int MostTold = 3;
    private const string Revision = "deployment.kubernetes.io/revision";
    private static readonly string[] Unremarkable = ["ContainerCreating", "PodInitializing"];
    private static readonly string[] Quoted = ["CreateContainerConfigError", "ImagePullBackOff", "ErrImagePull", "InvalidImageName"];

    /// <summary>What stops the new pods, one line; empty if nothing is known of it, or the account may not look at pods.</summary>
    public async Task<string> OfAsync(WorkloadName workload, JsonObject found, CancellationToken cancellationToken)
    {
        var selector = SelectorOf(workload, found);
        var pods = selector.Length == 0 ? null : await client.TryListAsync(KubernetesResource.Pods, selector, cancellationToken);
        if (pods is null)
        {
            return "";
        }

        var label = await NewPodsLabelAsync(workload, found, selector, cancellationToken);
        var told = pods
            .Where(pod => label is not { } wanted || pod.Text("metadata", "labels", wanted.Name) == wanted.Value)
            .SelectMany(Of).GroupBy(trouble => trouble, StringComparer.Ordinal)
            .Select(group => group.Count() == 1 ? group.Key : $"{group.Key} ({group.Count()} pods)").Take(MostTold).ToList();
        return told.Count == 0 ? "" : $"New pods: {string.Join("; ", told)}.";
    }

    /// <summary>The workload's pods, as the API takes it in a query; empty if it does not tell.</summary>
    public static string SelectorOf(WorkloadName workload, JsonObject found) => workload.Resource == KubernetesResource.DeploymentConfigs
        ? Selector(new JsonObject { ["matchLabels"] = found.At("spec", "selector")?.DeepClone() })
        // An Argo Rollout that refers to a Deployment has no selector of its own.
        : found.At("spec", "selector") is { } selector ? Selector(selector) : found.Text("status", "selector") ?? "";

    /// <summary>As the API takes it in a query.</summary>
    public static string Selector(JsonNode? selector)
    {
        var parts = (selector.At("matchLabels") as JsonObject ?? []).Select(pair => $"{pair.Key}={(string?)pair.Value}").ToList();
        foreach (var expression in selector.Items("matchExpressions"))
        {
            var (key, values) = (
                expression.Text("key"),
                string.Join(",", expression.At("values")?.AsArray().Select(value => (string?)value) ?? []));
            parts.Add(expression.Text("operator") switch
            {
                "In" => $"{key} in ({values})",
                "NotIn" => $"{key} notin ({values})",
                "DoesNotExist" => $"!{key}",
                _ => $"{key}",
            });
        }

        return string.Join(",", parts);
    }

    /// <summary>The label by which the rollout's new pods differ from the old ones; null if it cannot be told.</summary>
    private async Task<(string Name, string Value)?> NewPodsLabelAsync(
        WorkloadName workload,
        JsonObject found,
        string selector,
        CancellationToken cancellationToken)
    {
        if (workload.Resource == KubernetesResource.StatefulSets)
        {
            return found.Text("status", "updateRevision") is { } revision ? ("controller-revision-hash", revision) : null;
        }

        if (workload.Resource == KubernetesResource.DaemonSets)
        {
            return found.Annotation("deprecated.daemonset.template.generation") is { } generation
                ? ("pod-template-generation", generation)
                : null;
        }

        if (workload.Resource == KubernetesResource.Rollouts)
        {
            return found.Text("status", "currentPodHash") is { } hash ? ("rollouts-pod-template-hash", hash) : null;
        }

        if (workload.Resource == KubernetesResource.DeploymentConfigs)
        {
            return ("deployment", OpenShiftRollout.LatestOf(found));
        }

        var sets = await client.TryListAsync(KubernetesResource.ReplicaSets, selector, cancellationToken) ?? [];
        var newest = sets.FirstOrDefault(set => set.Annotation(Revision) is { } revision && revision == found.Annotation(Revision)
            && set.Items("metadata", "ownerReferences").Any(owner => owner.Text("uid") == found.Text("metadata", "uid")));
        return newest.Text("metadata", "labels", "pod-template-hash") is { } label ? ("pod-template-hash", label) : null;
    }

    private static IEnumerable<string> Of(JsonObject pod)
    {
        var unscheduled = pod.Items("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == "PodScheduled" && condition.Text("status") == "False");
        if (unscheduled is not null)
        {
            yield return $"{unscheduled.Text("reason")}{Message(unscheduled.Text("message"))}";
        }

        foreach (var container in pod.Items("status", "initContainerStatuses").Concat(pod.Items("status", "containerStatuses")))
        {
            var reason = container.Text("state", "waiting", "reason");
            if (reason is not null && !Unremarkable.Contains(reason, StringComparer.Ordinal))
            {
                var message = Quoted.Contains(reason, StringComparer.Ordinal) ? Message(container.Text("state", "waiting", "message")) : "";
                yield return $"container {container.Text("name")}: {reason}{message}{Ended(container)}";
            }
        }
    }

    private static string Ended(JsonObject container) => container.At("lastState", "terminated") is JsonObject ended
        ? $", ended before with exit code {ended.Number("exitCode")}{(ended.Text("reason") is { } reason ? $" ({reason})" : "")}" : "";

    private static string Message(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = string.Concat(text.Select(symbol => char.IsControl(symbol) ? ' ' : symbol));
        return $" ({(line.Length <= LongestMessage ? line : line[..LongestMessage] + "…")})";
    }
}
