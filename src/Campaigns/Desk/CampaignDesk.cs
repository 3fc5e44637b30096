using System.Globalization;
using Rotunda.Campaigns.Run;
using Rotunda.Campaigns.Selection;
using Rotunda.Campaigns.Views;
using Rotunda.Ledger;
using Rotunda.Orchestration;

namespace Rotunda.Campaigns.Desk;

/// <summary>Where campaigns are asked for and steered. What a person says is on record before the orchestration hears of it: that reads
/// the ledger at each turn, so a word that does not reach it is only seen later.</summary>
public sealed class CampaignDesk(CampaignPreviewer previewer, ILedger ledger, IMemberDesk desk, IOrchestrationClient client)
{
    private const int MostOpen = 1_000;
    private static readonly CampaignState[] s_open = [CampaignState.Running, CampaignState.Paused];

    /// <param name="preview">The hash that was agreed to.</param>
    /// <param name="startKey">The same key starts one campaign only; null for none.</param>
    /// <exception cref="CampaignRefusedException">It selects nothing, or something else than the preview did.</exception>
    public async Task<CampaignRecord> StartAsync(CampaignWish wish, string preview, string? startKey, CancellationToken cancellationToken)
    {
        if (startKey is not null && await ledger.FindCampaignAsync(startKey, cancellationToken) is { } existing)
        {
            await EnsureScheduledAsync(existing, cancellationToken);
            return existing;
        }

        var (_, _, selected) = await previewer.SelectAsync(wish, cancellationToken);
        var hash = selected.HashFor(wish);
        if (hash != preview)
        {
            throw new CampaignRefusedException(
                CampaignRefusedException.OtherPreview,
                $"The preview {preview} is not what would be rotated now ({hash}): look again, and start with that one.");
        }

        var (campaign, _) = await ledger.AddCampaignAsync(
            new NewCampaign(
                wish.Kind, wish.Select?.ToString(), wish.Reason, wish.By, wish.Incident, wish.RevokeFirst, wish.Pace, hash, startKey,
                [.. selected.Members.Select(policy => new NewMember(
                    policy.Name, policy.Provider.Type, Selected.RiskOf(policy), Selected.ExposureOf(policy)))]),
            cancellationToken);
        await EnsureScheduledAsync(campaign, cancellationToken);
        return campaign;
    }

    /// <exception cref="CampaignRefusedException">It does not run.</exception>
    public Task<CampaignAnswer> PauseAsync(string id, string by, string why, CancellationToken cancellationToken) => SetAsync(
        id, [CampaignState.Running], CampaignState.Paused, new CampaignWord(AuditActions.CampaignPaused, by, why),
        $"It starts no more for now; what moves goes on. Go on with: rotunda campaign resume {id}", cancellationToken);

    /// <exception cref="CampaignRefusedException">It is not paused.</exception>
    public Task<CampaignAnswer> ResumeAsync(string id, string by, string why, CancellationToken cancellationToken) => SetAsync(
        id, [CampaignState.Paused], CampaignState.Running, new CampaignWord(AuditActions.CampaignResumed, by, why),
        $"It goes on. See how: rotunda campaign show {id}", cancellationToken);

    /// <exception cref="CampaignRefusedException">It has ended.</exception>
    public Task<CampaignAnswer> StopAsync(string id, string by, string why, CancellationToken cancellationToken) => SetAsync(
        id, s_open, CampaignState.Stopped, new CampaignWord(AuditActions.CampaignStopped, by, why),
        $"It starts no more; what moves goes on to its end. See what: rotunda campaign show {id}", cancellationToken);

    /// <summary>Those that failed start again, and stuck ones try again.</summary>
    /// <exception cref="CampaignRefusedException">Nothing failed, or it was stopped.</exception>
    public async Task<CampaignAnswer> RetryAsync(string id, string by, string why, CancellationToken cancellationToken)
    {
        var resumed = 0;
        foreach (var member in await ledger.ListMembersAsync(id, cancellationToken))
        {
            if (member is { Phase: MemberPhase.Stuck, RotationId: { } rotation }
                && await desk.ResumeAsync(rotation, by, why, cancellationToken))
            {
                resumed++;
            }
        }

        var again = await ledger.RetryCampaignAsync(id, new CampaignWord(AuditActions.CampaignRetried, by, why), cancellationToken);
        var campaign = (await ledger.GetCampaignAsync(id, cancellationToken))!;
        if (again + resumed == 0)
        {
            throw new CampaignRefusedException(
                CampaignRefusedException.WrongState,
                campaign.State == CampaignState.Stopped
                    ? $"{id} was stopped, so nothing of it starts again. Start another: rotunda campaign start"
                    : $"Nothing of {id} failed or is stuck. See how it stands: rotunda campaign show {id}");
        }

        await EnsureScheduledAsync(campaign, cancellationToken);
        await WakeAsync(campaign, cancellationToken);
        return new CampaignAnswer(id, CampaignWords.Of(campaign.State), string.Create(
            CultureInfo.InvariantCulture, $"{again} that failed start again, and {resumed} stuck ones try again."));
    }

    /// <summary>A crash may fall between the ledger's word and the start of the orchestration; and a ledger that was moved to another
    /// head has none there yet.</summary>
    public async Task EnsureAllScheduledAsync(CancellationToken cancellationToken)
    {
        foreach (var campaign in await ledger.ListCampaignsAsync(openOnly: true, MostOpen, cancellationToken))
        {
            if (await client.GetAsync(campaign.InstanceId, withInputsAndOutputs: false, cancellationToken) is null)
            {
                await EnsureScheduledAsync(campaign, cancellationToken);
            }
        }
    }

    private async Task<CampaignAnswer> SetAsync(
        string id,
        IReadOnlyList<CampaignState> from,
        CampaignState to,
        CampaignWord word,
        string message,
        CancellationToken cancellationToken)
    {
        var changed = await ledger.SetCampaignStateAsync(id, from, to, word, cancellationToken);
        var campaign = (await ledger.GetCampaignAsync(id, cancellationToken))!;
        if (!changed)
        {
            throw new CampaignRefusedException(
                CampaignRefusedException.WrongState,
                $"{id} is {CampaignWords.Of(campaign.State)}: that takes one that is {string.Join(" or ", from.Select(CampaignWords.Of))}.");
        }

        await WakeAsync(campaign, cancellationToken);
        return new CampaignAnswer(id, CampaignWords.Of(to), message);
    }

    private async Task EnsureScheduledAsync(CampaignRecord campaign, CancellationToken cancellationToken)
    {
        try
        {
            await client.ScheduleNewAsync(
                CampaignNames.Orchestration, new CampaignInput(campaign.Id, campaign.Run), new StartOptions(campaign.InstanceId),
                cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // That is what we wanted.
        }
    }

    private async Task WakeAsync(CampaignRecord campaign, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(campaign.InstanceId, CampaignNames.WakeEvent, campaign.Id, cancellationToken);
        }
        catch (OrchestrationNotFoundException)
        {
            // It is on record, and starts in a moment.
        }
    }
}
