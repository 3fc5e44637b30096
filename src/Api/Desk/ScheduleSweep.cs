using Microsoft.Extensions.Logging;
using Rotunda.Calendar.Due;
using Rotunda.Ledger;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Desk;

/// <summary>One pass over the catalog: adopt what is new, make good what a crash left between ledger and engine, start what is
/// due.</summary>
public sealed partial class ScheduleSweep(
    ICatalogSource catalog,
    CatalogAdoption adoption,
    Leavers leavers,
    Reconciler reconciler,
    RotationDesk desk,
    DoorOrder doors,
    HoldReader reader,
    ILedger ledger,
    TimeProvider time,
    ILogger<ScheduleSweep> logger)
{
    /// <summary>Who the ledger says asked for scheduled rotations.</summary>
    public const string RequestedBy = "schedule";

    /// <returns>How many rotations were started.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await reconciler.RunAsync(cancellationToken);
        if (catalog.Current is not { } current)
        {
            return 0;
        }

        await adoption.AdoptAllAsync(current, cancellationToken);
        await leavers.KeepAsync(current, cancellationToken);
        var secrets = await ledger.SecretsByNameAsync(cancellationToken);
        var holds = await reader.OfAllAsync(secrets, cancellationToken);
        var first = await EmergenciesAsync(cancellationToken);
        var schedules = Schedules.All(secrets);
        var look = new DueLook(current, schedules, schedules.Set, RotationSchedule.Decide, holds.PauseOf)
        {
            Changes = holds.Changes, PassesBy = RotationSchedule.IsFarOff,
        };
        var policies = doors.InOrder(current);
        return await look.RunAsync(
            first.Count == 0 ? policies : policies.Where(policy => !first.Contains(policy.Provider.Type)),
            time.GetUtcNow,
            async (policy, decision) => await StartAsync(policy.Name, decision, cancellationToken)
                ? Schedules.Of(await ledger.GetSecretAsync(policy.Name, cancellationToken), null)
                : null);
    }

    /// <summary>The types of the providers at which an emergency campaign has members to come: what is scheduled there lets these go
    /// first.</summary>
    private async Task<HashSet<string>> EmergenciesAsync(CancellationToken cancellationToken) =>
        [
            .. (await ledger.ListEmergenciesToComeAsync(cancellationToken))
                // One that waits for an open rotation of its secret may wait for long: nothing is kept back for it.
                .Where(member => member.OpenRotationId is null).Select(member => member.Provider),
        ];

    private async Task<bool> StartAsync(string secret, RotationDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            var request = new StartRequest(secret, RotationTrigger.Schedule, decision.Message, RequestedBy, StartKey: decision.StartKey);
            var outcome = await desk.StartAsync(request, cancellationToken);
            if (outcome.Kind == StartOutcomeKind.Refused)
            {
                LogRefused(secret, outcome.Message ?? "");
            }

            return outcome.Kind == StartOutcomeKind.Started;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // The other secrets are still due.
            LogFailed(problem, secret);
            return false;
        }
    }
}
