namespace Rotunda.Ledger;

/// <summary>The statements of campaigns, in the SQL that both databases read.</summary>
internal static class CampaignSql
{
    private const string Columns = """
        SELECT id, kind, selector, reason, requested_by, incident, revoke_first, at_once, per_provider, preview_hash, state, created_at,
               run, changed_by, changed_at, changed_why, ended_at
        FROM campaigns
        """;

    public const string LastNumber = "SELECT COALESCE(MAX(number), 0) FROM campaigns";
    public const string Add = """
        INSERT INTO campaigns (id, number, kind, selector, reason, requested_by, incident, revoke_first, at_once, per_provider,
            preview_hash, start_key, state, created_at, run)
        VALUES (@id, @number, @kind, @selector, @reason, @by, @incident, @revokeFirst, @atOnce, @perProvider, @hash, @key, 'running',
            @at, 1)
        """;

    public const string Get = Columns + " WHERE id = @id";
    public const string ByKey = Columns + " WHERE start_key = @key";
    public const string List = Columns + " WHERE @open = 0 OR ended_at IS NULL ORDER BY number DESC LIMIT @limit";

    /// <summary>The key that a member's rotation is started with: by it the two belong together, and no attempt starts two.</summary>
    private const string Key = "'campaign:' || m.campaign_id || ':' || m.attempt";

    /// <summary>Of a member's rotation that an emergency took over, the emergency: it does what this campaign asked for. The first that was
    /// not taken over itself.</summary>
    private const string Successor = """
        SELECT n.id FROM rotations n WHERE n.secret = s.secret AND n.number > s.number AND n.state <> 'superseded'
        ORDER BY n.number LIMIT 1
        """;

    private const string Failed = "('rolled-back', 'rejected', 'cancelled')";

    private const string MemberColumns = $"""
        SELECT m.place, m.secret, m.provider, m.risk, m.exposure, m.attempt, r.id, m.refusal, r.state, r.detail, r.promoted_at,
               r.ended_at, r.waits_until,
               (SELECT o.id FROM rotations o WHERE o.secret = m.secret AND o.ended_at IS NULL)
        FROM campaign_members m LEFT JOIN rotations s ON s.secret = m.secret AND s.start_key = {Key}
            LEFT JOIN rotations r ON r.id = CASE WHEN s.state = 'superseded' THEN COALESCE(({Successor}), s.id) ELSE s.id END
        """;

    public const string Members = MemberColumns + " WHERE m.campaign_id = @id ORDER BY m.place";
    public const string EmergenciesToCome = MemberColumns + """
         WHERE r.id IS NULL AND m.refusal IS NULL AND m.campaign_id IN
            (SELECT id FROM campaigns WHERE kind = 'emergency' AND state = 'running')
        ORDER BY m.campaign_id, m.place
        """;

    public const string SetRefused = """
        UPDATE campaign_members SET refusal = @why WHERE campaign_id = @id AND secret = @secret AND attempt = @attempt
        """;

    public const string SetState = """
        UPDATE campaigns SET state = @state, changed_by = @by, changed_at = @at, changed_why = @why, ended_at = @ended WHERE id = @id
        """;

    public const string EndStopped = "UPDATE campaigns SET ended_at = @at WHERE id = @id AND state = 'stopped' AND ended_at IS NULL";
    public const string Retry = $"""
        UPDATE campaign_members AS m SET attempt = attempt + 1, refusal = NULL
        WHERE m.campaign_id = @id AND (m.refusal IS NOT NULL OR EXISTS (SELECT 1 FROM rotations s WHERE s.secret = m.secret
            AND s.start_key = {Key} AND (s.state IN {Failed}
                OR s.state = 'superseded'
                    AND COALESCE((SELECT r.state FROM rotations r WHERE r.id = ({Successor})), 'cancelled') IN {Failed})))
        """;

    public const string RunAgain = """
        UPDATE campaigns SET state = CASE WHEN state = 'done' THEN 'running' ELSE state END,
            run = CASE WHEN ended_at IS NULL THEN run ELSE run + 1 END, ended_at = NULL,
            changed_by = @by, changed_at = @at, changed_why = @why
        WHERE id = @id
        """;

    public const string AddTold = """
        INSERT INTO campaign_notices (campaign_id, run, action, at) VALUES (@id, @run, @action, @at)
        ON CONFLICT (campaign_id, run, action) DO NOTHING
        """;

    public const string IsTold = """
        SELECT COUNT(*) FROM campaign_notices WHERE campaign_id = @id AND run = @run AND action = @action
        """;

    public const string MoveMembers = "UPDATE campaign_members SET secret = @to WHERE secret = @name";
    public const string Paces = """
        SELECT secret, created_at, promoted_at FROM rotations WHERE promoted_at IS NOT NULL AND kind IS NULL AND state = 'succeeded'
        ORDER BY created_at DESC LIMIT @limit
        """;
}
