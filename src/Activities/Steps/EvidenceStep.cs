using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// The gate: nothing has used the old credential for long enough. Since when, tells the provider; where it only tells "not
/// used", the first such answer of an unbroken row does, kept in the facts of the attempts' outcomes (so it survives restarts).
/// </summary>
internal sealed class EvidenceStep(StepServices services) : IStep
{
    public string Kind => StepKinds.Evidence;

    public async Task<StepOutcome> ExecuteAsync(StepContext context, CancellationToken cancellationToken)
    {
        if (services.Ability<IReportUse>(context) is not { } reporter)
        {
            return StepOutcome.Done(("evidence", "nothing can report use here"));
        }

        var old = context.Plan.Strategy == Strategy.Deliver || context.IsSet(StepSettings.Others)
            ? await DeliveryValues.PreviousAsync(services.Ledger, context.Secret.Name, cancellationToken)
            : await services.Ledger.GetOldCredentialAsync(context.Rotation.Id, cancellationToken);
        if (old is null or { State: CredentialState.Revoked })
        {
            return StepOutcome.Done(("evidence", old is null ? "no old credential is known" : "the old credential is revoked already"));
        }

        var call = context.Call! with { Promoted = await PromotedAsync(context, cancellationToken) };
        var report = await services.Outside.RunAsync(
            context,
            () => reporter.ReportUseAsync(call, StepServices.Handle(old), cancellationToken));
        _ = DurationText.TryParsePlanned(context.Settings.GetValueOrDefault(StepSettings.QuietFor), out var quietFor);
        return report.Use switch
        {
            Use.InUse => StepOutcome.RetryLater($"The old credential is in use: {report.Detail}") with
            {
                Facts = StepOutcome.Done((StepFacts.Use, StepFacts.InUse)).Facts,
            },
            Use.CannotTell =>
                StepOutcome.RetryLater($"Nothing tells whether the old credential is in use: {report.Detail}", report.RetryAfter),
            _ => Judge(await SinceAsync(context, report, cancellationToken), quietFor, report.Detail),
        };
    }

    private StepOutcome Judge(DateTimeOffset since, TimeSpan quietFor, string detail)
    {
        var facts = StepOutcome.Done(
            (StepFacts.UnusedSince, since.ToString("O", CultureInfo.InvariantCulture)), (StepFacts.Detail, detail));
        var quiet = services.Time.GetUtcNow() - since;
        return quiet >= quietFor ? facts
            : StepOutcome.RetryLater(
                $"The old credential has been unused for {DurationText.Rounded(quiet)}, of {DurationText.Format(quietFor)} asked for.") with
            {
                Facts = facts.Facts,
            };
    }

    private async Task<DateTimeOffset?> PromotedAsync(StepContext context, CancellationToken cancellationToken) =>
        (await StepTrail.ReadAsync(services.Ledger, context.Rotation.Id, cancellationToken)).Attempts.LastOrDefault(
            attempt => attempt.Detail.Kind == StepKinds.Promote && attempt.Detail.Undo is null && attempt.EndedAt is not null
                && attempt.Outcome is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone)?.EndedAt;

    private async Task<DateTimeOffset> SinceAsync(StepContext context, UseReport report, CancellationToken cancellationToken)
    {
        if (report.LastUsedAt is { } lastUsed)
        {
            return lastUsed;
        }

        var last = await services.Ledger.ListOutcomesAsync(context.Rotation.Id, context.Input.Step.Id, 1, cancellationToken);
        return last is [{ Facts: { } facts }] && facts.TryGetValue(StepFacts.UnusedSince, out var text)
            ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : services.Time.GetUtcNow();
    }
}
