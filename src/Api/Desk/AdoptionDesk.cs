using Rotunda.Ledger;
using Rotunda.Providers.Contract;

namespace Rotunda.Api.Desk;

/// <summary>What came of a person's word on the credential in use.</summary>
public enum CorrectionKind
{
    Corrected,
    UnknownSecret,
    /// <summary>A rotation of it is open; its id is the message.</summary>
    RotationOpen,
    /// <summary>The catalog tells nothing, or what it tells cannot be read; the message says what to do.</summary>
    Refused,
}

/// <param name="Message">For people.</param>
public sealed record CorrectionOutcome(CorrectionKind Kind, string Message);

/// <summary>Takes a person's word on which credential is in use, as the catalog's <c>current:</c> tells it.</summary>
public sealed class AdoptionDesk(ICatalogSource catalog, CatalogAdoption adoption, ILedger ledger)
{
    public async Task<CorrectionOutcome> CorrectAsync(string secret, string actor, string reason, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(TimeSpan.Zero, cancellationToken);
        if (catalog.Current is not { } current || !current.Policies.TryGetValue(secret, out var policy))
        {
            return new(CorrectionKind.UnknownSecret, Near.NoSecret(secret, catalog.Current));
        }

        try
        {
            return await adoption.CorrectAsync(current, policy, actor, reason, cancellationToken)
                ? new(CorrectionKind.Corrected, $"What \"current:\" tells of {secret} is taken for the credential in use from now on.")
                : new(
                    CorrectionKind.RotationOpen,
                    $"{(await ledger.GetSecretAsync(secret, cancellationToken))?.ActiveRotationId ?? "A rotation"} is under way. "
                        + "Wait for its "
                        + "end, or cancel it, and adopt again.");
        }
        catch (Exception problem) when (problem is ArgumentException or ReferenceUnresolvedException or StoreUnavailableException)
        {
            return new(CorrectionKind.Refused, problem.Message);
        }
    }
}
