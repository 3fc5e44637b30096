namespace Rotunda.Ledger;

/// <summary>The tables, once for both databases. Each version is brought to the next by one script.</summary>
internal static class LedgerSchema
{
    public const int Version = 9;

    /// <summary>How many seconds before its end a credential is renewed where the catalog does not say; as the schedule has it.</summary>
    private const int UsualLead = 7 * 24 * 60 * 60;

    /// <summary>The script that brings version <paramref name="from"/> to the next; 0 is an empty database.</summary>
    public static string Upgrade(LedgerDialect dialect, int from) => from switch
    {
        0 => First(dialect),
        1 => Second(dialect),
        2 => Ends(dialect),
        3 => Codes(dialect),
        4 => Decisions(dialect),
        5 => NextByEnd(dialect),
        6 => Campaigns(dialect),
        7 => Pauses(dialect),
        8 => Leases(dialect) + Estates(dialect),
        _ => throw new ArgumentOutOfRangeException(nameof(from), from, "There is no such version."),
    };

    private static string First(LedgerDialect d) => $"""
        CREATE TABLE secrets (
            name {d.Text} PRIMARY KEY,
            salt {d.Text} NOT NULL,
            last_number {d.Number} NOT NULL,
            adopted_at {d.Text} NOT NULL,
            interval_seconds {d.Number} NULL
        );
        CREATE TABLE rotations (
            id {d.Text} PRIMARY KEY,
            secret {d.Text} NOT NULL REFERENCES secrets (name),
            number {d.Number} NOT NULL,
            state {d.Text} NOT NULL,
            trigger_kind {d.Text} NOT NULL,
            reason {d.Text} NOT NULL,
            requested_by {d.Text} NOT NULL,
            incident {d.Text} NULL,
            plan {d.Text} NOT NULL,
            start_key {d.Text} NULL,
            old_credential {d.Number} NULL,
            created_at {d.Text} NOT NULL,
            promoted_at {d.Text} NULL,
            ended_at {d.Text} NULL,
            detail {d.Text} NULL,
            waits_until {d.Text} NULL,
            UNIQUE (secret, number),
            UNIQUE (secret, start_key)
        );
        CREATE UNIQUE INDEX rotations_one_open ON rotations (secret) WHERE ended_at IS NULL;
        CREATE INDEX rotations_by_time ON rotations (created_at);
        CREATE TABLE credentials (
            id {d.Identity},
            secret {d.Text} NOT NULL REFERENCES secrets (name),
            rotation_id {d.Text} NULL REFERENCES rotations (id),
            rotation_number {d.Number} NOT NULL,
            state {d.Text} NOT NULL,
            provider_credential_id {d.Text} NULL,
            account {d.Text} NULL,
            label {d.Text} NULL,
            fingerprint {d.Text} NULL,
            store {d.Text} NULL,
            store_name {d.Text} NULL,
            store_version {d.Text} NULL,
            created_at {d.Text} NOT NULL,
            revoked_at {d.Text} NULL,
            note {d.Text} NULL
        );
        CREATE INDEX credentials_by_secret ON credentials (secret, id);
        CREATE INDEX credentials_by_rotation ON credentials (rotation_id, id);
        CREATE TABLE captures (
            rotation_id {d.Text} NOT NULL REFERENCES rotations (id),
            target {d.Text} NOT NULL,
            store {d.Text} NULL,
            store_name {d.Text} NULL,
            store_version {d.Text} NULL,
            PRIMARY KEY (rotation_id, target)
        );
        CREATE TABLE records (
            rotation_id {d.Text} NOT NULL REFERENCES rotations (id),
            sequence {d.Number} NOT NULL,
            PRIMARY KEY (rotation_id, sequence)
        );
        CREATE TABLE audit (
            seq {d.Number} PRIMARY KEY,
            at {d.Text} NOT NULL,
            actor {d.Text} NOT NULL,
            action {d.Text} NOT NULL,
            secret {d.Text} NULL,
            rotation_id {d.Text} NULL,
            step_id {d.Text} NULL,
            detail {d.Text} NULL,
            previous_hash {d.Text} NOT NULL,
            hash {d.Text} NOT NULL
        );
        CREATE INDEX audit_by_rotation ON audit (rotation_id, seq);
        CREATE INDEX audit_by_secret ON audit (secret, seq);
        CREATE INDEX audit_by_step ON audit (rotation_id, step_id, seq);
        CREATE TABLE meta (key {d.Text} PRIMARY KEY, value {d.Text} NOT NULL);
        {d.AppendOnly}
        CREATE VIEW {View(d)};
        """;

    /// <summary>Drift, ways back out of the store, runs that are no rotations, and secrets that leave the catalog or are renamed.</summary>
    private static string Second(LedgerDialect d) => $"""
        ALTER TABLE captures ADD COLUMN from_store {d.Number} NULL;
        ALTER TABLE rotations ADD COLUMN kind {d.Text} NULL;
        ALTER TABLE secrets ADD COLUMN policy {d.Text} NULL;
        ALTER TABLE secrets ADD COLUMN drift {d.Text} NULL;
        ALTER TABLE secrets ADD COLUMN renamed_to {d.Text} NULL;
        {d.ReplaceView} {View(d)} WHERE r.kind IS NULL;
        """;

    /// <summary>When credentials end by themselves, and since when they are disabled.</summary>
    private static string Ends(LedgerDialect d) => $"""
        ALTER TABLE credentials ADD COLUMN expires_at {d.Text} NULL;
        ALTER TABLE credentials ADD COLUMN disabled_at {d.Text} NULL;
        """;

    /// <summary>Codes that let somebody do one thing once. The code itself is not kept.</summary>
    private static string Codes(LedgerDialect d) => $"""
        CREATE TABLE codes (
            hash {d.Text} PRIMARY KEY,
            kind {d.Text} NOT NULL,
            rotation_id {d.Text} NOT NULL REFERENCES rotations (id),
            person {d.Text} NULL,
            created_by {d.Text} NOT NULL,
            created_at {d.Text} NOT NULL,
            expires_at {d.Text} NOT NULL,
            used_at {d.Text} NULL
        );
        CREATE INDEX codes_by_rotation ON codes (rotation_id);
        """;

    /// <summary>What people decide, each bound to a plan; codes that are bound to one too; and what is looked at afterwards.</summary>
    private static string Decisions(LedgerDialect d) => $"""
        CREATE TABLE decisions (
            rotation_id {d.Text} NOT NULL REFERENCES rotations (id),
            number {d.Number} NOT NULL,
            step_id {d.Text} NOT NULL,
            round {d.Number} NOT NULL,
            person {d.Text} NOT NULL,
            actor {d.Text} NOT NULL,
            verdict {d.Text} NOT NULL,
            plan_hash {d.Text} NOT NULL,
            comment {d.Text} NULL,
            at {d.Text} NOT NULL,
            withdrawn_at {d.Text} NULL,
            PRIMARY KEY (rotation_id, number)
        );
        CREATE UNIQUE INDEX decisions_once ON decisions (rotation_id, step_id, round, person) WHERE withdrawn_at IS NULL;
        ALTER TABLE codes ADD COLUMN step_id {d.Text} NULL;
        ALTER TABLE codes ADD COLUMN plan_hash {d.Text} NULL;
        ALTER TABLE codes ADD COLUMN role {d.Text} NULL;
        CREATE TABLE reviews (
            rotation_id {d.Text} PRIMARY KEY REFERENCES rotations (id),
            opened_at {d.Text} NOT NULL,
            closed_at {d.Text} NULL
        );
        CREATE TABLE reviewers (
            rotation_id {d.Text} NOT NULL REFERENCES reviews (rotation_id),
            person {d.Text} NOT NULL,
            actor {d.Text} NOT NULL,
            comment {d.Text} NOT NULL,
            at {d.Text} NOT NULL,
            PRIMARY KEY (rotation_id, person)
        );
        """;

    /// <summary>The view's next rotation knows when the credential ends by itself.</summary>
    private static string NextByEnd(LedgerDialect d) => $"""
        ALTER TABLE secrets ADD COLUMN renew_before_seconds {d.Number} NULL;
        {ViewByEnd(d, "c.expires_at")}
        """;

    /// <summary>What is known of leases, and the latest that renewals bring their end to: the view goes by that.</summary>
    private static string Leases(LedgerDialect d) => $"""
        ALTER TABLE credentials ADD COLUMN lease {d.Text} NULL;
        ALTER TABLE credentials ADD COLUMN last_end {d.Text} NULL;
        {ViewByEnd(d, "CASE WHEN c.lease IS NULL THEN c.expires_at ELSE c.last_end END")}
        """;

    /// <param name="ends">When a credential c ends by itself.</param>
    private static string ViewByEnd(LedgerDialect d, string ends)
    {
        var (promoted, end) = (d.SecondsOf("l.promoted_at"), d.SecondsOf("l.expires_at"));
        return $"""
            {d.ReplaceView} secret_rotation_log AS
                SELECT l.secret AS secret_name,
                       l.promoted_at AS rotated_at,
                       l.requested_by AS rotated_by,
                       {d.MomentOf(d.LeastOf(
                           $"{promoted} + l.interval_seconds",
                           $"{end} - {d.Least}(COALESCE(l.renew_before_seconds, {UsualLead}), ({end} - {promoted}) / 2)"
                       ))} AS next_rotation,
                       l.state AS status
                FROM (SELECT r.secret, r.promoted_at, r.requested_by, r.state, s.interval_seconds, s.renew_before_seconds,
                             (SELECT MIN({ends}) FROM credentials c WHERE c.rotation_id = r.id
                                 AND c.state IN ('active', 'previous', 'revoking', 'revoked')) AS expires_at
                      FROM rotations r JOIN secrets s ON s.name = r.secret WHERE r.kind IS NULL) l;
            """;
    }

    /// <summary>Campaigns, their members, and what was told of them. Which rotation is a member's, its start key says.</summary>
    private static string Campaigns(LedgerDialect d) => $"""
        CREATE TABLE campaigns (
            id {d.Text} PRIMARY KEY,
            number {d.Number} NOT NULL UNIQUE,
            kind {d.Text} NOT NULL,
            selector {d.Text} NULL,
            reason {d.Text} NOT NULL,
            requested_by {d.Text} NOT NULL,
            incident {d.Text} NULL,
            revoke_first {d.Number} NOT NULL,
            at_once {d.Number} NOT NULL,
            per_provider {d.Number} NOT NULL,
            preview_hash {d.Text} NOT NULL,
            start_key {d.Text} NULL UNIQUE,
            state {d.Text} NOT NULL,
            created_at {d.Text} NOT NULL,
            run {d.Number} NOT NULL,
            changed_by {d.Text} NULL,
            changed_at {d.Text} NULL,
            changed_why {d.Text} NULL,
            ended_at {d.Text} NULL
        );
        CREATE TABLE campaign_members (
            campaign_id {d.Text} NOT NULL REFERENCES campaigns (id),
            place {d.Number} NOT NULL,
            secret {d.Text} NOT NULL,
            provider {d.Text} NOT NULL,
            risk {d.Text} NULL,
            exposure {d.Number} NOT NULL,
            attempt {d.Number} NOT NULL,
            refusal {d.Text} NULL,
            PRIMARY KEY (campaign_id, place),
            UNIQUE (campaign_id, secret)
        );
        CREATE TABLE campaign_notices (
            campaign_id {d.Text} NOT NULL REFERENCES campaigns (id),
            run {d.Number} NOT NULL,
            action {d.Text} NOT NULL,
            at {d.Text} NOT NULL,
            PRIMARY KEY (campaign_id, run, action)
        );
        """;

    /// <summary>What people paused of the schedule.</summary>
    private static string Pauses(LedgerDialect d) => $"""
        CREATE TABLE pauses (
            id {d.Identity},
            scope {d.Text} NOT NULL,
            name {d.Text} NOT NULL,
            until {d.Text} NOT NULL,
            reason {d.Text} NOT NULL,
            paused_by {d.Text} NOT NULL,
            paused_at {d.Text} NOT NULL,
            ended_at {d.Text} NULL
        );
        """;

    /// <summary>
    /// What very many secrets need: what is open, leased or orphaned is few among very many that have ended, an incident is asked for by
    /// its name, a notice by its kind, and all secrets by what has changed of them (<c>changed</c> counts on with each change that a reader
    /// of them would see).
    /// </summary>
    private static string Estates(LedgerDialect d) => $"""
        CREATE INDEX rotations_open_by_time ON rotations (created_at, number) WHERE ended_at IS NULL;
        CREATE INDEX rotations_by_incident ON rotations (incident, created_at) WHERE incident IS NOT NULL;
        CREATE INDEX credentials_leased ON credentials (secret) WHERE lease IS NOT NULL AND state <> 'revoked';
        CREATE INDEX credentials_orphaned ON credentials (secret, id) WHERE state = 'orphan';
        CREATE INDEX audit_notices ON audit (secret, action, seq) WHERE action >= 'notice.' AND action < 'notice/';
        ALTER TABLE credentials ADD COLUMN discarded_at {d.Text} NULL;
        ALTER TABLE secrets ADD COLUMN changed {d.Number} NOT NULL DEFAULT 0;
        CREATE INDEX secrets_by_change ON secrets (changed);
        {d.CountChanges}
        """;

    private static string View(LedgerDialect d) => $"""
        secret_rotation_log AS
            SELECT r.secret AS secret_name,
                   r.promoted_at AS rotated_at,
                   r.requested_by AS rotated_by,
                   CASE WHEN r.promoted_at IS NULL OR s.interval_seconds IS NULL THEN NULL
                        ELSE {d.NextRotation} END AS next_rotation,
                   r.state AS status
            FROM rotations r JOIN secrets s ON s.name = r.secret
        """;
}
