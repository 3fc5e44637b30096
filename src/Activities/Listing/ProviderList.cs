using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Listing;

/// <summary>Asks a secret's provider for all credentials of its binding, apart from any rotation. Changes nothing.</summary>
public sealed class ProviderList(ProviderRegistry providers, IReferenceResolver references, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public bool Can(ProviderBinding provider) => providers.Ability<IListCredentials>(provider) is not null;

    /// <param name="number">Of the secret's newest rotation.</param>
    /// <exception cref="OutcomeException">They cannot be listed now. It holds no value.</exception>
    public async Task<IReadOnlyList<ListedCredential>> ListAsync(
        ProviderBinding provider,
        string secret,
        int number,
        CancellationToken cancellationToken)
    {
        var lister = providers.Ability<IListCredentials>(provider)
            ?? throw new OutcomeException(StepOutcome.Rejected($"'{provider.Type}' cannot list its credentials. Look there by hand."));
        using var scope = new SecretScope().Enter();
        var settings = new ProviderSettings(provider.Settings, new ScopedReferences(references, scope));
        var call = new ProviderCall(settings, secret, $"{secret}-{number}", number, 1, time) { Step = "list" };
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Whatever its code does, it is waited for no longer.
            return await Task.Run(() => lister.ListAsync(call, linked.Token), linked.Token).WaitAsync(linked.Token);
        }
        catch (OutcomeException problem)
        {
            throw new OutcomeException(scope.Redact(problem.Outcome));
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw new OutcomeException(StepOutcome.RetryLater(
                limit.IsCancellationRequested ? $"No answer within {DurationText.Format(Limit)}." : scope.Redact(problem.Message)));
        }
    }
}
