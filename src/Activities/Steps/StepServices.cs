using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Step services are what steps work with, and what several steps share.</summary>
public sealed class StepServices(ILedger ledger, StoreRegistry stores, ProviderRegistry providers, OutsideCall outside, TimeProvider time)
{
    private const int RotationsToLookBack = 4;
    private const int RotationsLookedAt = 100;
    private const int RevokedLookedAt = 50;

    public ILedger Ledger { get; } = ledger;

    public ProviderRegistry Providers { get; } = providers;

    public OutsideCall Outside { get; } = outside;

    public TimeProvider Time { get; } = time;

    /// <summary>Where the rotation's new value goes.</summary>
    public ISecretStore StoreOf(StepContext context) => StoreOf(context, context.Plan.Store);

    /// <summary>A store by name, with the settings that were frozen with the plan.</summary>
    /// <exception cref="StoreUnavailableException">Neither the plan nor the head has one of that name.</exception>
    public ISecretStore StoreOf(StepContext context, string name) => stores.Open(name, context.Plan.Stores, context.References);

    public T? Ability<T>(StepContext context)
        where T : class => context.Binding is { } binding ? Providers.Ability<T>(binding) : null;

    public static StepOutcome Lacks(StepContext context, string ability) =>
        StepOutcome.Rejected($"The provider '{context.Binding?.Type ?? "(none)"}' cannot {ability}. Check the catalog and plan again.");

    /// <summary>The call of a delivery: it can be told of those before it, of this rotation and of the few before it.</summary>
    public ProviderCall DeliveryCall(StepContext context) => context.Call! with
    {
        EarlierDeliveries = async cancellationToken =>
        {
            var all = new List<EarlierDelivery>();
            // By the ledger: after a renaming the ids of earlier ones begin with the name from before.
            foreach (var rotation in (await Ledger.ListRotationsAsync(
                new RotationFilter(context.Secret.Name, Limit: RotationsToLookBack + 1),
                cancellationToken)).Where(one => one.Number <= context.Rotation.Number).Take(RotationsToLookBack))
            {
                all.AddRange((await StepTrail.ReadAsync(Ledger, rotation.Id, cancellationToken)).Deliveries(context));
            }

            return all;
        },
    };

    /// <summary>The stored value, known to the scope. The caller disposes it.</summary>
    public async Task<SecretValue> ReadAsync(StepContext context, SecretRef value, CancellationToken cancellationToken) =>
        context.Scope.Register(await StoreOf(context, value.Store).GetAsync(value, cancellationToken));

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

    /// <summary>What may have been made, and cannot be listed, under the label as the system takes it.</summary>
    public string UnknownOrphan(StepContext context, CredentialRecord minting)
    {
        var rule = context.Binding is { } binding ? Providers.DescriptorOf(binding)?.Labels : null;
        return "unknown orphan possible: an attempt whose answer was lost may have made a credential, and "
            + $"'{context.Binding?.Type}' cannot list. "
            + $"Look there for '{rule?.Fit(minting.Label!) ?? minting.Label}', and revoke it by hand if it exists";
    }

    public static CredentialHandleNote Note(CredentialRecord credential) =>
        new(credential.ProviderCredentialId, credential.Account, credential.Label);

    /// <summary>Destroys a value that nothing needs any more, unless readers still get it as the current one.</summary>
    public async Task DiscardAsync(StepContext context, SecretRef? value, CancellationToken cancellationToken)
    {
        if (value is not null
            && StoreOf(context, value.Store) is { } store
            && await store.CurrentAsync(value.Name, cancellationToken) != value)
        {
            await store.DiscardAsync(value, cancellationToken);
        }
    }

    /// <summary>As <see cref="DiscardAsync"/>, but not in a store that the secret has moved away from: the plan does not say how
    /// to reach it.</summary>
    private async Task DiscardLeftoverAsync(StepContext context, SecretRef? value, CancellationToken cancellationToken)
    {
        if (value is not null && stores.Knows(value.Store, context.Plan.Stores))
        {
            await DiscardAsync(context, value, cancellationToken);
        }
    }

    /// <summary>
    /// Takes away what earlier rotations that have ended kept of targets for their way back. Not at the end of that way itself: while a
    /// rotation has not ended, an undo may be run once more. The next one makes sure that it does not stay.
    /// </summary>
    /// <param name="own">This one's too: it succeeded.</param>
    public async Task DropCapturesAsync(StepContext context, bool own, CancellationToken cancellationToken)
    {
        foreach (var rotation in await Ledger.ListRotationsAsync(
            new RotationFilter(context.Secret.Name, Limit: RotationsLookedAt),
            cancellationToken))
        {
            var isOwn = rotation.Id == context.Rotation.Id;
            if (isOwn ? !own : !rotation.State.IsFinal())
            {
                continue;
            }

            foreach (var capture in await Ledger.ListCapturesAsync(rotation.Id, cancellationToken))
            {
                await DropLeftoverAsync(context, capture.Value, cancellationToken);
            }

            if (!isOwn && rotation.State == RotationState.Succeeded)
            {
                // It has taken away all that was before it.
                return;
            }
        }
    }

    private async Task DropLeftoverAsync(StepContext context, SecretRef? value, CancellationToken cancellationToken)
    {
        if (value is not null && stores.Knows(value.Store, context.Plan.Stores))
        {
            await StoreOf(context, value.Store).DropAsync(value, cancellationToken);
        }
    }

    /// <summary>Discards the values of the credentials that were revoked lately: a crash between a revocation and its discard leaves none
    /// behind. Not of all that ever were: of leases there are hundreds a year.</summary>
    public async Task DiscardRevokedAsync(StepContext context, CancellationToken cancellationToken)
    {
        var all = await Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        foreach (var credential in all.Where(one => one.State == CredentialState.Revoked).TakeLast(RevokedLookedAt))
        {
            await DiscardLeftoverAsync(
                context,
                credential.Value ?? await FindLostAsync(context, credential, cancellationToken),
                cancellationToken);
        }
    }

    /// <summary>A value that a store elsewhere took although its answer was lost: the credential was given up, so the ledger
    /// never knew it.</summary>
    private async Task<SecretRef?> FindLostAsync(StepContext context, CredentialRecord credential, CancellationToken cancellationToken) =>
        credential.Label is { } owner && credential.RotationNumber == context.Rotation.Number
            ? await StoreOf(context).FindAsync(context.Secret.Name, owner, cancellationToken) : null;
}
