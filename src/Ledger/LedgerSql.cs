namespace Rotunda.Ledger;

/// <summary>Every statement of the ledger, in one place, in the SQL that both databases read. What differs is in
/// <see cref="LedgerDialect"/>.</summary>
internal static class LedgerSql
{
    // Secrets

    // Beside each its last rotation that succeeded (g) and the credential in use (c): most columns are of these, or of what came since.
    /// <summary>Of most secrets the newest rotation is the last that succeeded: then there is nothing after it to look for.</summary>
    private const string SecretColumns = """
        SELECT s.name, s.salt, s.last_number, s.adopted_at,
               (SELECT MAX(CASE WHEN r.promoted_at < r.created_at THEN r.created_at ELSE r.promoted_at END) FROM rotations r
                   WHERE r.secret = s.name AND r.promoted_at IS NOT NULL),
               (SELECT r.id FROM rotations r WHERE r.secret = s.name AND r.ended_at IS NULL),
               CASE WHEN s.last_number > COALESCE(g.number, 0) THEN
                   (SELECT COUNT(*) FROM rotations r WHERE r.secret = s.name AND r.number > COALESCE(g.number, 0) AND r.kind IS NULL
                       AND (r.state = 'rolled-back' OR (r.state = 'cancelled' AND r.waits_until IS NULL))) ELSE 0 END,
               CASE WHEN s.last_number > COALESCE(g.number, 0) THEN
                   (SELECT MAX(r.ended_at) FROM rotations r WHERE r.secret = s.name AND r.number > COALESCE(g.number, 0) AND r.kind IS NULL
                       AND (r.state = 'rolled-back' OR (r.state = 'cancelled' AND r.waits_until IS NULL))) END,
               s.interval_seconds, s.drift, s.policy IS NOT NULL, s.renamed_to,
               CASE WHEN s.last_number > COALESCE(g.number, 0) THEN
                   (SELECT MAX(r.waits_until) FROM rotations r WHERE r.secret = s.name AND r.number > COALESCE(g.number, 0)
                       AND r.kind IS NULL AND r.state IN ('rejected', 'cancelled')) END,
               (SELECT r.id FROM rotations r WHERE r.secret = s.name AND r.kind IS NULL
                   AND r.state IN ('rolled-back', 'rejected', 'cancelled') ORDER BY r.number DESC LIMIT 1),
               CASE WHEN c.lease IS NULL THEN c.expires_at ELSE c.last_end END, c.created_at,
               (SELECT v.rotation_id FROM reviews v JOIN rotations r ON r.id = v.rotation_id WHERE r.secret = s.name
                   AND v.closed_at IS NULL ORDER BY v.opened_at, v.rotation_id LIMIT 1),
               g.ended_at, g.promoted_at, s.renew_before_seconds, s.changed, c.lease
        FROM secrets s
            LEFT JOIN rotations g ON g.id = (SELECT x.id FROM rotations x WHERE x.secret = s.name AND x.kind IS NULL
                AND x.state = 'succeeded' ORDER BY x.number DESC LIMIT 1)
            LEFT JOIN credentials c ON c.id = (SELECT x.id FROM credentials x WHERE x.secret = s.name AND x.state = 'active'
                ORDER BY x.id DESC LIMIT 1)
        """;

    public const string GetSecret = SecretColumns + " WHERE s.name = @name";
    public const string ListSecretsChanged = SecretColumns + " WHERE s.changed > @seen";
    public const string ListNames = "SELECT name FROM secrets";
    public const string LastChange = "SELECT COALESCE(MAX(changed), 0) FROM secrets";
    public const string AddSecret = "INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES (@name, @salt, 0, @at)";
    public const string SetInterval = """
        UPDATE secrets SET interval_seconds = @interval, renew_before_seconds = @lead WHERE name = @name
            AND (COALESCE(interval_seconds, -1) <> COALESCE(@interval, -1)
                OR COALESCE(renew_before_seconds, -1) <> COALESCE(@lead, -1))
        """;
    public const string GetPolicy = "SELECT policy FROM secrets WHERE name = @name";
    public const string SetPolicy =
        "UPDATE secrets SET policy = @policy WHERE name = @name AND COALESCE(policy, '') <> COALESCE(@policy, '')";
    public const string SetDrift = "UPDATE secrets SET drift = @drift WHERE name = @name";
    public const string RotationIdOf = "SELECT id FROM rotations WHERE secret = @secret AND number = @number";
    public const string CopySecret = """
        INSERT INTO secrets (name, salt, last_number, adopted_at, interval_seconds, policy, renew_before_seconds)
        SELECT @to, salt, last_number, adopted_at, interval_seconds, policy, renew_before_seconds FROM secrets WHERE name = @name
        """;

    public const string MoveRotations = "UPDATE rotations SET secret = @to WHERE secret = @name";
    public const string MoveCredentials = "UPDATE credentials SET secret = @to WHERE secret = @name";
    public const string SetRenamed = "UPDATE secrets SET renamed_to = @to WHERE name = @name";
    public const string SetValue = """
        UPDATE credentials SET store = @store, store_name = @storeName, store_version = @storeVersion WHERE secret = @secret AND
            state = 'active'
        """;

    public const string SetLastNumber = "UPDATE secrets SET last_number = @number WHERE name = @name";

    // Rotations

    private const string RotationColumns = """
        SELECT r.id, r.secret, r.number, r.state, r.trigger_kind, r.reason, r.requested_by, r.incident, r.plan, r.created_at, r.ended_at,
               r.detail, r.waits_until, r.old_credential, s.last_number, r.promoted_at
        FROM rotations r JOIN secrets s ON s.name = r.secret
        """;

    public const string GetRotation = RotationColumns + " WHERE r.id = @id";
    public const string GetRotationHead =
        "SELECT r.id, r.secret, r.number, r.state, s.last_number FROM rotations r JOIN secrets s ON s.name = r.secret WHERE r.id = @id";
    public const string RotationByKey = RotationColumns + " WHERE r.secret = @secret AND r.start_key = @key";
    public const string OpenRotation = RotationColumns + " WHERE r.secret = @secret AND r.ended_at IS NULL";
    /// <summary>Only the conditions that are asked for: an index serves each, and none serves "this, or anything".</summary>
    public static string ListRotations(RotationFilter filter)
    {
        var where = (filter.Secret is null ? "" : " AND r.secret = @secret")
            + (filter.OpenOnly ? " AND r.ended_at IS NULL" : "")
            + (filter.Trigger is null ? "" : " AND r.trigger_kind = @trigger")
            + (filter.Incident is null ? "" : " AND r.incident = @incident")
            + (filter.Number is null ? "" : " AND r.number = @number")
            + (filter.AfterSecret is null ? "" : " AND r.secret > @after")
            + (filter.States is null ? "" : " AND @states LIKE '%,' || r.state || ',%'");
        var order = filter.AfterSecret is null ? "r.created_at DESC, r.number DESC" : "r.secret, r.number";
        return $"{RotationColumns} WHERE 1 = 1{where} ORDER BY {order} LIMIT @limit";
    }

    public const string AddRotation = """
        INSERT INTO rotations (id, secret, number, state, trigger_kind, reason, requested_by, incident, plan, start_key, old_credential,
            created_at, kind)
        VALUES (@id, @secret, @number, @state, @trigger, @reason, @by, @incident, @plan, @key,
                (SELECT MAX(id) FROM credentials WHERE secret = @secret AND state = 'active'), @at, @kind)
        """;

    public const string SetRotationState = """
        UPDATE rotations SET state = @state, detail = @detail, waits_until = @until, ended_at = @ended,
               promoted_at = CASE WHEN @state = 'succeeded' AND kind IS NULL THEN COALESCE(promoted_at, @at) ELSE promoted_at END
        WHERE id = @id
        """;

    /// <summary>All targets have just been delivered to: what an earlier look found is no more.</summary>
    public const string ForgetDrift = "UPDATE secrets SET drift = NULL WHERE name = (SELECT secret FROM rotations WHERE id = @id)";

    public const string SetPromotedAt = "UPDATE rotations SET promoted_at = @at WHERE id = @id";
    public const string HasRecord = "SELECT 1 FROM records WHERE rotation_id = @id AND sequence = @sequence";
    public const string AddRecord = "INSERT INTO records (rotation_id, sequence) VALUES (@id, @sequence)";

    // Credentials

    private const string CredentialColumns = """
        SELECT id, secret, rotation_number, state, provider_credential_id, account, label, fingerprint, store, store_name, store_version,
               created_at, revoked_at, note, expires_at, disabled_at, discarded_at, lease
        FROM credentials
        """;

    public const string GetCredential = CredentialColumns + " WHERE id = @id";
    public const string ListCredentials = CredentialColumns + " WHERE secret = @secret ORDER BY id";
    public const string ListLiveCredentials =
        CredentialColumns + " WHERE secret = @secret AND state NOT IN ('revoked', 'handed-over') ORDER BY id";
    public const string ListFingerprints = """
        SELECT c.secret, s.salt, c.id, c.fingerprint FROM credentials c JOIN secrets s ON s.name = c.secret
        WHERE c.fingerprint IS NOT NULL ORDER BY c.secret, c.id
        """;

    /// <summary>With the words of its index.</summary>
    public const string ListLeased =
        "SELECT DISTINCT secret FROM credentials WHERE lease IS NOT NULL AND state <> 'revoked' ORDER BY secret";
    public const string ListOrphans = CredentialColumns + " WHERE state = 'orphan' ORDER BY secret, id";
    public const string OpenMint = CredentialColumns + " WHERE rotation_id = @rotation AND state = 'minting' ORDER BY id DESC LIMIT 1";
    public const string OpenMints = CredentialColumns + " WHERE rotation_id = @rotation AND state = 'minting' ORDER BY id DESC";
    public const string NewCredential = CredentialColumns
        + " WHERE rotation_id = @rotation AND state NOT IN ('revoked', 'orphan', 'handed-over')"
        + " ORDER BY state = 'minting', id DESC LIMIT 1";
    public const string CountMints = "SELECT COUNT(*) FROM credentials WHERE rotation_id = @rotation AND label IS NOT NULL";
    public const string OtherActive = CredentialColumns + " WHERE secret = @secret AND state = 'active' AND id <> @id ORDER BY id";
    public const string AddCode = """
        INSERT INTO codes (hash, kind, rotation_id, person, created_by, created_at, expires_at, step_id, plan_hash, role)
        VALUES (@hash, @kind, @rotation, @person, @by, @at, @expires, @step, @plan, @role)
        """;
    public const string GetCode = """
        SELECT hash, kind, rotation_id, person, created_by, created_at, expires_at, used_at, step_id, plan_hash, role
        FROM codes WHERE hash = @hash
        """;

    /// <summary>Whoever comes second changes nothing.</summary>
    public const string UseCode = "UPDATE codes SET used_at = @at WHERE hash = @hash AND used_at IS NULL";

    /// <summary>Who takes an approval back does not mean that a link of theirs gives it again.</summary>
    public const string EndCodes =
        "UPDATE codes SET used_at = @at WHERE rotation_id = @id AND kind = 'decide' AND person = @person AND used_at IS NULL";

    /// <summary>Those of one maker, so that only the newest of them lives.</summary>
    public const string EndCodesOf = """
        UPDATE codes SET used_at = @at
        WHERE rotation_id = @id AND kind = @kind AND person = @person AND created_by = @by AND used_at IS NULL
        """;

    // Pauses

    public const string AddPause = """
        INSERT INTO pauses (scope, name, until, reason, paused_by, paused_at) VALUES (@scope, @name, @until, @reason, @by, @at)
        """;
    public const string EndPause = "UPDATE pauses SET ended_at = @at WHERE scope = @scope AND name = @name AND ended_at IS NULL";
    public const string ListPauses =
        "SELECT scope, name, until, reason, paused_by, paused_at FROM pauses WHERE ended_at IS NULL AND until > @now ORDER BY id";
    public const string MovePauses = "UPDATE pauses SET name = @to WHERE scope = 'secret' AND name = @name AND ended_at IS NULL";

    // Reviews

    public const string OpenReview = "INSERT INTO reviews (rotation_id, opened_at) VALUES (@id, @at)";
    public const string GetReview = "SELECT rotation_id, opened_at, closed_at FROM reviews WHERE rotation_id = @id";
    public const string ListReviews = """
        SELECT rotation_id, opened_at, closed_at FROM reviews WHERE closed_at IS NULL OR @all = 1 ORDER BY opened_at, rotation_id
        """;
    public const string ListReviewers =
        "SELECT person, actor, comment, at FROM reviewers WHERE rotation_id = @id ORDER BY at, person";
    public const string AddReviewer =
        "INSERT INTO reviewers (rotation_id, person, actor, comment, at) VALUES (@id, @person, @actor, @comment, @at)";
    public const string CloseReview = "UPDATE reviews SET closed_at = @at WHERE rotation_id = @id";

    // Decisions

    public const string PlanOf = "SELECT plan FROM rotations WHERE id = @id";

    /// <summary>What was decided before an approval ran out of time does not count for the next time it is asked for.</summary>
    public const string Round = "SELECT COUNT(*) FROM audit WHERE rotation_id = @id AND action = 'approval.timed-out'";
    public const string ListDecisions = """
        SELECT rotation_id, number, step_id, round, person, actor, verdict, plan_hash, comment, at, withdrawn_at
        FROM decisions WHERE rotation_id = @id ORDER BY number
        """;
    public const string ListDecided = """
        SELECT r.id FROM rotations r WHERE r.ended_at IS NULL AND r.secret > '' AND r.state = 'waiting-for-approval'
            AND EXISTS (SELECT 1 FROM decisions d WHERE d.rotation_id = r.id AND d.withdrawn_at IS NULL)
        """;
    public const string AddDecision = """
        INSERT INTO decisions (rotation_id, number, step_id, round, person, actor, verdict, plan_hash, comment, at)
        VALUES (@id, @number, @step, @round, @person, @actor, @verdict, @plan, @comment, @at)
        """;
    public const string WithdrawDecision = "UPDATE decisions SET withdrawn_at = @at WHERE rotation_id = @id AND number = @number";
    public const string AddCredential = """
        INSERT INTO credentials (secret, rotation_id, rotation_number, state, provider_credential_id, account, label, fingerprint, store,
            store_name, store_version, created_at, note)
        VALUES (@secret, @rotation, @number, @state, @providerId, @account, @label, @fingerprint, @store, @storeName, @storeVersion, @at,
            @note)
        RETURNING id
        """;

    public const string SetIssued = """
        UPDATE credentials SET provider_credential_id = @providerId, account = COALESCE(@account, account),
               expires_at = COALESCE(@expires, expires_at)
        WHERE id = @id
        """;
    public const string SetMinted = """
        UPDATE credentials SET state = 'pending', provider_credential_id = COALESCE(@providerId, provider_credential_id), account =
            COALESCE(@account, account),
               fingerprint = @fingerprint, store = @store, store_name = @storeName, store_version = @storeVersion
        WHERE id = @id
        """;

    public const string SetCredentialState = "UPDATE credentials SET state = @state WHERE id = @id";
    public const string SetExpiry = "UPDATE credentials SET expires_at = @expires WHERE id = @id";
    public const string SetDiscarded = "UPDATE credentials SET discarded_at = @at WHERE id = @id AND discarded_at IS NULL";
    public const string SetLease = "UPDATE credentials SET expires_at = @expires, last_end = @last, lease = @lease WHERE id = @id";
    public const string SetDisabled = "UPDATE credentials SET disabled_at = @at WHERE id = @id";
    public const string SetSettled = "UPDATE credentials SET state = @state, revoked_at = @revokedAt, note = @note WHERE id = @id";
    public const string OrphanLike = """
        SELECT id FROM credentials WHERE rotation_id = @rotation AND state = 'orphan'
            AND COALESCE(provider_credential_id, '') = COALESCE(@providerId, '') AND COALESCE(account, '') = COALESCE(@account, '') AND
                COALESCE(label, '') = COALESCE(@label, '')
        """;

    // Captures

    public const string GetCapture =
        "SELECT rotation_id, target, store, store_name, store_version, from_store FROM captures WHERE rotation_id = @rotation AND target = "
            + "@target";
    public const string ListCaptures =
        "SELECT rotation_id, target, store, store_name, store_version, from_store FROM captures WHERE rotation_id = @rotation ORDER BY "
            + "target";
    public const string HasDelivered = """
        SELECT 1 FROM captures c JOIN rotations r ON r.id = c.rotation_id
        WHERE r.secret = @secret AND c.target = @target AND r.promoted_at IS NOT NULL AND r.number < @number LIMIT 1
        """;
    public const string AddCapture =
        "INSERT INTO captures (rotation_id, target, store, store_name, store_version, from_store) VALUES (@rotation, @target, @store, "
            + "@storeName, @storeVersion, @fromStore)";

    // Audit

    private const string AuditColumns =
        "SELECT seq, at, actor, action, secret, rotation_id, step_id, detail, previous_hash, hash FROM audit";

    public const string AuditHead = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    public const string NewestAudit = AuditColumns + " ORDER BY seq DESC LIMIT 1";
    public const string AddAudit = """
        INSERT INTO audit (seq, at, actor, action, secret, rotation_id, step_id, detail, previous_hash, hash)
        VALUES (@seq, @at, @actor, @action, @secret, @rotation, @step, @detail, @previous, @hash)
        """;

    public const string LastAudit = "SELECT MAX(seq) FROM audit";

    /// <summary>Newest first.</summary>
    public static string ReadAuditBefore(AuditFilter filter) =>
        $"{AuditColumns} WHERE seq < @before{(filter.RotationId is null ? "" : " AND rotation_id = @rotation")}"
        + $"{(filter.Secret is null ? "" : " AND secret = @secret")} ORDER BY seq DESC LIMIT @limit";

    public const string ReadAudit = AuditColumns
        + " WHERE seq > @after AND (@secret IS NULL OR secret = @secret) AND (@rotation IS NULL OR rotation_id = @rotation) ORDER BY seq "
        + "LIMIT @limit";
    public const string ReadAuditOfRotation = AuditColumns
        + " WHERE rotation_id = @rotation AND seq > @after AND (@secret IS NULL OR secret = @secret) ORDER BY seq LIMIT @limit";
    /// <summary>Of a notice, with the words of its index; <c>@key</c> is how its detail begins.</summary>
    public static string LastNotice(bool ofSecret) =>
        $"{AuditColumns} WHERE secret {(ofSecret ? "= @secret" : "IS NULL")} AND action = @action"
        + " AND action >= 'notice.' AND action < 'notice/'"
        + " AND substr(detail, 1, length(@key)) = @key ORDER BY seq DESC LIMIT 1";

    public const string ReadAuditOfSecret = AuditColumns + " WHERE secret = @secret AND seq > @after ORDER BY seq LIMIT @limit";
    public const string AuditOfAction = AuditColumns + " WHERE seq > @after AND action = @action ORDER BY seq";
    public const string StepAuditBackwards =
        AuditColumns + " WHERE rotation_id = @rotation AND step_id = @step AND action LIKE 'step.%' ORDER BY seq DESC LIMIT @limit";

    // Moving

    public const string OpenRotations = RotationColumns + " WHERE r.ended_at IS NULL ORDER BY r.id";
    public const string LiveStores =
        "SELECT DISTINCT store FROM credentials WHERE store IS NOT NULL AND state NOT IN ('revoked', 'handed-over') ORDER BY "
            + "store";
    /// <summary>Each time that a head took the ledger over, and each time that it moved, the newest first.</summary>
    public const string Moves =
        "SELECT action, detail FROM audit WHERE secret IS NULL"
        + " AND action IN ('ledger.claimed', 'ledger.imported') ORDER BY seq DESC";
    public const string CountAll = "SELECT (SELECT COUNT(*) FROM secrets) + (SELECT COUNT(*) FROM audit)";

    public const string Gate = "SELECT key, value FROM meta WHERE key IN ('moved', 'schema_version')";
    public const string GetMeta = "SELECT value FROM meta WHERE key = @key";
    public const string SetMeta =
        "INSERT INTO meta (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
}
