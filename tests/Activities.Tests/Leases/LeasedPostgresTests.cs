using System.Text.Json.Nodes;
using Npgsql;
using Rotunda.Activities.Tests.Providers;
using Rotunda.Activities.Tests.Providers.VaultDatabase;
using Rotunda.Providers.Databases.VaultDatabase;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Leases;

/// <summary>The runbook "Vault dynamic": a real PostgreSQL behind a strict fake Vault that makes and drops real roles, and clients that log
/// in by what stands in the environment file, all the time.</summary>
[Collection(PostgresTestGroup.Name)]
public sealed class LeasedPostgresTests(PostgresFixture fixture) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private FakeVendor _vendor = null!;
    private VaultDatabaseFake _vault = null!;
    private LeaseRig _rig = null!;
    private int _logins;

    private string EnvFile => _folder.File("shop.env");

    public async ValueTask InitializeAsync() => _vendor = await FakeVendor.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _rig.Dispose();
        await _vendor.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Hours_of_leases_pass_without_a_failed_login_through_a_sealed_hour_restarts_and_a_lost_answer()
    {
        Begin("vault-database", Strategy.Leased, () => new VaultLeaseProvider());
        _vault.MaxTtl = 4 * 3600;
        await _rig.AdoptAsync();
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromMinutes(30));
        Assert.True(File.Exists(EnvFile), string.Join('\n', _rig.Ended));
        _rig.After = LogIn;

        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 2).Select(_ => Task.Run(() => ClientAsync(stop.Token))).ToList();
        await _rig.RunForAsync(TimeSpan.FromHours(3));
        var loses = true;
        _rig.Crashes.Handler = point =>
        {
            if (loses && point == "outside.before:Issue")
            {
                // The role, our token, and then the lease itself.
                loses = false;
                _vendor.FailAt(2, new FakeFault(FakeFaultKind.LoseReply));
            }
        };
        await _rig.RunForAsync(TimeSpan.FromHours(3));
        Assert.False(loses);

        // Over a renewal, and not over the end that is twenty minutes behind it.
        var active = (await _rig.Ledger.GetSnapshotAsync("app", default))!.Active!;
        await _rig.RunUntilAsync(LeaseCourse.NextAt(active)!.Value.AddMinutes(-2));
        _vault.Sealed = true;
        await _rig.RunForAsync(TimeSpan.FromMinutes(14));
        _vault.Sealed = false;
        _rig.Restart();
        await _rig.RunForAsync(TimeSpan.FromHours(4));
        await stop.CancelAsync();
        Assert.Empty((await Task.WhenAll(clients)).SelectMany(failed => failed));
        _vendor.AssertClean();

        Assert.True(_logins > 100, $"{_logins} logins");
        Assert.True(_rig.Ended.Count >= 4, string.Join('\n', _rig.Ended));
        Assert.All(_rig.Ended, end => Assert.Equal(RotationState.Succeeded, end.State));
        // One user lives (in a grace, two), and the one whose answer was lost has ended by itself, and is closed.
        Assert.InRange(_vault.Leases.Count, 1, 2);
        Assert.Equal(_vault.Leases.Count, await RolesAsync());
        var all = await _rig.Ledger.ListCredentialsAsync("app", default);
        Assert.Single(all, one => one.Note?.Contains("ended by itself", StringComparison.Ordinal) == true);
        Assert.DoesNotContain(all, one => one.State == CredentialState.Orphan);
        Assert.Contains("lease.failing", await _rig.ActionsAsync());
    }

    [Fact]
    public async Task A_Vault_that_is_sealed_past_the_end_is_waited_for_and_the_next_lease_is_in_place_at_once()
    {
        Begin("vault-database", Strategy.Leased, () => new VaultLeaseProvider());
        await _rig.AdoptAsync();
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromHours(1));
        var before = _rig.Ended.Count;
        _vault.Sealed = true;
        await _rig.RunForAsync(TimeSpan.FromHours(3));
        Assert.Equal(before, _rig.Ended.Count);
        var decision = await _rig.DecideAsync();
        Assert.Equal("held", decision.Reason);
        Assert.Contains("The lease in use has ended", decision.Message);
        Assert.Contains("lease.ended", await _rig.ActionsAsync());

        _vault.Sealed = false;
        _vault.Tick();
        Assert.Equal(0, await RolesAsync());
        await _rig.RunForAsync(TimeSpan.FromMinutes(5));
        LogIn();
        var plan = _rig.Plans[^1];
        Assert.Contains(plan.Warnings, warning => warning.Contains("has ended already", StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Steps, step => step.Kind == "Grace");
    }

    [Fact]
    public async Task A_lease_that_somebody_revokes_is_found_at_its_renewal_and_replaced()
    {
        Begin("vault-database", Strategy.Leased, () => new VaultLeaseProvider());
        await _rig.AdoptAsync();
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromHours(1));
        _vault.End(Assert.Single(_vault.Leases).Value);
        await _rig.RunForAsync(TimeSpan.FromHours(1));
        LogIn();
        Assert.Contains("lease.ended", await _rig.ActionsAsync());
    }

    [Fact]
    public async Task A_lease_that_is_never_renewed_is_replaced_before_its_end()
    {
        Begin("vault-database", Strategy.Leased, () => new VaultLeaseProvider());
        _vault.Renewable = false;
        await _rig.AdoptAsync();
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromMinutes(20));
        _rig.After = LogIn;
        await _rig.RunForAsync(TimeSpan.FromHours(3));
        Assert.InRange(_rig.Ended.Count, 5, 12);
        // In its grace the old one lives beside the new one.
        Assert.InRange(await RolesAsync(), 1, 2);
    }

    [Fact]
    public async Task A_static_role_is_rotated_in_time_and_what_Vault_set_by_itself_is_delivered()
    {
        Begin("vault-static-role", Strategy.Overlap, () => new VaultStaticProvider());
        await _rig.AdoptAsync();
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromHours(1));
        LogIn();
        var ours = _vault.StaticRotations;
        await _rig.RunForAsync(TimeSpan.FromDays(2));
        Assert.True(_vault.StaticRotations > ours + 2, $"{_vault.StaticRotations} rotations");
        Assert.Equal(_rig.Ended.Count, _vault.StaticRotations);

        LogIn();
        _vault.RotateStatic();
        var theirs = _vault.StaticRotations;
        await _rig.RotateAsync();
        await _rig.RunForAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(theirs, _vault.StaticRotations);
        LogIn();
        Assert.Contains(_rig.Plans[^1].Warnings, warning => warning.Contains("rotates this role by itself", StringComparison.Ordinal));
    }

    private void Begin(string type, Strategy strategy, Func<Rotunda.Providers.Contract.IProvider> provider)
    {
        var settings = new JsonObject
        {
            ["address"] = _vendor.Address,
            ["databaseRole"] = "orders",
            ["token"] = "env:VAULT_TOKEN",
            ["verifyHost"] = fixture.Cluster.Host,
            ["verifyPort"] = fixture.Cluster.Port,
            ["sslMode"] = "disable",
        };
        var target = new JsonObject
        {
            ["path"] = EnvFile, ["keys"] = new JsonObject { ["DB_USER"] = "{username}", ["DB_PASSWORD"] = "{value}" },
        };
        _rig = new LeaseRig(
            new Policy
            {
                Name = "app", Strategy = strategy, Provider = new(type, settings), Grace = TimeSpan.FromMinutes(10),
                Interval = strategy == Strategy.Leased ? null : TimeSpan.FromHours(10),
                Targets = [new TargetBinding("env", new ProviderBinding("dotenv", target), 0, TimeSpan.FromMinutes(5))],
            },
            name => name == "VAULT_TOKEN" ? VaultDatabaseFake.Token : null,
            provider);
        _vault = new VaultDatabaseFake(_vendor, fixture.Cluster, () => _rig.Now.AddMinutes(-11), fixture.NewName("leased"));
    }

    private Task<long> RolesAsync() => fixture.Cluster.ScalarAsync<long>(
        $"SELECT count(*) FROM pg_roles WHERE rolname LIKE '{_vault.StaticUser.Replace("_static", "")}\\_%' "
            + $"AND rolname <> '{_vault.StaticUser}'");

    /// <summary>With what stands there now; Vault's clockwork has run before.</summary>
    private void LogIn()
    {
        _vault.Tick();
        using var connection = new NpgsqlConnection(Login(File.ReadAllText(EnvFile)));
        connection.Open();
        _logins++;
    }

    /// <summary>Logs in without pause. A failure counts where what it logged in with still stands in the file: days pass here in moments,
    /// so a client may well be slower than a grace period.</summary>
    private async Task<List<string>> ClientAsync(CancellationToken stop)
    {
        var failed = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            var text = await File.ReadAllTextAsync(EnvFile, CancellationToken.None);
            try
            {
                await using var connection = new NpgsqlConnection(Login(text));
                await connection.OpenAsync(CancellationToken.None);
            }
            catch (NpgsqlException problem) when (problem is PostgresException { SqlState: not "57P01" })
            {
                if (await File.ReadAllTextAsync(EnvFile, CancellationToken.None) == text)
                {
                    failed.Add($"{_rig.Now:u}: {problem.Message}");
                }
            }
            catch (NpgsqlException)
            {
                // Its user was dropped while it was logging in, and its session ended with it.
            }
        }

        return failed;
    }

    private string Login(string file)
    {
        var lines = file.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1].Trim().Trim('"', '\''), StringComparer.Ordinal);
        return new NpgsqlConnectionStringBuilder(fixture.Cluster.AdminConnectionString)
        {
            Username = lines["DB_USER"], Password = lines["DB_PASSWORD"], Database = "postgres", Pooling = false,
        }.ConnectionString;
    }
}
