using Rotunda.Ledger;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>Targets that the catalog got, or that were moved in it, after a rotation's plan was frozen: they hold the revoke until they
/// have the new value.</summary>
internal static class NotDelivered
{
    /// <summary>Their names; empty where the new value is not in use yet, or nothing is revoked.</summary>
    public static IReadOnlyList<string> Of(
        Policy policy,
        SecretRecord? secret,
        RotationRecord? open,
        IReadOnlyList<CredentialRecord> credentials)
    {
        if (open is not { State: RotationState.Grace or RotationState.WaitingForApproval or RotationState.Stuck }
            || !open.Plan.Steps.Any(step => step.Kind == StepKinds.Revoke)
            || !IsInUse(open, credentials))
        {
            return [];
        }

        // A person may have brought the value there: the look at targets tells.
        var seen = secret?.Drift?.Findings.Where(finding => finding.Standing == Standing.Same).Select(finding => finding.Place) ?? [];
        return [.. Undelivered.Of(policy, open.Plan).Select(target => target.Name).Except(seen, StringComparer.Ordinal)];
    }

    public static string Sentence(IReadOnlyList<string> targets, string secret) =>
        $"{string.Join(", ", targets)} never got the new value: the catalog got it, or moved it, after the rotation was planned. Nothing is "
            + $"revoked before it has: rotunda deliver {secret}";

    private static bool IsInUse(RotationRecord open, IReadOnlyList<CredentialRecord> credentials) =>
        open.Plan.Strategy == Strategy.Deliver
        || credentials.Any(one => one.State == CredentialState.Active && one.RotationNumber == open.Number);
}
