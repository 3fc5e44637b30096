using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Listing;

/// <summary>All labels that rotations of one secret have given, as its system shows them.</summary>
internal sealed class OwnLabels
{
    private const int Generations = 4;
    private readonly SecretRecord _secret;
    private readonly LabelRule _rule;
    private readonly HashSet<string> _all = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lookedFor = new(StringComparer.Ordinal);

    /// <param name="known">The secret's credentials, with the labels that were given on record.</param>
    public OwnLabels(SecretRecord secret, IReadOnlyList<CredentialRecord> known, LabelRule rule)
    {
        (_secret, _rule) = (secret, rule);
        for (var number = 1; number <= secret.LastNumber; number++)
        {
            for (var generation = 1; generation <= Generations; generation++)
            {
                _all.Add(rule.Fit(OwnLabel.Of($"rotunda-{secret.Name}-{number}", secret.Salt, generation)));
            }
        }

        foreach (var credential in known.Where(credential => credential.Label is not null))
        {
            _all.Add(rule.Fit(credential.Label!));
            if (credential is { State: CredentialState.Minting, ProviderCredentialId: null })
            {
                // A later rotation looks for it by itself, and revokes it.
                _lookedFor.Add(rule.Fit(credential.Label!));
            }
        }
    }

    /// <summary>True if what was read there is one of them. Also of a rotation that this ledger has not had: it may be restored.</summary>
    public bool AreOn(string? read) =>
        read is not null
        && !_lookedFor.Contains(_rule.Fit(read))
        && (_all.Contains(read)
            || _all.Contains(_rule.Fit(read))
            || OwnLabel.Is(_secret.Name, _secret.Salt, read.Replace(_rule.Dash, '-')));
}
