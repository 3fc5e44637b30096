using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// The beginning check compares what the ledger believes with the provider before the first change, where a value is set on an
/// account: the value in use works, and the account that is to take the new one in its turn is idle. An undo restores what was
/// found, so what could not be restored is refused here.
/// </summary>
internal sealed class BeginningCheck(StepServices services)
{
    /// <summary>Null if the beginning is as believed, or nothing tells. Done with <see cref="StepFacts.Refused"/> in an emergency, which
    /// does not wait for the value in use to be found.</summary>
    public async Task<StepOutcome?> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var plan = context.Plan;
        if (plan.Strategy is not (Strategy.Alternate or Strategy.InPlace or Strategy.Overlap)
            || plan.Steps.FirstOrDefault(step => step.Kind == StepKinds.Apply) is not { } apply)
        {
            return null;
        }

        var all = await services.Ledger.ListCredentialsAsync(context.Secret.Name, cancellationToken);
        var account = apply.Settings.GetValueOrDefault(StepSettings.Account);
        var inUse = await InUseAsync(context, all, account, cancellationToken);
        if (plan.Strategy == Strategy.Alternate && account is not null)
        {
            // What an earlier rotation left open there is ours: it is on record, and locked in its turn.
            var ours =
                all.Any(c => c.State is not (CredentialState.Revoked or CredentialState.Orphan) && RevokeSet.AccountOf(c) == account);
            if (!ours && await IdleAsync(context, account, inUse, cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return inUse is not { Validity: Validity.Invalid } ? null
            : inUse.Authenticates
                ? plan.Trigger == RotationTrigger.Emergency ? null : StepOutcome.Rejected(Lacking(context, inUse))
            : plan.Trigger == RotationTrigger.Emergency ? StepOutcome.Done((StepFacts.Refused, inUse.Detail ?? "refused"))
            : StepOutcome.Rejected(Stale(context, inUse));
    }

    /// <summary>Null if no value is known, or the provider cannot try one.</summary>
    private async Task<Tried?> InUseAsync(
        StepContext context,
        IReadOnlyList<CredentialRecord> all,
        string? account,
        CancellationToken cancellationToken)
    {
        if (services.Ability<IVerifyCredentials>(context) is not { } verifier
            || await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken) is not { Value: not null } old)
        {
            return null;
        }

        // In place, what an interrupted rotation had set may be in use already.
        var others = context.Plan.Strategy == Strategy.InPlace
            ? all.Where(c => c.Id != old.Id && c.Value is not null && c.State is not (CredentialState.Revoked or CredentialState.Orphan))
            : [];
        Tried? first = null;
        foreach (var credential in others.Prepend(old))
        {
            if (await services.TryReadAsync(context, credential.Value, cancellationToken) is not { } read)
            {
                continue;
            }

            using var value = read;
            var handle = StepServices.Handle(
                context.Plan.Strategy == Strategy.InPlace && credential.Account is null
                    ? credential with { Account = account }
                    : credential);
            var verification = await services.Outside.RunAsync(
                context,
                () => verifier.VerifyAsync(context.Call!, handle, value, cancellationToken));
            var tried = new Tried(
                RevokeSet.AccountOf(old) ?? account, verification.Validity, verification.Detail, verification.Authenticates);
            first ??= tried;
            if (tried.Validity == Validity.Valid || tried.Authenticates)
            {
                return tried;
            }
        }

        return first;
    }

    private async Task<StepOutcome?> IdleAsync(StepContext context, string account, Tried? inUse, CancellationToken cancellationToken)
    {
        var handle = new CredentialHandle(account, account, null);
        if (services.Ability<IReportUse>(context) is { } reporter)
        {
            var use = await services.Outside.RunAsync(context, () => reporter.ReportUseAsync(context.Call!, handle, cancellationToken));
            if (use.Use == Use.InUse)
            {
                return StepOutcome.Rejected(
                    $"The account {account} would get the new value as the idle one, but it is in use: {use.Detail} {Believed(inUse)} "
                        + Correct(context, account)
                        + " If not, end those sessions and rotate again.");
            }
        }

        if (!services.Providers.TryGet(context.Binding!.Type, out var provider) || provider is not ITellAccounts teller)
        {
            return null;
        }

        var report = await services.Outside.RunAsync(context, () => teller.LookAsync(context.Call!, handle, cancellationToken));
        return report.State == AccountState.Open
            ? StepOutcome.Rejected(
                $"The account {account} would get the new value as the idle one, but it is not locked: it can log in with a value that "
                    + $"Rotunda does not know, which no way back could restore. {Believed(inUse)} {Correct(context, account)} If "
                    + "nobody uses it, "
                    + $"lock it and rotate again: {report.Lock}")
            : null;
    }

    private static string Believed(Tried? inUse) => inUse switch
    {
        { Validity: Validity.Valid } => $"On record as in use is {inUse.Account}, and its value works.",
        { Authenticates: true } => $"On record as in use is {inUse.Account}, and its value is the right one ({inUse.Detail}).",
        { Validity: Validity.Invalid } => $"On record as in use is {inUse.Account}, and its value is refused ({inUse.Detail}).",
        _ => "Whether the value on record as in use works is not known.",
    };

    private static string Correct(StepContext context, string account) =>
        $"If {account} is the one that consumers use, write its name and value as \"current: {{ id: {account}, value: … }}\" in the "
            + $"catalog and run: rotunda adopt {context.Secret.Name}.";

    private static string Stale(StepContext context, Tried inUse) =>
        $"The value on record as in use{Accounts(inUse.Account)} is refused by {context.Binding!.Type}, before anything was changed: "
            + $"{inUse.Detail} Somebody changed it outside, or it was wrong when it was adopted; no way back could restore what works now. "
            + "Give the value in use as \"current:\" in the catalog and run: rotunda adopt "
            + $"{context.Secret.Name}. If nobody knows it, run: rotunda rotate {context.Secret.Name} --emergency "
            + "--incident REF (it only goes forward).";

    /// <summary>Nothing that a rotation makes could do better, and its own verification would ask the same.</summary>
    private static string Lacking(StepContext context, Tried inUse) =>
        $"The value in use{Accounts(inUse.Account)} is accepted by {context.Binding!.Type}, but cannot do what the policy asks of every "
            + $"new one, before anything was changed: {inUse.Detail} Give it the right, or correct what the policy asks.";

    private static string Accounts(string? account) => account is null ? "" : $" for {account}";

    private sealed record Tried(string? Account, Validity Validity, string? Detail, bool Authenticates);
}
