using System.Collections.Concurrent;
using Npgsql;
using Rotunda.Issuers.Tests.Tables;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorTables;

namespace Rotunda.Issuers.Tests;

/// <summary>Roles at Neon: whose password is reset, and that nobody who uses the other one is refused.</summary>
public sealed class NeonRoleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, false)]
    public async Task A_reset_is_waited_for_and_what_its_answer_leaves_out_is_read(int looks, bool shows)
    {
        await using var environment = await Bench.StartAsync(nameof(NeonOneRoleTable));
        var table = (NeonRoleTable)environment.Table;
        (table.Works, table.ResetShows) = ((looks, "finished"), shows);
        var old = environment.InUse!;

        var issued = await IssueAsync(environment, null);

        using var value = issued.Value!;
        Assert.Equal(environment.InUse, value.RevealText());
        Assert.Equal(looks, environment.Vendor.Requests.Count(request => request.Contains("/operations/", StringComparison.Ordinal)));
        Assert.Equal(Validity.Valid, await TryAsync(environment, issued.Credential!, value.RevealText()));
        Assert.Equal(Validity.Invalid, await TryAsync(environment, issued.Credential!, old));
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task A_reset_that_Neon_did_not_bring_about_is_not_believed()
    {
        await using var environment = await Bench.StartAsync(nameof(NeonOneRoleTable));
        ((NeonRoleTable)environment.Table).Works = (2, "failed");

        var issued = await IssueAsync(environment, null);

        Assert.Equal(StepOutcomeKind.Unknown, issued.Outcome.Kind);
        Assert.Contains("apply_config", issued.Outcome.Reason);
    }

    [Fact]
    public async Task Of_two_roles_the_one_that_the_value_in_use_logs_in_as_is_left_alone_whatever_its_name_says()
    {
        await using var environment = await Bench.StartAsync(nameof(NeonTwoRolesTable));
        var table = (NeonTwoRolesTable)environment.Table;

        // Somebody changed them by hand: the ledger says b, and the value is of a.
        var issued = await IssueAsync(environment, table.RoleB);

        Assert.Equal(table.RoleB, issued.Credential!.Account);
        issued.Value!.Dispose();
    }

    [Fact]
    public async Task Where_nothing_tells_which_role_is_in_use_nothing_is_reset()
    {
        await using var environment = await Bench.StartAsync(nameof(NeonTwoRolesTable));

        var issued = await environment.Provider.Can<IIssueCredentials>()!.IssueAsync(
            environment.Call(), new IssueRequest("rotunda-1", null), default);

        Assert.Equal(StepOutcomeKind.Rejected, issued.Outcome.Kind);
        Assert.DoesNotContain(environment.Vendor.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_who_logs_in_with_the_published_value_is_refused_in_ten_turns()
    {
        await using var environment = await Bench.StartAsync(nameof(NeonTwoRolesTable));
        var table = (NeonTwoRolesTable)environment.Table;
        // One reference: role and password are read together.
        var published = Tuple.Create(table.InUse, environment.InUse!);
        using var stop = new CancellationTokenSource();
        ConcurrentQueue<string> refused = new();
        var logins = new int[3];
        var clients = Enumerable.Range(0, logins.Length).Select(client => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var (role, password) = published;
                if (await LogInAsync(environment, role, password) is { } problem)
                {
                    refused.Enqueue(problem);
                }

                Interlocked.Increment(ref logins[client]);
            }
        })).ToList();

        for (var turn = 0; turn < 10; turn++)
        {
            var (role, old) = published;
            var issued = await IssueAsync(environment, role, old);
            Assert.True(issued.Outcome.Succeeded, issued.Outcome.Reason);
            Assert.NotEqual(role, issued.Credential!.Account);
            using var value = issued.Value!;
            published = Tuple.Create(issued.Credential.Account!, value.RevealText());
            // Whoever read the old value has begun a login with it; the grace period is for them.
            var seen = (int[])logins.Clone();
            Assert.True(
                SpinWait.SpinUntil(() => seen.Index().All(one => Volatile.Read(ref logins[one.Index]) > one.Item + 1), Patience),
                $"A client is stuck: {string.Join(' ', logins)}. {string.Join(' ', refused)}");
            using var ended = SecretValue.FromText(old);
            var outcome = await environment.Provider.Can<IRevokeByValue>()!.RevokeAsync(
                environment.Call(), new(role, role, null), ended, default);
            Assert.Equal(StepOutcomeKind.Done, outcome.Kind);
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(refused.IsEmpty, string.Join('\n', refused.Take(5)));
        Assert.True(logins.Sum() > 20, $"{logins.Sum()} logins");
    }

    /// <summary>What a refusal says; null if it worked. A connection that a reset drops is made anew, as clients do.</summary>
    private static async Task<string?> LogInAsync(TableEnvironment environment, string role, string password)
    {
        var login = new NpgsqlConnectionStringBuilder
        {
            Host = (string)environment.Settings["host"]!,
            Port = (int)environment.Settings["port"]!,
            Database = "postgres",
            Username = role,
            Password = password,
            Pooling = false,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(login.ConnectionString);
                await connection.OpenAsync();
                return null;
            }
            catch (PostgresException refusal) when (refusal.SqlState == PostgresErrorCodes.InvalidPassword)
            {
                return refusal.Message;
            }
            catch (NpgsqlException)
            {
                // Dropped while it was made.
            }
        }
    }

    private static Task<IssueResult> IssueAsync(TableEnvironment environment, string? previous, string? inUse = null)
    {
        var text = inUse ?? environment.InUse!;
        var request = new IssueRequest("rotunda-1", previous is null ? null : new(previous, previous, null))
        {
            InUse = () => Task.FromResult<SecretValue?>(SecretValue.FromText(text)),
        };
        return environment.Provider.Can<IIssueCredentials>()!.IssueAsync(environment.Call(), request, default);
    }

    private static async Task<Validity> TryAsync(TableEnvironment environment, CredentialHandle credential, string text)
    {
        using var value = SecretValue.FromText(text);
        return (await environment.Provider.Can<IVerifyCredentials>()!.VerifyAsync(environment.Call(), credential, value, default)).Validity;
    }
}
