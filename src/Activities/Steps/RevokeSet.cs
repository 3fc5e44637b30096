using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>How one credential that may be live is settled.</summary>
internal enum Settlement
{
    /// <summary>The provider makes it stop working.</summary>
    AtProvider = 0,
    /// <summary>It stopped working when the new value was set on its account: the provider is not called, because that would lock
    /// the new one.</summary>
    Overwritten = 1,
    /// <summary>No system checks it any more once it is gone from its targets.</summary>
    Withdrawn = 2,
    /// <summary>Minted perhaps, by an attempt whose answer was lost: looked for by its label.</summary>
    LookFor = 3,
    /// <summary>Never left the store.</summary>
    NeverUsed = 4,
    /// <summary>Nothing tells how to reach it.</summary>
    ByHand = 5,
    /// <summary>The new one is not in place on this account yet.</summary>
    NotNow = 6,
}

/// <summary>Which credentials a Revoke settles, and how. Pure.</summary>
internal static class RevokeSet
{
    public static IReadOnlyList<(CredentialRecord Credential, Settlement How)> Of(
        IReadOnlyList<CredentialRecord> all, CredentialRecord? fresh, StepContext context, RevokeAbilities abilities)
    {
        var revokeFirst = context.Settings.GetValueOrDefault(StepSettings.RevokeFirst) == "true";
        var strategy = context.Plan.SecretStrategy ?? context.Plan.Strategy;
        var inPlace = !context.IsSet(StepSettings.Retire)
            && (context.Settings.GetValueOrDefault(StepSettings.InPlace) == "true" || strategy == Strategy.InPlace);
        return [.. all
            .Where(c => c.Id != fresh?.Id
                && c.State is not (CredentialState.Revoked or CredentialState.Orphan or CredentialState.HandedOver)
                && (!revokeFirst || WasInUse(c)))
            .Select(c => (c, How(c, fresh, strategy, inPlace && !revokeFirst, abilities)))];
    }

    private static bool WasInUse(CredentialRecord credential) =>
        credential.State is CredentialState.Active or CredentialState.Previous or CredentialState.Revoking;

    private static Settlement How(
        CredentialRecord credential,
        CredentialRecord? fresh,
        Strategy strategy,
        bool inPlace,
        RevokeAbilities abilities)
    {
        if (abilities.GeneratesOnly)
        {
            return Settlement.Withdrawn;
        }

        if (inPlace || SharesAccount(credential, fresh, strategy))
        {
            return fresh?.State == CredentialState.Active ? Settlement.Overwritten : Settlement.NotNow;
        }

        if (credential.State == CredentialState.Minting && credential.ProviderCredentialId is null && credential.Fingerprint is not null)
        {
            // A person gave it, so it was made: by whom nobody heard of it again.
            return Settlement.ByHand;
        }

        if (credential.State == CredentialState.Minting && credential.ProviderCredentialId is null)
        {
            return abilities is { Issues: true, Repeats: false }
                ? abilities.Lists ? Settlement.LookFor : Settlement.ByHand
                : Settlement.NeverUsed;
        }

        // An issued credential's account has others too: only its own id will do.
        var reachable = credential.ProviderCredentialId is not null
            || (strategy is not (Strategy.Overlap or Strategy.Supplied or Strategy.Leased) && credential.Account is not null);
        return (abilities.Revokes && reachable) || (abilities.RevokesByValue && credential.Value is not null)
            ? Settlement.AtProvider
            : Settlement.ByHand;
    }

    /// <summary>On one account a new value replaces the old one; issued credentials of one account live side by side.</summary>
    private static bool SharesAccount(CredentialRecord credential, CredentialRecord? fresh, Strategy strategy) => fresh is not null
        && ((credential.ProviderCredentialId is { } id && id == fresh.ProviderCredentialId)
            || (strategy is Strategy.Alternate or Strategy.InPlace
                && AccountOf(credential) is { } account && account == AccountOf(fresh)));

    /// <summary>An adopted credential may know its account as its id.</summary>
    public static string? AccountOf(CredentialRecord credential) => credential.Account ?? credential.ProviderCredentialId;
}

/// <summary>What the secret's own provider can do.</summary>
internal sealed record RevokeAbilities(bool Revokes, bool Lists, bool Issues, bool GeneratesOnly)
{
    /// <summary>Issuing once more takes the place of what was lost.</summary>
    public bool Repeats { get; init; }

    /// <summary>It ends what it is shown, and needs no id.</summary>
    public bool RevokesByValue { get; init; }
}
