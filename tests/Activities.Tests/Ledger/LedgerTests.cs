using System.Data.Common;
using System.Text.Json;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What a ledger does, on either database.</summary>
public abstract partial class LedgerTests : IAsyncLifetime
{
    protected ManualTimeProvider Time { get; } = new();

    protected CrashPoints Crashes { get; } = new();

    protected ILedger Ledger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await MakeAsync();
        Ledger = Open();
        Assert.Empty(await Ledger.ListSecretsAsync(default));
    }

    public async ValueTask DisposeAsync()
    {
        await RosterCheck.HoldsAsync(Ledger);
        ((IDisposable)Ledger).Dispose();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task MakeAsync();

    protected abstract Task RemoveAsync();

    protected abstract ILedger Open();

    /// <summary>A session of one who may do anything to the tables.</summary>
    private protected abstract Task<DbConnection> OpenRawAsync();

    /// <summary>Takes away what keeps the audit from being changed.</summary>
    private protected abstract Task UnguardAuditAsync(LedgerSession raw);

    [Fact]
    public async Task What_is_believed_of_the_clock_is_kept_and_its_jumps_are_added_up()
    {
        Assert.Equal(new ClockRecord(null, null), await Ledger.ReadClockAsync(default));
        Assert.Null(await Ledger.NewestEntryAsync(default));
        var doubt = new ClockRecord(Time.GetUtcNow(), new ClockDoubt(Time.GetUtcNow(), "it jumped", 10800.5), 2);
        var entry = new AuditEntry("rotunda", AuditActions.ClockDoubted, null, null, null, "it jumped");

        await Ledger.WriteClockAsync(doubt, TimeSpan.FromSeconds(10800.5), entry, default);
        await Ledger.WriteClockAsync(doubt, TimeSpan.FromSeconds(-800), null, default);

        Assert.Equal(doubt, await Ledger.ReadClockAsync(default));
        Assert.Equal(TimeSpan.FromSeconds(10000.5), await Ledger.JumpedSinceAsync(0, default));
        Assert.Equal(TimeSpan.FromSeconds(-800), await Ledger.JumpedSinceAsync(2, default));
        Assert.Equal(Time.GetUtcNow(), await Ledger.NewestEntryAsync(default));
        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    /// <summary>Of a server's database the server's; a file has none but this machine's.</summary>
    [Fact]
    public async Task The_database_tells_its_own_time() => Assert.Equal(
        Ledger is SqliteLedger,
        (await Ledger.DatabaseTimeAsync(default)) is not { } there || (DateTimeOffset.UtcNow - there).Duration() > TimeSpan.FromMinutes(5));

    [Fact]
    public async Task A_person_corrects_what_was_believed_but_not_during_a_rotation()
    {
        var told = new AdoptSecret("app", "anna", new AdoptedCredential("b", "b", "new", null, null));
        Assert.False(await Ledger.CorrectAsync(told, "unknown yet", default));
        await Ledger.AdoptAsync(new AdoptSecret("app", "catalog", new AdoptedCredential("a", "a", "old", null, "salt")), default);
        Assert.True(await Ledger.CorrectAsync(told, "it was b", default));
        Assert.True(await Ledger.CorrectAsync(told with { Current = told.Current! with { Fingerprint = "newer" } }, "again", default));

        var all = await Ledger.ListCredentialsAsync("app", default);
        Assert.Equal(
            [("old", CredentialState.Orphan), ("new", CredentialState.Revoked), ("newer", CredentialState.Active)],
            all.Select(c => (c.Fingerprint, c.State)));
        Assert.Equal("salt", (await Ledger.GetSecretAsync("app", default))!.Salt);
        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);

        await Ledger.TryStartAsync(Plans.Plan("app", 1), null, supersede: false, default);
        Assert.False(await Ledger.CorrectAsync(told, "too late", default));
        Assert.Equal(3, (await Ledger.ListCredentialsAsync("app", default)).Count);
    }

    [Fact]
    public async Task Ends_and_disabling_are_on_record_and_told_once()
    {
        var end = new DateTimeOffset(2027, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var adopted = new AdoptedCredential("key-1", null, "abc", null, "salt") { ExpiresAt = end };
        await Ledger.AdoptAsync(new AdoptSecret("app", "anna", adopted), default);
        var one = Assert.Single(await Ledger.ListCredentialsAsync("app", default));
        Assert.Equal((end, end), (one.ExpiresAt, (await Ledger.GetSecretAsync("app", default))!.EndsAt));
        await Ledger.RecordExpiryAsync(one.Id, end.ToUniversalTime(), default);
        await Ledger.RecordExpiryAsync(one.Id, end.AddDays(1), default);

        await Ledger.TryStartAsync(Plans.Plan("app", 1), null, supersede: false, default);
        await Ledger.RecordDisabledAsync("app-1", one.Id, disabled: true, default);
        await Ledger.RecordDisabledAsync("app-1", one.Id, disabled: true, default);
        Assert.Equal(Time.GetUtcNow(), (await Ledger.ListCredentialsAsync("app", default))[0].DisabledAt);
        await Ledger.RecordDisabledAsync("app-1", one.Id, disabled: false, default);

        one = (await Ledger.ListCredentialsAsync("app", default))[0];
        Assert.Equal((null, end.AddDays(1)), (one.DisabledAt, one.ExpiresAt));
        Assert.Equal(
            [AuditActions.CredentialExpiry, AuditActions.CredentialDisabled, AuditActions.CredentialEnabled],
            (await Ledger.ReadAuditAsync(new AuditFilter(Secret: "app"), default)).Select(row => row.Action)
                .Where(action => action.StartsWith("credential.", StringComparison.Ordinal)));
        await EndAsync("app-1", RotationState.RolledBack);
        await Assert.ThrowsAsync<FencedException>(() => Ledger.RecordDisabledAsync("app-1", one.Id, disabled: true, default));
    }

    [Fact]
    public async Task What_is_found_is_an_orphan_until_a_person_settles_it()
    {
        await AdoptAsync();
        var handle = new CredentialHandleNote("key-9", null, "rotunda-app-9-salt");
        Assert.True(await Ledger.RecordFoundAsync("app", handle, Time.GetUtcNow().AddDays(1), "found", default));
        Assert.False(await Ledger.RecordFoundAsync("app", handle, null, "found", default));
        Assert.False(await Ledger.RecordFoundAsync("nobody", handle, null, "found", default));
        var orphan = Assert.Single(await Ledger.ListOrphansAsync(default));
        Assert.Equal(("key-9", Time.GetUtcNow().AddDays(1)), (orphan.ProviderCredentialId, orphan.ExpiresAt));

        Assert.True(await Ledger.SettleOrphanAsync(orphan.Id, CredentialState.Revoked, "anna", "nobody uses it", default));
        Assert.False(await Ledger.SettleOrphanAsync(orphan.Id, CredentialState.Revoked, "anna", "again", default));
        Assert.Empty(await Ledger.ListOrphansAsync(default));
        Assert.False(await Ledger.RecordFoundAsync("app", handle, null, "found", default));
        await StartAsync(1);
        Assert.False(await Ledger.RecordFoundAsync("app", handle with { ProviderCredentialId = "key-10" }, null, "found", default));
        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task Adopting_twice_changes_nothing()
    {
        var current = new AdoptedCredential("key-1", null, "abc", null, "salt");
        var (first, isNew) = await Ledger.AdoptAsync(new AdoptSecret("app", "anna", current), default);
        var (second, again) = await Ledger.AdoptAsync(new AdoptSecret("app", "bert", null), default);

        Assert.True(isNew);
        Assert.False(again);
        Assert.Equal(first, second);
        Assert.Equal("salt", first.Salt);
        var credential = Assert.Single((await Ledger.GetSnapshotAsync("app", default))!.Credentials);
        Assert.Equal(CredentialState.Active, credential.State);
        Assert.Equal("key-1", credential.ProviderCredentialId);
    }

    [Fact]
    public async Task A_start_key_gives_back_the_rotation_it_started()
    {
        await AdoptAsync();
        var first = await Ledger.TryStartAsync(Plans.Plan("app", 1), "schedule:1", false, default);
        var again = await Ledger.TryStartAsync(Plans.Plan("app", 2), "schedule:1", false, default);
        var other = await Ledger.TryStartAsync(Plans.Plan("app", 2), "schedule:2", false, default);
        await EndAsync("app-1", RotationState.Succeeded);
        var stale = await Ledger.TryStartAsync(Plans.Plan("app", 1), "schedule:2", false, default);

        Assert.Equal(new StartResult(StartKind.Started, "app-1", null), first);
        Assert.Equal(new StartResult(StartKind.Existing, "app-1", null), again);
        Assert.Equal(new StartResult(StartKind.Conflict, "app-1", null), other);
        Assert.Equal(StartKind.StalePlan, stale.Kind);
    }

    [Fact]
    public async Task Of_two_that_start_at_once_only_one_does()
    {
        await AdoptAsync();
        using var second = (IDisposable)Open();
        var other = (ILedger)second;
        for (var number = 1; number <= 20; number++)
        {
            var plan = Plans.Plan("app", number);
            var results = await Task.WhenAll(
                Task.Run(() => Ledger.TryStartAsync(plan, null, false, default)),
                Task.Run(() => other.TryStartAsync(plan, null, false, default)));
            Assert.Equal([StartKind.Started, StartKind.Conflict], results.Select(r => r.Kind).Order());
            await EndAsync(plan.RotationId, RotationState.Succeeded);
        }
    }

    [Fact]
    public async Task Of_a_group_no_more_start_at_once_than_may_be()
    {
        string[] names = ["app", "shop", "mail"];
        foreach (var name in names)
        {
            await Ledger.AdoptAsync(new AdoptSecret(name, "ada", null), default);
        }

        using var second = (IDisposable)Open();
        var other = (ILedger)second;
        for (var number = 1; number <= 10; number++)
        {
            var results = await Task.WhenAll(names.Select((name, index) => Task.Run(() => (index == 1 ? other : Ledger).TryStartAsync(
                Plans.Plan(name, number), null, false, new GroupLimit(new RotationGroup("g", 2, []),
                    [.. names.Where(one => one != name)]), default))));
            Assert.Equal([StartKind.Started, StartKind.Started, StartKind.GroupFull], results.Select(result => result.Kind).Order());
            var full = results.Single(result => result.Kind == StartKind.GroupFull);
            Assert.Contains(results, result => result.Kind == StartKind.Started && result.RotationId == full.RotationId);

            // One that is told no limit (an emergency) goes ahead.
            var late = names[Array.IndexOf(results, full)];
            Assert.Equal(StartKind.Started, (await Ledger.TryStartAsync(Plans.Plan(late, number), null, false, default)).Kind);
            foreach (var name in names)
            {
                await EndAsync($"{name}-{number}", RotationState.Succeeded);
            }
        }
    }

    [Fact]
    public async Task A_superseded_rotation_is_fenced_off_and_keeps_its_state()
    {
        await StartAsync(1);
        var minted = await Ledger.BeginMintAsync("app-1", null, default);
        var result = await Ledger.TryStartAsync(Plans.Plan("app", 2), null, true, default);

        Assert.Equal(new StartResult(StartKind.Started, "app-2", "app-1"), result);
        var input = Plans.Input(Plans.Plan("app", 1), Plans.Step("Apply"));
        await Assert.ThrowsAsync<FencedException>(() => Ledger.BeginStepAsync(input, default));
        await Assert.ThrowsAsync<FencedException>(() => Ledger.BeginMintAsync("app-1", null, default));
        await Assert.ThrowsAsync<FencedException>(() => Ledger.PromoteAsync("app-1", default));
        await Assert.ThrowsAsync<FencedException>(() => Ledger.BeginRevokeAsync("app-1", [minted.Id], default));
        // What has happened already is still recorded.
        await Ledger.EndStepAsync(input, StepOutcome.Done(), default);
        await Ledger.RecordMintedAsync(minted.Id, "id", null, "fp", new SecretRef("embedded", "app", "1"), default);
        await EndAsync("app-1", RotationState.RolledBack);
        Assert.Equal(RotationState.Superseded, (await Ledger.GetRotationAsync("app-1", default))!.State);
        Assert.Equal(0, (await Ledger.GetSecretAsync("app", default))!.FailuresInARow);
    }

    [Fact]
    public async Task Promotion_and_its_way_back_can_be_repeated()
    {
        await Ledger.AdoptAsync(new AdoptSecret("app", "anna", new AdoptedCredential("old", null, null, null, null)), default);
        await Ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default);
        var minting = await Ledger.BeginMintAsync("app-1", null, default);
        Assert.Equal(minting, await Ledger.BeginMintAsync("app-1", null, default));
        Assert.Equal($"rotunda-app-1-{(await Ledger.GetSecretAsync("app", default))!.Salt[..6]}", minting.Label);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.PromoteAsync("app-1", default));
        await Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "app", "1"), default);

        await Ledger.PromoteAsync("app-1", default);
        await Ledger.PromoteAsync("app-1", default);
        Assert.Equal([CredentialState.Previous, CredentialState.Active], await StatesAsync());
        Assert.NotNull((await Ledger.GetSecretAsync("app", default))!.LastRotatedAt);
        await Ledger.UnpromoteAsync("app-1", default);
        await Ledger.UnpromoteAsync("app-1", default);
        Assert.Equal([CredentialState.Active, CredentialState.Pending], await StatesAsync());
        Assert.Null((await Ledger.GetSecretAsync("app", default))!.LastRotatedAt);

        await Ledger.PromoteAsync("app-1", default);
        var old = (await Ledger.GetOldCredentialAsync("app-1", default))!;
        await Ledger.BeginRevokeAsync("app-1", [old.Id], default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.UnpromoteAsync("app-1", default));
        await Ledger.RecordRevokedAsync("app-1", old.Id, "gone", default);
        Assert.Equal([CredentialState.Revoked, CredentialState.Active], await StatesAsync());
    }

    [Fact]
    public async Task A_second_value_of_one_rotation_has_a_label_of_its_own()
    {
        await StartAsync(1);
        var first = await Ledger.BeginMintAsync("app-1", null, default);
        await Ledger.RecordRevokedAsync("app-1", first.Id, "refused", default);
        Assert.Equal($"{first.Label}-g2", (await Ledger.BeginMintAsync("app-1", null, default)).Label);
    }

    [Fact]
    public async Task A_state_is_recorded_once_for_each_sequence_number()
    {
        await StartAsync(1);
        var record = new RecordInput("app-1", 1, 1, RotationState.Grace, "grace.started", "rotunda", "why", Time.GetUtcNow().AddHours(1));
        await Ledger.RecordStateAsync(record, default);
        await Ledger.RecordStateAsync(record with { State = RotationState.Stuck }, default);

        var rotation = (await Ledger.GetRotationAsync("app-1", default))!;
        Assert.Equal(RotationState.Grace, rotation.State);
        Assert.Equal(record.Until, rotation.Until);
        Assert.Single(await Ledger.ReadAuditAsync(new AuditFilter(RotationId: "app-1"), default), row => row.Action == "grace.started");
    }

    [Fact]
    public async Task What_a_person_cancelled_is_no_failure_and_says_when_it_is_due_again()
    {
        await StartAsync(1);
        var again = Time.GetUtcNow().AddDays(2);
        await Ledger.RecordStateAsync(
            new RecordInput("app-1", 1, 9, RotationState.Cancelled, "rotation.cancelled", "anna", "not now", again), default);
        var secret = (await Ledger.GetSecretAsync("app", default))!;
        Assert.Equal((0, (DateTimeOffset?)null, (DateTimeOffset?)again), (secret.FailuresInARow, secret.LastFailedAt, secret.DueAgainAt));

        // Nobody answered in time: that is one.
        await Ledger.TryStartAsync(Plans.Plan("app", 2), null, false, default);
        await EndAsync("app-2", RotationState.Cancelled);
        Assert.Equal(1, (await Ledger.GetSecretAsync("app", default))!.FailuresInARow);
    }

    [Fact]
    public async Task Failures_in_a_row_are_counted_since_the_last_success()
    {
        await AdoptAsync();
        RotationState[] ends = [RotationState.Cancelled, RotationState.Succeeded, RotationState.RolledBack, RotationState.Rejected];
        for (var number = 1; number <= ends.Length; number++)
        {
            Time.Advance(TimeSpan.FromHours(1));
            await Ledger.TryStartAsync(Plans.Plan("app", number), null, false, default);
            await EndAsync($"app-{number}", ends[number - 1]);
        }

        var secret = (await Ledger.GetSecretAsync("app", default))!;
        // A person's no is no failure.
        Assert.Equal(1, secret.FailuresInARow);
        Assert.Equal(Time.GetUtcNow() - TimeSpan.FromHours(1), secret.LastFailedAt);
        Assert.Null(secret.DueAgainAt);
        Assert.Equal(
            ["app-4", "app-3"],
            (await Ledger.ListRotationsAsync(
                new RotationFilter("app", [RotationState.RolledBack, RotationState.Rejected]),
                default)).Select(r => r.Id));
        Assert.Empty(await Ledger.ListRotationsAsync(new RotationFilter(OpenOnly: true), default));
    }

    /// <summary>Else a schedule by cron would find the moment due again that it has just rotated for, and start nothing more for it.
    /// </summary>
    [Fact]
    public async Task A_rotation_is_not_older_than_its_start_where_the_clock_was_set_back_meanwhile()
    {
        await StartAsync(1);
        var started = Time.GetUtcNow();
        Time.Jump(started.AddMinutes(-5));
        var minting = await Ledger.BeginMintAsync("app-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "app", "1"), default);
        await Ledger.PromoteAsync("app-1", default);

        Assert.Equal(started, (await Ledger.GetSecretAsync("app", default))!.LastRotatedAt);
    }

    [Fact]
    public async Task The_last_success_is_that_of_a_rotation_that_is_over()
    {
        await StartAsync(1);
        var minting = await Ledger.BeginMintAsync("app-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "app", "1"), default);
        await Ledger.PromoteAsync("app-1", default);
        var promoted = Time.GetUtcNow();
        Assert.Null((await Ledger.GetSecretAsync("app", default))!.SucceededAt);
        Time.Advance(TimeSpan.FromDays(1));
        await EndAsync("app-1", RotationState.Succeeded);

        var secret = (await Ledger.GetSecretAsync("app", default))!;
        Assert.Equal((promoted, promoted.AddDays(1)), (secret.SucceededFrom!.Value, secret.SucceededAt!.Value));
    }

    [Fact]
    public async Task Secrets_that_another_process_changes_are_listed_as_they_are()
    {
        using var other = (SqlLedger)Open();
        await AdoptAsync();
        Assert.Equal(["app"], (await Ledger.ListSecretsAsync(default)).Select(secret => secret.Name));

        await other.AdoptAsync(new AdoptSecret("another", "anna", null), default);
        await other.SetIntervalsAsync([new SecretInterval("app", TimeSpan.FromDays(7), null)], default);

        var listed = await Ledger.ListSecretsAsync(default);
        Assert.Equal(["another", "app"], listed.Select(secret => secret.Name));
        Assert.Equal(TimeSpan.FromDays(7), listed[1].Interval);
        Assert.Same(listed[1], (await Ledger.ListSecretsAsync(default))[1]);
    }

    [Fact]
    public async Task All_open_rotations_are_read_however_many_there_are()
    {
        var names = Enumerable.Range(0, 2_005).Select(number => $"s{number:D5}").ToList();
        await using (var raw = await OpenRawAsync())
        {
            var session = new LedgerSession(raw);
            foreach (var some in names.Chunk(401))
            {
                await session.RunAsync("INSERT INTO secrets (name, salt, last_number, adopted_at) VALUES "
                    + string.Join(", ", some.Select(name => $"('{name}', 'salt', 1, '2026-01-01T00:00:00.0000000Z')")));
                await session.RunAsync(
                    "INSERT INTO rotations (id, secret, number, state, trigger_kind, reason, requested_by, plan, created_at) VALUES "
                    + string.Join(", ", some.Select(name =>
                        $"('{name}-1', '{name}', 1, 'running', 'manual', 'why', 'anna', @plan, '2026-01-01T00:00:00.0000000Z')")),
                    ("@plan", JsonSerializer.Serialize(Plans.Plan("s00000", 1), RotationJson.Default.RotationPlan)));
            }
        }

        Assert.Equal(names, await Ledger.ListOpenAsync(default).Select(rotation => rotation.Secret).ToListAsync(default));
        Assert.Equal(names, (await Ledger.ListSecretsAsync(default)).Select(secret => secret.Name));
    }

    [Fact]
    public async Task A_notice_is_found_by_how_it_begins()
    {
        await AdoptAsync();
        foreach (var detail in new[] { "one: first", "two: other", "one: again" })
        {
            await Ledger.AuditAsync(new AuditEntry(AuditActions.System, "notice.overdue", "app", null, null, detail), default);
        }

        Assert.Equal("one: again", (await Ledger.LastNoticeAsync("app", "notice.overdue", "one: ", default))!.Detail);
        Assert.Null(await Ledger.LastNoticeAsync("app", "notice.overdue", "three: ", default));
        Assert.Null(await Ledger.LastNoticeAsync("app", "notice.stuck", "one: ", default));
        Assert.Null(await Ledger.LastNoticeAsync(null, "notice.overdue", "", default));
    }

    [Fact]
    public async Task The_log_view_tells_what_was_rotated_when_and_what_is_next()
    {
        await StartAsync(1);
        await Ledger.SetIntervalsAsync([new SecretInterval("app", TimeSpan.FromDays(30), null)], default);
        var minting = await Ledger.BeginMintAsync("app-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "app", "1"), default);
        await Ledger.PromoteAsync("app-1", default);
        await EndAsync("app-1", RotationState.Succeeded);

        await using var raw = await OpenRawAsync();
        var row = Assert.Single(await new LedgerSession(raw).ListAsync(
            "SELECT secret_name, rotated_at, rotated_by, next_rotation, status FROM secret_rotation_log",
            r => (r.GetString(0), r.GetString(1)[..19], r.GetString(2), r.GetString(3), r.GetString(4))));
        Assert.Equal(("app", "2026-01-01T00:00:00", "tester", "2026-01-31T00:00:00Z", "succeeded"), row);
    }

    [Theory]
    [InlineData(30, null, 90, "2026-01-31T00:00:00Z")]
    [InlineData(30, null, 20, "2026-01-14T00:00:00Z")]
    [InlineData(30, 2, 20, "2026-01-19T00:00:00Z")]
    [InlineData(30, 15, 20, "2026-01-11T00:00:00Z")]
    [InlineData(null, null, 20, "2026-01-14T00:00:00Z")]
    [InlineData(null, null, null, null)]
    public async Task The_log_view_knows_that_what_ends_by_itself_is_renewed_before(int? interval, int? before, int? ends, string? expected)
    {
        await StartAsync(1);
        await Ledger.SetIntervalsAsync([new SecretInterval("app", Days(interval), Days(before))], default);
        var minting = await Ledger.BeginMintAsync("app-1", null, default);
        await Ledger.RecordMintedAsync(minting.Id, "new", null, "fp", new SecretRef("embedded", "app", "1"), default);
        await Ledger.PromoteAsync("app-1", default);
        await Ledger.RecordExpiryAsync(minting.Id, Time.GetUtcNow() + Days(ends), default);

        await using var raw = await OpenRawAsync();
        var next = Assert.Single(await new LedgerSession(raw).ListAsync(
            "SELECT COALESCE(next_rotation, '') FROM secret_rotation_log", row => row.GetString(0)));
        Assert.Equal(expected ?? "", next);

        static TimeSpan? Days(int? days) => days is { } count ? TimeSpan.FromDays(count) : null;
    }

    [Fact]
    public async Task An_attempt_has_an_intent_an_end_and_a_duration()
    {
        await StartAsync(1);
        var input = Plans.Input(Plans.Plan("app", 1), Plans.Step("Deliver", target: "env"), attempt: 2);
        await Ledger.BeginStepAsync(input, default);
        Time.Advance(TimeSpan.FromSeconds(3));
        await Ledger.EndStepAsync(input, StepOutcome.RetryLater("busy", TimeSpan.FromSeconds(9)), default);

        var rows = (await Ledger.ReadAuditAsync(new AuditFilter(RotationId: "app-1"), default)).Where(r => r.StepId == "deliver").ToList();
        Assert.Equal([AuditActions.StepIntent, AuditActions.StepRetryLater], rows.Select(r => r.Action));
        var end = StepDetail.Of(rows[1])!;
        Assert.Equal(3000, end.DurationMs);
        Assert.Equal(("Deliver", "env", 2, "busy"), (end.Kind, end.Target, end.Attempt, end.Reason));
        Assert.Equal(end.Reason, Assert.Single(await Ledger.ListOutcomesAsync("app-1", "deliver", 5, default)).Reason);
    }

    [Fact]
    public async Task An_orphan_without_a_row_is_listed_once()
    {
        await StartAsync(1);
        for (var i = 0; i < 2; i++)
        {
            await Ledger.RecordOrphanAsync("app-1", null, new CredentialHandleNote("k", null, "label"), "by hand", default);
        }

        Assert.Equal(CredentialState.Orphan, Assert.Single(await Ledger.ListCredentialsAsync("app", default)).State);
    }

    [Theory]
    [InlineData("at", "'2020-01-01T00:00:00.0000000Z'")]
    [InlineData("actor", "'mallory'")]
    [InlineData("action", "'step.done'")]
    [InlineData("secret", "'other'")]
    [InlineData("rotation_id", "NULL")]
    [InlineData("step_id", "''")]
    [InlineData("detail", "NULL")]
    [InlineData("previous_hash", "'00'")]
    [InlineData("hash", "'00'")]
    [InlineData("seq", "seq + 1000")]
    public async Task Tampering_with_any_column_of_any_row_is_found(string column, string value)
    {
        await StartAsync(1);
        var input = Plans.Input(Plans.Plan("app", 1), Plans.Step("Deliver"));
        await Ledger.BeginStepAsync(input, default);
        await Ledger.EndStepAsync(input, StepOutcome.Done(), default);
        var whole = await Ledger.VerifyAuditAsync(default);
        Assert.True(whole.Intact);

        await using var connection = await OpenRawAsync();
        var raw = new LedgerSession(connection);
        await UnguardAuditAsync(raw);
        await raw.RunAsync("CREATE TABLE saved AS SELECT * FROM audit");
        for (var row = 1L; row <= whole.Rows; row++)
        {
            var changed = await raw.RunAsync(
                $"UPDATE audit SET {column} = {value} WHERE seq = @row AND {column} IS DISTINCT FROM {value}",
                ("@row", row)) == 1;
            Assert.Equal(!changed, (await Ledger.VerifyAuditAsync(default)).Intact);
            await raw.RunAsync("DELETE FROM audit");
            await raw.RunAsync("INSERT INTO audit SELECT * FROM saved");
        }

        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit)")]
    [InlineData("DELETE FROM audit WHERE seq = 1")]
    [InlineData("DELETE FROM audit WHERE seq = 2")]
    public async Task A_missing_row_is_found(string sql)
    {
        await StartAsync(1);
        await EndAsync("app-1", RotationState.Cancelled);
        await using var connection = await OpenRawAsync();
        var raw = new LedgerSession(connection);
        await Assert.ThrowsAnyAsync<DbException>(() => raw.RunAsync(sql));
        await Assert.ThrowsAnyAsync<DbException>(() => raw.RunAsync("UPDATE audit SET actor = 'x'"));
        await UnguardAuditAsync(raw);
        await raw.RunAsync(sql);

        var found = await Ledger.VerifyAuditAsync(default);
        Assert.False(found.Intact);
        Assert.NotNull(found.BrokenAt);
    }

    [Fact]
    public async Task A_crash_before_a_commit_leaves_nothing_and_after_it_leaves_all()
    {
        await AdoptAsync();
        foreach (var (point, expected) in new[] { ("ledger.commit.before", 0), ("ledger.commit.after", 1) })
        {
            Crashes.Handler = hit => Crash(hit == point, hit);
            await Assert.ThrowsAsync<SimulatedCrashException>(() => Ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default));
            Crashes.Handler = null;
            ((IDisposable)Ledger).Dispose();
            Ledger = Open();
            Assert.Equal(expected, (await Ledger.ListRotationsAsync(new RotationFilter(), default)).Count);
            Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_done_in_whatever_order_the_chain_holds_and_one_rotation_moves(int seed)
    {
        var random = new Random(seed);
        await AdoptAsync();
        var (next, known) = (1, new List<long>());
        for (var i = 0; i < 300; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(random.Next(100)));
            var rotation = $"app-{Math.Max(1, next - random.Next(1, 3))}";
            var crash = random.Next(10) == 0;
            Crashes.Handler = hit => Crash(crash && hit.EndsWith(random.Next(2) == 0 ? "before" : "after", StringComparison.Ordinal), hit);
            try
            {
                await (random.Next(8) switch
                {
                    0 =>
                        Ledger.TryStartAsync(
                            Plans.Plan("app", (await Ledger.GetSecretAsync("app", default))!.LastNumber + 1),
                            null,
                            random.Next(3) == 0,
                            default),
                    1 =>
                        Ledger.RecordStateAsync(
                            new RecordInput(
                                rotation,
                                1,
                                random.Next(50),
                                random.Next(2) == 0 ? RotationState.Grace : RotationState.RolledBack,
                                "x",
                                "y",
                                null,
                                null),
                            default),
                    2 => MintAsync(rotation, known),
                    3 => Ledger.PromoteAsync(rotation, default),
                    4 => Ledger.UnpromoteAsync(rotation, default),
                    5 when known.Count > 0 => Ledger.BeginRevokeAsync(rotation, [known[random.Next(known.Count)]], default),
                    6 when known.Count > 0 => Ledger.RecordRevokedAsync(rotation, known[random.Next(known.Count)], "x", default),
                    _ => Ledger.AuditAsync(new AuditEntry("a", "b", null, null, null, null), default),
                });
            }
            catch (Exception e) when (e is SimulatedCrashException or FencedException or InvalidOperationException)
            {
                // Refused or cut off: it left everything or nothing.
            }

            Crashes.Handler = null;
            next = (await Ledger.GetSecretAsync("app", default))!.LastNumber + 1;
            Assert.True((await Ledger.ListRotationsAsync(new RotationFilter("app", OpenOnly: true), default)).Count <= 1);
            Assert.True((await Ledger.ListCredentialsAsync("app", default)).Count(c => c.State == CredentialState.Active) <= 1);
        }

        Assert.True((await Ledger.VerifyAuditAsync(default)).Intact);
    }

    private static void Crash(bool now, string point)
    {
        if (now)
        {
            throw new SimulatedCrashException(point);
        }
    }

    private async Task MintAsync(string rotation, List<long> known)
    {
        var minting = await Ledger.BeginMintAsync(rotation, null, default);
        known.Add(minting.Id);
        await Ledger.RecordMintedAsync(minting.Id, "id", null, "fp", new SecretRef("embedded", "app", $"{minting.Id}"), default);
    }

    protected Task<(SecretRecord Secret, bool IsNew)> AdoptAsync() => Ledger.AdoptAsync(new AdoptSecret("app", "anna", null), default);

    protected async Task StartAsync(int number)
    {
        await AdoptAsync();
        await Ledger.TryStartAsync(Plans.Plan("app", number), null, false, default);
    }

    protected Task EndAsync(string rotation, RotationState state) =>
        Ledger.RecordStateAsync(new RecordInput(rotation, 0, 1000, state, RotationActionsOf(state), "rotunda", null, null), default);

    private static string RotationActionsOf(RotationState state) => $"rotation.{state}";

    private async Task<IEnumerable<CredentialState>> StatesAsync() =>
        (await Ledger.ListCredentialsAsync("app", default)).Select(c => c.State);
}
