using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.PgBouncer;

/// <summary>Sets each value at the server before it is delivered, with the verifier of the provider for PostgreSQL.</summary>
internal sealed class ServerFirst(PostgresCluster cluster, IProvider inner)
    : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup
{
    public ProviderDescriptor Descriptor => inner.Descriptor;

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) =>
        ((IDeliverValues)inner).CaptureAsync(call, cancellationToken);

    public async Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken)
    {
        foreach (var credential in new[] { values.Primary, values.Secondary }.OfType<DeliveredCredential>()
            .Where(c => c.Username is "app_a" or "app_b"))
        {
            await cluster.ExecuteAsync(
                PostgresStatements.OpenWithPassword(
                    credential.Username!,
                    ScramVerifier.Of(credential.Value, credential.Username!, values.Salt)));
        }

        return await ((IDeliverValues)inner).DeliverAsync(call, values, cancellationToken);
    }

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        ((IDeliverValues)inner).RestoreAsync(call, captured, cancellationToken);

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        ((IConfirmSync)inner).ConfirmAsync(call, expected, cancellationToken);

    public Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        ((ILookAtTarget)inner).LookAsync(call, expected, cancellationToken);

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        ((IValidateSetup)inner).ValidateAsync(call, cancellationToken);
}
