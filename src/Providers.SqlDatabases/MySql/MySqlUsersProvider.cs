using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>Two users in turn: what is done to one is done to each of its accounts.</summary>
internal sealed class MySqlUsersProvider
    : IProvider, IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, IValidateSetup, ITellAccounts
{
    public ProviderDescriptor Descriptor => MySqlUsersDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        MySqlWork.CheckAsync(call, two: true, cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => !MySqlHashes.Takes(value, out var whyNot)
        ? Task.FromResult(StepOutcome.NewValueNeeded(whyNot))
        : MySqlWork.RunAsync(
            call,
            two: true,
            async work =>
            {
                var user = work.Setup.AccountOf(credential);
                var accounts = await work.HoldAsync(user, all: true, cancellationToken);
                foreach (var account in accounts)
                {
                    work.Progress.Sending = $"the password of {account} was being set";
                    await work.Session.RunAsync(MySqlStatements.Open(work.Server, account, value), cancellationToken);
                    work.Progress.Happened = $"The password of {account} is set, but not at all hosts.";
                }

                return StepOutcome.Done(
                    ("account", user),
                    ("accounts set", accounts.Count > 1 ? Text(accounts.Count) : null),
                    ("the server was told", work.Server.IsToldPasswords ? "the password" : "its hash"));
            },
            cancellationToken);

    public Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken) => MySqlWork.VerifyAsync(call, two: true, credential, value, cancellationToken);

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        MySqlWork.RunAsync(
            call,
            two: true,
            async work =>
            {
                var user = work.Setup.AccountOf(credential);
                var accounts = await work.HoldAsync(user, all: false, cancellationToken);
                if (accounts.Count == 0)
                {
                    return StepOutcome.AlreadyDone(("account", user), ("revoked", "the user is gone"));
                }

                work.Progress.Ends = true;
                var locked = 0;
                foreach (var account in accounts.Where(account => !account.IsLocked))
                {
                    work.Progress.Sending = $"{account} was being locked";
                    await LockAsync(work, account, cancellationToken);
                    locked++;
                    work.Progress.Happened = $"{account} is locked, but not at all hosts, or its sessions could not be looked after.";
                }

                // Also when it was locked before: a first try may have come this far and no further.
                var ended = work.Setup.EndSessions ? await work.EndSessionsAsync(user, cancellationToken) : 0;
                var open = !work.Setup.EndSessions && work.Server.Rights.Has("PROCESS")
                    ? (await work.Session.SessionsAsync(user, cancellationToken)).Count : (int?)null;
                (string, string?)[] facts =
                [
                    ("account", user),
                    ("sessions ended", work.Setup.EndSessions ? Text(ended) : null),
                    ("sessions still open", open is { } left ? Text(left) : null),
                ];
                return locked == 0 && ended == 0 ? StepOutcome.AlreadyDone(facts) : StepOutcome.Done(facts);
            },
            cancellationToken);

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        var report = new UseReport(Use.CannotTell, "The server cannot be asked.");
        var outcome = await MySqlWork.RunAsync(
            call,
            two: true,
            async work =>
            {
                var user = work.Setup.AccountOf(credential);
                if (!work.Server.Rights.Has("PROCESS"))
                {
                    return StepOutcome.Rejected(
                        $"{work.Server.Me} sees its own sessions alone. Run: {MySqlAdvisedSql.LetSeeSessions(work.Server.Me)}");
                }

                var sessions = await work.Session.SessionsAsync(user, cancellationToken);
                var places = sessions.Select(s => s.From).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
                report = sessions.Count == 0
                    ? work.Setup.Places.Count > 0 || work.Server.IsOn("wsrep_on")
                        ? new(
                            Use.CannotTell,
                            $"No open session of {user} at {work.Setup.Address}, which does not tell of those at other servers "
                                + "('verifyAt', other nodes). Leave out 'evidence', or ask there.")
                        : new(Use.NotUsed, $"No open session of {user}.")
                    : new(
                        Use.InUse,
                        $"{Text(sessions.Count)} open session(s) of {user}, from {string.Join(", ", places)}.",
                        call.Time.GetUtcNow());
                return StepOutcome.Done();
            },
            cancellationToken);
        return outcome.Succeeded ? report : report with { Use = Use.CannotTell, Detail = outcome.Reason ?? report.Detail };
    }

    public async Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken)
    {
        var report = new AccountReport(AccountState.CannotTell);
        await MySqlWork.RunAsync(
            call,
            two: true,
            async work =>
            {
                var open = (await work.Session.AccountsAsync(work.Server, work.Setup.AccountOf(account), cancellationToken))
                    .Where(one => !one.IsLocked && work.Setup.Hosts.Contains(one.Host, StringComparer.OrdinalIgnoreCase)).ToList();
                report = open.Count == 0
                    ? new(AccountState.Locked)
                    : new(AccountState.Open, string.Join(' ', open.Select(MySqlAdvisedSql.Lock)));
                return StepOutcome.Done();
            },
            cancellationToken);
        return report;
    }

    private static async Task LockAsync(MySqlWork work, MySqlAccount account, CancellationToken cancellationToken)
    {
        try
        {
            await work.Session.RunAsync(MySqlStatements.Lock(work.Server, account), cancellationToken);
        }
        catch (MySqlPolicyException)
        {
            // No policy takes a password that nobody knows: the lock alone ends the old one as well, until somebody takes it away.
            await work.Session.RunAsync(MySqlStatements.LockOnly(account), cancellationToken);
        }
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
