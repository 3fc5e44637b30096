using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>Delivers to Secrets of a Kubernetes cluster.</summary>
internal sealed class KubernetesSecretProvider(KubernetesSurroundings surroundings)
    : IProvider, IDeliverValues, IConfirmSync, IValidateSetup, IDisposable
{
    private const int LongestName = 253;
    private readonly KubernetesAccess _access = new(surroundings);

    public KubernetesSecretProvider()
        : this(KubernetesSurroundings.OfThisProcess)
    {
    }

    public ProviderDescriptor Descriptor => KubernetesSecretDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            SecretKeys.Of(call);
            return IsByName(call)
                ? await (await ByNameAsync(call, cancellationToken)).ValidateAsync(cancellationToken)
                : await (await InPlaceAsync(call, cancellationToken)).ValidateAsync(cancellationToken);
        });

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
        IsByName(call)
            ? await (await ByNameAsync(call, cancellationToken)).CaptureAsync(cancellationToken)
            : await (await InPlaceAsync(call, cancellationToken)).CaptureAsync(cancellationToken);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () => IsByName(call)
            ? await (await ByNameAsync(call, cancellationToken)).DeliverAsync(values, cancellationToken)
            : await (await InPlaceAsync(call, cancellationToken)).DeliverAsync(values, cancellationToken));

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () => IsByName(call)
            ? await (await ByNameAsync(call, cancellationToken)).RestoreAsync(captured, cancellationToken)
            : await (await InPlaceAsync(call, cancellationToken)).RestoreAsync(captured, cancellationToken));

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () => IsByName(call)
            ? await (await ByNameAsync(call, cancellationToken)).ConfirmAsync(expected, cancellationToken)
            : await (await InPlaceAsync(call, cancellationToken)).ConfirmAsync(expected, cancellationToken));

    public void Dispose() => _access.Dispose();

    private static bool IsByName(ProviderCall call) =>
        call.Settings.Text(KubernetesSecretDescriptor.Mode) == KubernetesSecretDescriptor.NewName;

    private async Task<SecretInPlace> InPlaceAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var name = NameOf(call);
        return call.Settings.TextList(WorkloadName.Setting).Count > 0
            ? throw new DeliveryException(
                $"'{WorkloadName.Setting}' is for 'mode: new-name'. To restart workloads, add a consumer of the type kubernetes-workload.")
            : new SecretInPlace(await _access.OpenAsync(call, cancellationToken), call, name);
    }

    private async Task<SecretByName> ByNameAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var name = NameOf(call);
        return SecretFamily.FirstOf(name) is { } first
            ? throw new DeliveryException(
                $"With 'mode: new-name', 'secret' is the name without a number. Write '{first}' instead of "
                    + $"'{name}'.")
            : new SecretByName(await _access.OpenAsync(call, cancellationToken), call, new SecretFamily(name));
    }

    private static string NameOf(ProviderCall call)
    {
        var name = call.Settings.RequiredText(KubernetesSecretDescriptor.Secret);
        var isName = name.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1])
            && name.All(symbol => char.IsAsciiLetterLower(symbol) || char.IsAsciiDigit(symbol) || symbol is '-' or '.');
        return isName
            ? name
            : throw new DeliveryException(
                $"'{name}' cannot be the name of a Secret. Use small letters, digits, '-' and '.', {LongestName} at most.");
    }
}
