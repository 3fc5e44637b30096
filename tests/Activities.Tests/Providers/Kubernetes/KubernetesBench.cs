using System.Text.Json.Nodes;
using Rotunda.Providers.Consumers.KubernetesWorkloads;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.ExternalSecrets;
using Rotunda.Providers.Targets.KubernetesSecrets;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Calls the providers as steps do, with settings that lead to a fake cluster.</summary>
internal sealed class KubernetesBench(FakeCluster cluster) : IAsyncDisposable
{
    private const string Salt = "00112233445566778899aabbccddeeff";

    public KubernetesSecretProvider Secrets { get; } = new();

    public KubernetesWorkloadProvider Workloads { get; } = new();

    public ExternalSecretProvider External { get; } = new();

    /// <summary>The kubeconfig that the setting's reference leads to.</summary>
    public string Kubeconfig { get; set; } = cluster.Kubeconfig();

    public ProviderCall Call(JsonObject settings, string rotation = "jwt-1", string step = "", int attempt = 1)
    {
        var all = settings.DeepClone().AsObject();
        all["kubeconfig"] ??= "env:KUBECONFIG";
        return new ProviderCall(
            new ProviderSettings(all, new FixedReferences(new Dictionary<string, string> { ["env:KUBECONFIG"] = Kubeconfig })),
            "jwt",
            rotation,
            1,
            attempt,
            TimeProvider.System) { Step = step };
    }

    public Task<StepOutcome> DeliverAsync(
        IDeliverValues target,
        JsonObject settings,
        string primary,
        string? secondary = null,
        string rotation = "jwt-1") =>
        WithAsync(primary, secondary, values => target.DeliverAsync(Call(settings, rotation), values, default));

    public Task<StepOutcome> ConfirmAsync(IConfirmSync target, JsonObject settings, string primary, string? secondary = null) =>
        WithAsync(primary, secondary, values => target.ConfirmAsync(Call(settings), values, default));

    public Task<StepOutcome> RestartAsync(JsonObject settings, string rotation = "jwt-1", string step = "restart-1", int attempt = 1) =>
        Workloads.RestartAsync(Call(settings, rotation, step, attempt), default);

    public Task<StepOutcome> CheckAsync(JsonObject settings) =>
        Workloads.CheckAsync(Call(settings), new ExpectedFingerprints("0123456789ab", null), default);

    public ValueTask DisposeAsync()
    {
        Secrets.Dispose();
        Workloads.Dispose();
        External.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<StepOutcome> WithAsync(string primary, string? secondary, Func<DeliveredValues, Task<StepOutcome>> work)
    {
        using var one = SecretValue.FromText(primary);
        using var other = secondary is null ? null : SecretValue.FromText(secondary);
        return await work(
            new(
                new(one, "app_a", Fingerprint.Of(one, Salt)),
                other is null ? null : new(other, "app_b", Fingerprint.Of(other, Salt)),
                Salt));
    }
}
