using Rotunda.Activities.Ledger;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Stores;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Steps;

/// <summary>What steps work with, and the few moves that several of them make.</summary>
public sealed class StepServices(ILedger ledger, StoreRegistry stores, ProviderRegistry providers, OutsideCall outside, TimeProvider time)
{
    public ILedger Ledger { get; } = ledger;

    public StoreRegistry Stores { get; } = stores;

    public ProviderRegistry Providers { get; } = providers;

    public OutsideCall Outside { get; } = outside;

    public TimeProvider Time { get; } = time;

    public IStoreSecrets StoreOf(StepContext context) => Stores.Get(context.Plan.Store);

    public T? Ability<T>(StepContext context)
        where T : class => context.Binding is { } binding ? Providers.Ability<T>(binding.Type) : null;

    public static StepOutcome Lacks(StepContext context, string ability) =>
        StepOutcome.Rejected($"The provider '{context.Binding?.Type ?? "(none)"}' cannot {ability}. Check the catalog and plan again.");

    /// <summary>The stored value, known to the scope. The caller disposes it.</summary>
    public async Task<SecretValue> ReadAsync(StepContext context, SecretRef value, CancellationToken cancellationToken) =>
        context.Scope.Register(await Stores.Get(value.Store).GetAsync(value, cancellationToken));

    /// <summary>Null if there is none, or none any more.</summary>
    public async Task<SecretValue?> TryReadAsync(StepContext context, SecretRef? value, CancellationToken cancellationToken)
    {
        try
        {
            return value is null ? null : await ReadAsync(context, value, cancellationToken);
        }
        catch (SecretNotFoundException)
        {
            return null;
        }
    }

    public static CredentialHandle Handle(CredentialRecord credential) =>
        new(credential.ProviderCredentialId ?? credential.Account, credential.Account, credential.Label);

    public static CredentialHandleNote Note(CredentialRecord credential) =>
        new(credential.ProviderCredentialId, credential.Account, credential.Label);

    /// <summary>Destroys a value that nothing needs any more, unless readers still get it as the current one.</summary>
    public async Task DiscardAsync(SecretRef? value, CancellationToken cancellationToken)
    {
        if (value is not null && Stores.Get(value.Store) is { } store && await store.CurrentAsync(value.Name, cancellationToken) != value)
        {
            await store.DiscardAsync(value, cancellationToken);
        }
    }

    /// <summary>Discards the values of all revoked credentials: a crash between a revocation and its discard leaves none behind.</summary>
    public async Task DiscardRevokedAsync(string secret, CancellationToken cancellationToken)
    {
        foreach (var credential in await Ledger.ListCredentialsAsync(secret, cancellationToken))
        {
            if (credential.State == CredentialState.Revoked)
            {
                await DiscardAsync(credential.Value, cancellationToken);
            }
        }
    }
}
