using System.Globalization;
using Rotunda.Ledger;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Closes the books of a rotation that succeeded: what was captured and what is revoked is destroyed, what nobody knows
/// of is listed.</summary>
internal sealed class FinishStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Finish;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        // Of earlier rotations too: one that was rolled back or taken over needs its captures no more.
        await services.DropCapturesAsync(context, own: true, cancellationToken);
        await services.DiscardRevokedAsync(context, cancellationToken);
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var open = all.Where(c => c.MayBeLive && c.State != CredentialState.Active)
            .Select(c => string.Create(CultureInfo.InvariantCulture, $"#{c.Id} {LedgerWords.Of(c.State)}")).ToList();
        return StepOutcome.Done(("unsettled", open.Count == 0 ? "nothing" : string.Join(", ", open)));
    }
}
