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
            foreach (var (workload, found) in all)
            {
                if (await RolloutOfAsync(client, workload, found, cancellationToken) is { State: not RolloutState.Done } rollout)
                {
                    var troubles = await new PodTroubles(client).OfAsync(workload, found, cancellationToken);
                    down.Add($"The {workload} is not well: {rollout.Detail}. {troubles}".TrimEnd());
                }
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
                .Where(pair => !WorkloadRestart.IsBy(pair.Workload, pair.Found, by))
                .ToList();
            foreach (var (workload, found) in left)
            {
                var (contentType, patch) = WorkloadRestart.Of(workload, found, client.Time, by);
                await client.PatchAsync(workload.Resource, workload.Name, contentType, patch, carriesValue: false, cancellationToken);
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
                if (Restarts(call) && WorkloadRestart.Undone(workload, found) is { } undone)
                {
                    return StepOutcome.Rejected(undone);
                }

                var rollout = await RolloutOfAsync(client, workload, found, cancellationToken);
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
            var scale =
                new WorkloadScale(await _access.OpenAsync(call, cancellationToken), WorkloadName.AllOf(call.Settings), call.RotationId);
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

    private static async Task<Rollout> RolloutOfAsync(
        KubernetesClient client,
        WorkloadName workload,
        JsonObject found,
        CancellationToken cancellationToken) => workload.Resource == KubernetesResource.DeploymentConfigs
        ? OpenShiftRollout.Of(
            found,
            await client.FindAsync(KubernetesResource.ReplicationControllers, OpenShiftRollout.LatestOf(found), cancellationToken))
        : Rollout.Of(found);

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
