using System.Data.Common;
using System.Globalization;

namespace Rotunda.Ledger;

/// <summary>Campaigns and their members.</summary>
public abstract partial class SqlLedger
{
    public Task<(CampaignRecord Campaign, bool IsNew)> AddCampaignAsync(NewCampaign campaign, CancellationToken cancellationToken) =>
        WriteAsync(session => AddCampaignAsync(session, campaign), cancellationToken);

    public Task<CampaignRecord?> GetCampaignAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(session => session.FirstAsync(CampaignSql.Get, Campaign, ("@id", id)), cancellationToken);

    public Task<CampaignRecord?> FindCampaignAsync(string startKey, CancellationToken cancellationToken) =>
        ReadAsync(session => session.FirstAsync(CampaignSql.ByKey, Campaign, ("@key", startKey)), cancellationToken);

    public Task<IReadOnlyList<CampaignRecord>> ListCampaignsAsync(bool openOnly, int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CampaignRecord>>(
            async session => await session.ListAsync(CampaignSql.List, Campaign, ("@open", openOnly ? 1 : 0), ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<CampaignMember>> ListMembersAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CampaignMember>>(
            async session => await session.ListAsync(CampaignSql.Members, Member, ("@id", id)), cancellationToken);

    public Task<IReadOnlyList<CampaignMember>> ListEmergenciesToComeAsync(CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<CampaignMember>>(
            async session => await session.ListAsync(CampaignSql.EmergenciesToCome, Member), cancellationToken);

    public Task<IReadOnlyList<RotationPace>> ListPacesAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync<IReadOnlyList<RotationPace>>(
            async session => await session.ListAsync(
                CampaignSql.Paces,
                row => new RotationPace(row.GetString(0), LedgerWords.Time(row.GetString(2)) - LedgerWords.Time(row.GetString(1))),
                ("@limit", limit)),
            cancellationToken);

    public Task RecordMemberRefusedAsync(string id, string secret, int attempt, string why, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                var changed = await session.RunAsync(
                    CampaignSql.SetRefused, ("@id", id), ("@secret", secret), ("@attempt", attempt), ("@why", why));
                if (changed > 0)
                {
                    await AppendAsync(session, new AuditEntry(
                        AuditActions.System, AuditActions.CampaignMemberRefused, secret, null, null, $"{id}: {why}"));
                }
            },
            cancellationToken);

    public Task<bool> SetCampaignStateAsync(
        string id, IReadOnlyList<CampaignState> from, CampaignState to, CampaignWord word, CancellationToken cancellationToken) =>
        WriteAsync<bool>(
            async session =>
            {
                if (await session.FirstAsync(CampaignSql.Get, Campaign, ("@id", id)) is not { } campaign || !from.Contains(campaign.State))
                {
                    return false;
                }

                await session.RunAsync(
                    CampaignSql.SetState,
                    ("@id", id), ("@state", LedgerWords.Of(to)), ("@by", word.By), ("@at", Now()), ("@why", word.Why),
                    ("@ended", to == CampaignState.Done ? Now() : null));
                await AppendAsync(session, new AuditEntry(word.By, word.Action, null, null, null, Said(id, word)));
                return true;
            },
            cancellationToken);

    public Task EndStoppedCampaignAsync(string id, CancellationToken cancellationToken) =>
        WriteAsync(session => session.RunAsync(CampaignSql.EndStopped, ("@id", id), ("@at", Now())), cancellationToken);

    public Task<int> RetryCampaignAsync(string id, CampaignWord word, CancellationToken cancellationToken) =>
        WriteAsync<int>(
            async session =>
            {
                if (await session.FirstAsync(CampaignSql.Get, Campaign, ("@id", id)) is not { State: not CampaignState.Stopped }
                    || await session.RunAsync(CampaignSql.Retry, ("@id", id)) is not (> 0 and var members))
                {
                    return 0;
                }

                await session.RunAsync(CampaignSql.RunAgain, ("@id", id), ("@by", word.By), ("@at", Now()), ("@why", word.Why));
                await AppendAsync(session, new AuditEntry(word.By, word.Action, null, null, null, $"{Said(id, word)} ({members} members)"));
                return members;
            },
            cancellationToken);

    public Task<bool> TellCampaignAsync(CampaignRecord campaign, string action, string message, CancellationToken cancellationToken) =>
        WriteAsync<bool>(
            async session =>
            {
                if (await session.RunAsync(
                    CampaignSql.AddTold, ("@id", campaign.Id), ("@run", campaign.Run), ("@action", action), ("@at", Now())) == 0)
                {
                    return false;
                }

                await AppendAsync(session, new AuditEntry(AuditActions.System, action, null, null, null, $"{campaign.Id}: {message}"));
                return true;
            },
            cancellationToken);

    public Task<bool> IsCampaignToldAsync(CampaignRecord campaign, string action, CancellationToken cancellationToken) =>
        ReadAsync<bool>(
            async session => Convert.ToInt64(
                await session.ScalarAsync(CampaignSql.IsTold, ("@id", campaign.Id), ("@run", campaign.Run), ("@action", action)),
                CultureInfo.InvariantCulture) > 0,
            cancellationToken);

    private async Task<(CampaignRecord Campaign, bool IsNew)> AddCampaignAsync(LedgerSession session, NewCampaign given)
    {
        if (given.StartKey is { } key && await session.FirstAsync(CampaignSql.ByKey, Campaign, ("@key", key)) is { } existing)
        {
            return (existing, false);
        }

        var number = Convert.ToInt64(await session.ScalarAsync(CampaignSql.LastNumber), CultureInfo.InvariantCulture) + 1;
        var id = string.Create(CultureInfo.InvariantCulture, $"campaign-{number}");
        await session.RunAsync(
            CampaignSql.Add,
            ("@id", id), ("@number", number), ("@kind", LedgerWords.Of(given.Kind)), ("@selector", given.Selector),
            ("@reason", given.Reason), ("@by", given.RequestedBy), ("@incident", given.Incident),
            ("@revokeFirst", given.RevokeFirst ? 1 : 0), ("@atOnce", given.Pace.AtOnce), ("@perProvider", given.Pace.PerProvider),
            ("@hash", given.PreviewHash), ("@key", given.StartKey), ("@at", Now()));
        await AddMembersAsync(session, id, given.Members);
        var detail = new Dictionary<string, string>
        {
            ["campaign"] = id,
            ["kind"] = LedgerWords.Of(given.Kind),
            ["selected"] = given.Selector ?? "all",
            ["members"] = given.Members.Count.ToString(CultureInfo.InvariantCulture),
            ["reason"] = given.Reason,
            ["preview"] = given.PreviewHash,
        };
        if (given.Incident is { } incident)
        {
            detail["incident"] = incident;
        }

        await AppendAsync(session, new AuditEntry(
            given.RequestedBy, AuditActions.CampaignStarted, null, null, null, Json(detail, LedgerJson.Default.DictionaryStringString)));
        return ((await session.FirstAsync(CampaignSql.Get, Campaign, ("@id", id)))!, true);
    }

    private static async Task AddMembersAsync(LedgerSession session, string id, IReadOnlyList<NewMember> members)
    {
        var table = LedgerTables.All.First(one => one.Name == "campaign_members");
        foreach (var some in members.Index().Chunk(RowsAtOnce))
        {
            await session.RunAsync(table.Insert(some.Length), [.. some.SelectMany((one, row) => Values(id, one.Index + 1, one.Item)
                .Select((value, column) => (LedgerTable.Parameter(row, column), value)))]);
        }
    }

    /// <summary>As <see cref="LedgerTables"/> has the columns.</summary>
    private static LedgerValue[] Values(string id, int place, NewMember member) =>
    [
        id, place, member.Secret, member.Provider, member.Risk, member.Exposure, 1, LedgerValue.None,
    ];

    private static string Said(string id, CampaignWord word) => word.Why is null ? id : $"{id}: {word.Why}";

    private static CampaignRecord Campaign(DbDataReader row) => new(
        row.GetString(0), LedgerWords.Campaign(row.GetString(1)), row.Text(2), row.GetString(3), row.GetString(4), row.Text(5),
        row.GetInt64(6) != 0, new CampaignPace(row.GetInt32(7), row.GetInt32(8)), row.GetString(9),
        LedgerWords.CampaignStateOf(row.GetString(10)), LedgerWords.Time(row.GetString(11)))
    {
        Run = row.GetInt32(12),
        Changed = row.Text(13) is { } by ? new CampaignChange(by, LedgerWords.Time(row.GetString(14)), row.Text(15)) : null,
        EndedAt = Moment(row, 16),
    };

    private static CampaignMember Member(DbDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetInt32(4), row.GetInt32(5), row.Text(6), row.Text(7))
    {
        State = row.Text(8) is { } state ? LedgerWords.State(state) : null,
        Detail = row.Text(9),
        PromotedAt = Moment(row, 10),
        EndedAt = Moment(row, 11),
        Until = Moment(row, 12),
        OpenRotationId = row.Text(13),
    };

    private static DateTimeOffset? Moment(DbDataReader row, int column) => row.Text(column) is { } text ? LedgerWords.Time(text) : null;
}
