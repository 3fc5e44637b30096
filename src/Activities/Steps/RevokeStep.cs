using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>Puts the ids on record, then settles every credential of the secret that may be live except the new one.</summary>
internal sealed class RevokeStep(StepServices services, Revoker revoker, RevokeHold hold, LostLeases lost) : IStep
{
    public string Kind => StepKinds.Revoke;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var fresh = context.IsSet(StepSettings.Others)
            ? all.LastOrDefault(one => one.State == CredentialState.Active)
            : await services.Ledger.GetNewCredentialAsync(context.Rotation.Id, cancellationToken);
        var revokeFirst = context.Settings.GetValueOrDefault(StepSettings.RevokeFirst) == "true";
        if (!revokeFirst && !context.IsSet(StepSettings.Retire) && fresh is not { State: CredentialState.Active })
        {
            return StepOutcome.Rejected("The new credential is not in place, and nothing is revoked before it is. Start another rotation.");
        }

        if (await hold.LookForOldPlanAsync(context, cancellationToken) is { } held)
        {
            return held;
        }

        var set = revoker.SetOf(context, all, fresh);
        await services.Ledger.BeginRevokeAsync(
            context.Rotation.Id,
            [.. set.Where(one => one.How == Settlement.AtProvider).Select(one => one.Credential.Id)],
            cancellationToken);
        var (settled, problems) = (new List<string>(), new List<StepOutcome>());
        foreach (var (credential, how) in set)
        {
            if (await SettleAsync(context, credential, how, cancellationToken) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                settled.Add(string.Create(CultureInfo.InvariantCulture, $"#{credential.Id} {how}"));
            }
        }

        await services.DiscardRevokedAsync(context, cancellationToken);
        return problems.Count == 0
            ? await DoneAsync(context, settled, cancellationToken)
            : Revoker.Worst(problems, settled.Count > 0 ? "revoked" : null);
    }

    private async Task<StepOutcome?> SettleAsync(
        StepContext context,
        CredentialRecord credential,
        Settlement how,
        CancellationToken cancellationToken)
    {
        var (ledger, rotation) = (services.Ledger, context.Rotation.Id);
        switch (how)
        {
            case Settlement.AtProvider:
                return await revoker.SettleAsync(context, credential, "revoked at the provider", cancellationToken);
            case Settlement.LookFor:
                if (await revoker.RevokeLostAsync(context, credential, cancellationToken) is { } problem)
                {
                    return problem;
                }

                await ledger.RecordRevokedAsync(rotation, credential.Id, "nothing of it was found at the provider", cancellationToken);
                return null;
            case Settlement.Overwritten:
                await ledger.RecordRevokedAsync(
                    rotation,
                    credential.Id,
                    "overwritten by the new value on the same account",
                    cancellationToken);
                return null;
            case Settlement.Withdrawn:
                await ledger.RecordRevokedAsync(rotation, credential.Id, "removed from its targets", cancellationToken);
                return null;
            case Settlement.NeverUsed:
                await ledger.RecordRevokedAsync(rotation, credential.Id, GivenUp.NeverSetAnywhere, cancellationToken);
                return null;
            case Settlement.ByHand when credential.State == CredentialState.Minting
                && services.Ability<ILeaseCredentials>(context) is { } leasing:
                await lost.RecordAsync(context, leasing, credential, cancellationToken);
                return null;
            case Settlement.ByHand when context.IsSet(StepSettings.Confirms):
                // A later step waits until a person has ended it.
                await ledger.BeginRevokeAsync(rotation, [credential.Id], cancellationToken);
                return null;
            case Settlement.ByHand:
                await ledger.RecordOrphanAsync(
                    rotation,
                    credential.Id,
                    StepServices.Note(credential),
                    WhyByHand(context, credential),
                    cancellationToken);
                return null;
            default:
                return null;
        }
    }

    private string WhyByHand(StepContext context, CredentialRecord credential) => services.Ability<IRevokeCredentials>(context) is null
        ? $"to be revoked by hand: '{context.Binding?.Type ?? "its provider"}' cannot revoke"
        : credential.Label is null || credential.State != CredentialState.Minting
            ? "to be revoked by hand: nothing tells its id at the provider"
            : services.UnknownOrphan(context, credential);

    private async Task<StepOutcome> DoneAsync(StepContext context, List<string> settled, CancellationToken cancellationToken)
    {
        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var orphans =
            all.Where(c => c.State == CredentialState.Orphan).Select(c => string.Create(CultureInfo.InvariantCulture, $"#{c.Id}")).ToList();
        return StepOutcome.Done(
            ("settled", settled.Count == 0 ? "nothing" : string.Join(", ", settled)),
            ("orphans", orphans.Count == 0 ? null : string.Join(", ", orphans)));
    }
}
