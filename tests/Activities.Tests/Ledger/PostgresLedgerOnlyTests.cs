using Azure.Core;
using Npgsql;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Ledger.Postgres;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.Time;

namespace Rotunda.Activities.Tests.Ledger;

/// <summary>What only a server has: several writers, connections that break, logins with rights, versions that others upgrade.</summary>
[Collection(LedgerPostgresGroup.Name)]
public sealed class PostgresLedgerOnlyTests(PostgresFixture fixture) : IAsyncLifetime
{
    private readonly LedgerDatabase _database = new(fixture);
    private readonly ManualTimeProvider _time = new();
    private readonly CrashPoints _crashes = new();
    private PostgresLedger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        await _database.MakeAsync();
        _ledger = _database.Open(_time, _crashes);
    }

    public async ValueTask DisposeAsync()
    {
        _ledger.Dispose();
        await _database.RemoveAsync();
    }

    [Fact]
    public async Task Writers_at_once_keep_the_chain_whole()
    {
        const int writers = 8;
        const int each = 25;
        using var other = _database.Open(_time, _crashes);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                await (writer % 2 == 0 ? _ledger : other).AuditAsync(
                    new AuditEntry($"w{writer}", "test.row", null, null, null, $"{i}"),
                    default);
            }
        })));

        var verified = await _ledger.VerifyAuditAsync(default);
        Assert.True(verified.Intact, verified.Problem);
        Assert.Equal(writers * each, verified.Rows);
    }

    [Fact]
    public async Task Of_many_that_start_at_once_only_one_does()
    {
        await AdoptAsync();
        for (var number = 1; number <= 10; number++)
        {
            var plan = Plans.Plan("app", number);
            var results =
                await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _ledger.TryStartAsync(plan, null, false, default))));
            Assert.Single(results, result => result.Kind == StartKind.Started);
            Assert.All(results, result => Assert.True(result.Kind is StartKind.Started or StartKind.Conflict, $"{result.Kind}"));
            await _ledger.RecordStateAsync(
                new RecordInput(plan.RotationId, number, 1, RotationState.Succeeded, "rotation.succeeded", "rotunda", null, null),
                default);
        }
    }

    [Fact]
    public async Task Nothing_of_a_rotation_comes_after_the_one_that_took_over()
    {
        await AdoptAsync();
        await _ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default);
        var input = Plans.Input(Plans.Plan("app", 1), Plans.Step("Apply"));
        var workers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                await _ledger.BeginStepAsync(input, default);
            }
        })).ToList();
        await _ledger.TryStartAsync(Plans.Plan("app", 2), null, supersede: true, default);
        foreach (var worker in workers)
        {
            await Assert.ThrowsAsync<FencedException>(() => worker);
        }

        var rows = await _ledger.ReadAuditAsync(new AuditFilter(Secret: "app"), default);
        var takeover = rows.Single(row => row.Action == AuditActions.RotationTakenOver).Sequence;
        Assert.DoesNotContain(rows, row => row.Sequence > takeover && row.Action == AuditActions.StepIntent);
        Assert.True((await _ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task A_session_killed_before_its_commit_leaves_nothing_and_the_repeat_succeeds()
    {
        await AdoptAsync();
        _crashes.Handler = point =>
        {
            if (point == "ledger.commit.before")
            {
                _crashes.Handler = null;
                fixture.Cluster.ExecuteAsync(
                    $"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '{_database.Role}' AND state = 'idle "
                        + "in transaction'")
                    .GetAwaiter()
                    .GetResult();
            }
        };
        var error =
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.TryStartAsync(Plans.Plan("app", 1), "key", false, default));
        Assert.Contains("work goes on by itself", error.Message);
        Assert.Empty(await _ledger.ListRotationsAsync(new RotationFilter(), default));
        Assert.Equal(StartKind.Started, (await _ledger.TryStartAsync(Plans.Plan("app", 1), "key", false, default)).Kind);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_can_be_repeated()
    {
        await using var wire = new CutCommitProxy(fixture.Cluster.Port);
        using var ledger = Open(builder => builder.Port = wire.Port);
        await AdoptAsync();
        await _ledger.TryStartAsync(Plans.Plan("app", 1), null, false, default);
        var record = new RecordInput("app-1", 1, 1, RotationState.Grace, "grace.started", "rotunda", null, null);

        wire.Armed = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.RecordStateAsync(record, default));
        await ledger.RecordStateAsync(record, default);
        wire.Armed = true;
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.BeginMintAsync("app-1", null, default));
        var minting = await ledger.BeginMintAsync("app-1", null, default);

        Assert.Equal(2, wire.Cut);
        Assert.StartsWith("rotunda-app-1-", minting.Label);
        Assert.Single(await ledger.ListCredentialsAsync("app", default));
        Assert.Single(await ledger.ReadAuditAsync(new AuditFilter(RotationId: "app-1"), default), row => row.Action == "grace.started");
        Assert.True((await ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task A_server_that_is_away_is_told_and_comes_back()
    {
        await AdoptAsync();
        await fixture.Cluster.StopAsync();
        try
        {
            // The first finds its session ended by the server, the next none to talk to.
            await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.CheckAsync(default));
            Assert.Contains(
                "cannot be reached",
                (await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.CheckAsync(default))).Message);
        }
        finally
        {
            await fixture.Cluster.LaunchAsync();
        }

        // The pool may still hold sessions of the server that has gone: each attempt ends one of them.
        for (var attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                await _ledger.CheckAsync(default);
                return;
            }
            catch (LedgerUnavailableException) when (attempt < 4)
            {
            }
        }
    }

    [Fact]
    public async Task A_pooler_that_lends_sessions_to_transactions_is_no_hindrance()
    {
        await using var pooler = await PgBouncerServer.StartAsync(
            fixture.Cluster,
            $"\"{_database.Role}\" \"{LedgerDatabase.Password}\"\n",
            new PgBouncerOptions(More: "default_pool_size = 2"));
        using var ledger = Open(builder => (builder.Port, builder.NoResetOnClose) = (pooler.Port, true));
        await ledger.CheckAsync(default);
        await AdoptAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 20)
                .Select(i => Task.Run(() => ledger.AuditAsync(new AuditEntry("a", "test.row", null, null, null, $"{i}"), default))));
        Assert.NotNull(await ledger.GetSnapshotAsync("app", default));
        Assert.True((await ledger.VerifyAuditAsync(default)).Intact);
    }

    [Fact]
    public async Task A_wrong_password_and_a_missing_database_say_what_to_do()
    {
        await RefusedAsync(builder => builder.Password = "wrong", "Check the user and the password");
        await RefusedAsync(builder => builder.Database = "nowhere", "no such database");
        await RefusedAsync(builder => builder.SearchPath = "nowhere", "ledger migrate");
        await RefusedAsync(builder => builder.SslMode = SslMode.VerifyFull, "gives no TLS");
    }

    [Theory]
    [InlineData("0", "ledger migrate")]
    [InlineData("99", "newer release")]
    public async Task A_schema_of_another_version_is_refused(string version, string says)
    {
        await AdoptAsync();
        await OwnerAsync($"UPDATE meta SET value = '{version}' WHERE key = 'schema_version'");
        Assert.Contains(says, (await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.CheckAsync(default))).Message);
        Assert.Contains(
            says,
            (await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.AuditAsync(
                new AuditEntry("a", "b", null, null, null, null),
                default))).Message);
    }

    [Fact]
    public async Task A_newer_schema_is_not_migrated_back()
    {
        await OwnerAsync("UPDATE meta SET value = '99' WHERE key = 'schema_version'");
        Assert.Contains("newer release", (await Assert.ThrowsAsync<LedgerUnavailableException>(_database.MigrateAsync)).Message);
    }

    [Fact]
    public async Task Migrating_can_be_repeated_and_done_by_several_at_once()
    {
        await AdoptAsync();
        await OwnerAsync($"DROP SCHEMA {_database.Schema} CASCADE");
        var migrations = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_database.MigrateAsync)));
        const int Here = LedgerSchema.Version;
        Assert.Equal([0, Here, Here, Here], migrations.Select(m => m.From).Order());
        await AdoptAsync();
        Assert.Equal(Here, (await _database.MigrateAsync()).From);
        Assert.NotNull(await _ledger.GetSecretAsync("app", default));
        await _ledger.CheckAsync(default);
    }

    [Fact]
    public async Task The_head_may_add_and_read_and_nothing_else()
    {
        await AdoptAsync();
        await using var head = new NpgsqlConnection(_database.Head.ConnectionString);
        await head.OpenAsync();
        foreach (var sql in new[]
        {
            "UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit", "DELETE FROM secrets", "DELETE FROM credentials",
            "DROP TABLE meta", "ALTER TABLE audit DISABLE TRIGGER USER", "CREATE TABLE more (x int)",
        })
        {
            await using var command = new NpgsqlCommand(sql, head);
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                (await Assert.ThrowsAsync<PostgresException>(command.ExecuteNonQueryAsync)).SqlState);
        }

        // Even the owner is refused by the trigger.
        Assert.Contains("append-only", (await Assert.ThrowsAsync<PostgresException>(() => OwnerAsync("TRUNCATE audit"))).Message);
    }

    [Fact]
    public async Task A_missing_right_is_found_at_the_start()
    {
        await OwnerAsync($"REVOKE INSERT ON captures FROM {_database.Role}");
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.CheckAsync(default));
        Assert.Contains("INSERT on captures", error.Message);
        Assert.Contains($"--grant {_database.Role}", error.Message);
        await _database.MigrateAsync();
        await _ledger.CheckAsync(default);
    }

    [Fact]
    public async Task A_read_only_server_is_told()
    {
        await OwnerAsync($"ALTER ROLE {_database.Role} SET default_transaction_read_only = on");
        using var ledger = _database.Open(_time, _crashes);
        Assert.Contains("read-only", (await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.CheckAsync(default))).Message);
    }

    [Fact]
    public async Task A_token_is_the_password_and_is_fetched_anew_before_it_ends()
    {
        var credential = new FakeCredential(_time, "app-password");
        using var ledger = Open(
            builder => (builder.Password, builder.Pooling) = (null, false),
            credential);
        await ledger.CheckAsync(default);
        await ledger.CheckAsync(default);
        Assert.Equal(1, credential.Asked);
        _time.Advance(TimeSpan.FromMinutes(54));
        await ledger.CheckAsync(default);
        Assert.Equal(1, credential.Asked);
        _time.Advance(TimeSpan.FromMinutes(2));
        await ledger.CheckAsync(default);
        Assert.Equal(2, credential.Asked);

        credential.Password = "expired";
        _time.Advance(TimeSpan.FromHours(1));
        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.CheckAsync(default));
        Assert.Contains("refuses the token", refused.Message);
        Assert.DoesNotContain("expired", refused.Message);

        credential.Password = null;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Contains(
            "no Microsoft Entra token",
            (await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.CheckAsync(default))).Message);
    }

    [Theory]
    [InlineData("Host=db.example.com;Username=u;Password=p", SslMode.VerifyFull, false, "rotunda")]
    [InlineData("Host=db.example.com;Username=u;SSL Mode=Require", SslMode.Require, true, "rotunda")]
    [InlineData("Host=127.0.0.1;Username=u;Search Path=mine", SslMode.Prefer, true, "mine")]
    [InlineData("postgresql://u:p@localhost/books", SslMode.Prefer, false, "rotunda")]
    public void Tls_is_verified_unless_the_host_is_this_machine_or_the_string_says_otherwise(
        string text,
        SslMode mode,
        bool byToken,
        string schema)
    {
        var connection = PostgresLedgerConnection.Read(new PostgresLedgerOptions { ConnectionString = text });
        Assert.Equal((mode, byToken, schema), (connection.SslMode, connection.ByToken, connection.Schema));
    }

    [Theory]
    [InlineData("nonsense canary")]
    [InlineData("Host=h")]
    [InlineData("Host=h;Username=u;Search Path=a,b")]
    public void A_string_that_cannot_be_used_is_refused_without_repeating_it(string text)
    {
        var error = Assert.Throws<LedgerUnavailableException>(() => new PostgresLedger(
            new PostgresLedgerOptions { ConnectionString = text },
            _time,
            _crashes));
        Assert.DoesNotContain("canary", error.Message);
    }

    private async Task RefusedAsync(Action<NpgsqlConnectionStringBuilder> change, string says)
    {
        using var ledger = Open(change);
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.CheckAsync(default));
        Assert.Contains(says, error.Message);
        Assert.DoesNotContain("wrong", error.Message);
    }

    private PostgresLedger Open(Action<NpgsqlConnectionStringBuilder> change, TokenCredential? credential = null) => new(
        new PostgresLedgerOptions
        {
            ConnectionString = _database.With(builder => { _database.AsHead(builder); change(builder); }),
            Credential = credential,
        }, _time, _crashes);

    private Task<(SecretRecord Secret, bool IsNew)> AdoptAsync() => _ledger.AdoptAsync(new AdoptSecret("app", "anna", null), default);

    private async Task OwnerAsync(string sql)
    {
        await using var raw = await _database.OpenRawAsync();
        await new LedgerSession(raw).RunAsync(sql);
    }

    /// <summary>Hands out the server's password as a token of one hour.</summary>
    private sealed class FakeCredential(TimeProvider time, string password) : TokenCredential
    {
        /// <summary>Null: there is no identity.</summary>
        public string? Password { get; set; } = password;

        public int Asked { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://ossrdbms-aad.database.windows.net/.default"], requestContext.Scopes);
            Asked++;
            return new AccessToken(
                Password ?? throw new Azure.Identity.CredentialUnavailableException("there is no identity here"),
                time.GetUtcNow().AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
