using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.KubernetesWorkloads;

/// <summary>Restarts workloads of a Kubernetes cluster and follows their rollouts.</summary>
internal sealed class KubernetesWorkloadProvider(KubernetesSurroundings surroundings)
    : IProvider, IRestartConsumers, ICheckConsumers, IScaleConsumers, IValidateSetup, IDisposable
{
    private const string RestartedAt = "kubectl.kubernetes.io/restartedAt";
    private readonly KubernetesAccess _access = new(surroundings);

    public KubernetesWorkloadProvider()
        : this(KubernetesSurroundings.OfThisProcess)
    {
    }

    public ProviderDescriptor Descriptor => KubernetesWorkloadDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var workloads = WorkloadName.AllOf(call.Settings);
            var client = await _access.OpenAsync(call, cancellationToken);
            var all = await ReadAsync(client, call, workloads, cancellationToken);
            foreach (var workload in workloads.Where(_ => Restarts(call)))
            {
                await client.RequireAsync("patch", workload.Resource, workload.Name, cancellationToken);
            }

            var down = new List<string>();
            foreach (var (workload, found) in all.Where(pair => Rollout.Of(pair.Found).State != RolloutState.Done))
            {
                var troubles = await new PodTroubles(client).OfAsync(workload, found, cancellationToken);
                down.Add($"The {workload} is not well: {Rollout.Of(found).Detail}. {troubles}".TrimEnd());
            }

            return down.Count == 0
                ? StepOutcome.Done(("workloads", string.Join(", ", workloads)), ("namespace", client.Namespace))
                : ConsumerDown.Of(down);
        });

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var workloads = WorkloadName.AllOf(call.Settings);
            if (!Restarts(call))
            {
                return StepOutcome.AlreadyDone(("restarted", "nothing: restart is none"));
            }

            var client = await _access.OpenAsync(call, cancellationToken);
            var by = call.Step.Length == 0 ? call.RotationId : $"{call.RotationId}/{call.Step}";
            var left = (await ReadAsync(client, call, workloads, cancellationToken))
                .Where(pair => pair.Found.Text("spec", "template", "metadata", "annotations", SecretAnnotations.RestartedBy) != by)
                .ToList();
            foreach (var (workload, _) in left)
            {
                await client.PatchAsync(
                    workload.Resource,
                    workload.Name,
                    KubernetesClient.StrategicMergePatch,
                    Restart(client.Time, by),
                    carriesValue: false,
                    cancellationToken);
            }

            var facts = ("restarted", (string?)string.Join(", ", workloads));
            return left.Count > 0 ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
        });

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var workloads = WorkloadName.AllOf(call.Settings);
            var client = await _access.OpenAsync(call, cancellationToken);
            var facts = new List<(string, string?)>();
            foreach (var workload in workloads)
            {
                var found = await client.GetAsync(workload.Resource, workload.Name, cancellationToken);
                var rollout = Rollout.Of(found);
                if (rollout.State == RolloutState.Done)
                {
                    facts.Add((workload.ToString(), rollout.Detail));
                    continue;
                }

                var troubles = await new PodTroubles(client).OfAsync(workload, found, cancellationToken);
                var why = $"The rollout of {workload} is not done: {rollout.Detail}. {troubles}".TrimEnd();
                return rollout.State == RolloutState.Failed ? StepOutcome.Rejected(why) : StepOutcome.RetryLater(why);
            }

            return StepOutcome.Done([.. facts]);
        });

    /// <summary>
    /// To zero: notes at each workload how many replicas it has, stops them, and is Done once no pod is left. Back: starts as many as
    /// were noted.
    /// </summary>
    public Task<StepOutcome> ScaleAsync(ProviderCall call, bool toZero, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var scale = new WorkloadScale(await _access.OpenAsync(call, cancellationToken), WorkloadName.AllOf(call.Settings));
            if (!toZero)
            {
                return await scale.BackAsync(cancellationToken);
            }

            var told = await scale.ToZeroAsync(cancellationToken);
            var stopped = await scale.AreStoppedAsync(cancellationToken);
            return stopped.Succeeded ? told : stopped;
        });

    public void Dispose() => _access.Dispose();

    private static bool Restarts(ProviderCall call) =>
        call.Settings.Text(KubernetesWorkloadDescriptor.Restart) != KubernetesWorkloadDescriptor.None;

    /// <summary>As kubectl does it, with the step beside, so that the step's next attempt does not restart once more.</summary>
    private static JsonObject Restart(TimeProvider time, string by) => new()
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject
                    {
                        [RestartedAt] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                        [SecretAnnotations.RestartedBy] = by,
                    },
                },
            },
        },
    };

    /// <summary>All of them, before the first is changed.</summary>
    private static async Task<List<(WorkloadName Workload, JsonObject Found)>> ReadAsync(
        KubernetesClient client, ProviderCall call, IReadOnlyList<WorkloadName> workloads, CancellationToken cancellationToken)
    {
        var all = new List<(WorkloadName, JsonObject)>();
        foreach (var workload in workloads)
        {
            var found = await client.GetAsync(workload.Resource, workload.Name, cancellationToken);
            if (Rollout.Obstacle(workload, found, call.Settings.Flag(KubernetesWorkloadDescriptor.AllowPartition)) is { } obstacle)
            {
                throw client.Failure(StepOutcome.Rejected(obstacle));
            }

            all.Add((workload, found));
        }

        return all;
    }
}
