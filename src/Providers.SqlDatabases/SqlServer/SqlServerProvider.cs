using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.SqlClient;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

internal sealed class SqlServerProvider
    : IProvider, IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, IValidateSetup, ITellAccounts
{
    public ProviderDescriptor Descriptor => SqlServerDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        SqlServerWork.RunAsync(call, async (work, _) =>
        {
            var home = work.Setup.Replicas.Count > 0 ? await work.HomeAsync(cancellationToken) : work.Sessions[0];
            return await SqlServerValidation.RunAsync(work.Setup, home, work.Sessions, cancellationToken);
        }, cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => !Takes(value)
        ? Task.FromResult(StepOutcome.NewValueNeeded(
            $"A password of SQL Server has 1 to {SqlServerSetup.Longest} characters and no control characters. Make another one."))
        : SqlServerWork.RunAsync(call, async (work, progress) =>
        {
            var account = work.Setup.AccountOf(credential);
            var logins = await work.LoginsAsync(account, cancellationToken);
            for (var i = 0; i < work.Sessions.Count; i++)
            {
                await ApplyAsync(call, work, i, account, logins[i], value, progress, cancellationToken);
            }

            return StepOutcome.Done(
                ("account", account),
                ("instances set", work.Sessions.Count > 1 ? Text(work.Sessions.Count) : null));
        }, cancellationToken);

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        try
        {
            var setup = SqlServerSetup.Read(call.Settings);
            return Takes(value)
                ? await SqlServerLogin.TryAllAsync(setup, setup.AccountOf(credential), value, cancellationToken)
                : new(Validity.Invalid, "it is empty, too long or has control characters, and so is no password");
        }
        catch (Exception exception) when (SqlServerFailures.Explains(exception))
        {
            return new(Validity.CannotTell, SqlServerFailures.BeforeAnything(exception, null).Reason);
        }
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        SqlServerWork.RunAsync(call, async (work, progress) =>
        {
            var account = work.Setup.AccountOf(credential);
            var sids = await work.SidsAsync(account, cancellationToken);
            var (locked, ended, open) = (0, 0, (int?)0);
            for (var i = 0; i < work.Sessions.Count; i++)
            {
                if (sids[i] is not { } found)
                {
                    continue;
                }

                var session = work.Sessions[i];
                if (found.IsOpen)
                {
                    progress.At = session.At;
                    progress.Sending = $"{account} was being locked";
                    await LockAsync(work.Setup, session, account, cancellationToken);
                    locked++;
                }

                progress.Ends = true;
                progress.Happened = $"{account} is locked at {session.At}, but its sessions could not be looked after, or other instances "
                    + "were not reached.";

                // Also when it was locked before: a first try may have come this far and no further.
                ended += work.Setup.EndSessions ? await session.EndSessionsAsync(work.UserOf(account), found.Sid, cancellationToken) : 0;
                open = await work.SeesSessionsAsync(session, cancellationToken)
                    ? open + (await session.SessionsAsync(work.UserOf(account), found.Sid, cancellationToken)).Count
                    : null;
            }

            (string, string?)[] facts =
            [
                ("account", account),
                ("revoked", sids.All(found => found is null) ? $"the {work.Word} is gone" : null),
                ("sessions ended", work.Setup.EndSessions ? Text(ended) : null),
                ("sessions still open", open is { } count ? Text(count) : null),
            ];
            return locked == 0 && ended == 0 ? StepOutcome.AlreadyDone(facts) : StepOutcome.Done(facts);
        }, cancellationToken);

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        var report = new UseReport(Use.CannotTell, "SQL Server cannot be asked.");
        var outcome = await SqlServerWork.RunAsync(call, async (work, _) =>
        {
            report = await UseAsync(call, work, work.Setup.AccountOf(credential), cancellationToken);
            return StepOutcome.Done();
        }, cancellationToken);
        return outcome.Succeeded ? report : report with { Use = Use.CannotTell, Detail = outcome.Reason ?? report.Detail };
    }

    public async Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken)
    {
        var report = new AccountReport(AccountState.CannotTell);
        await SqlServerWork.RunAsync(call, async (work, _) =>
        {
            var name = work.Setup.AccountOf(account);
            var sids = await work.SidsAsync(name, cancellationToken);

            // A contained user cannot be disabled, and nothing tells whether somebody knows its password.
            report = sids.All(found => found is not { IsOpen: true }) ? new(AccountState.Locked)
                : work.Setup.Contained ? new(AccountState.CannotTell)
                : new(AccountState.Open, SqlServerStatements.Disable(name));
            return StepOutcome.Done();
        }, cancellationToken);
        return report;
    }

    /// <summary>The login is opened last, so that no password of before works meanwhile.</summary>
    private static async Task ApplyAsync(
        ProviderCall call,
        SqlServerWork work,
        int instance,
        string account,
        SqlServerLoginRow? login,
        SecretValue value,
        Progress progress,
        CancellationToken cancellationToken)
    {
        var session = work.Sessions[instance];

        // A policy that remembers passwords refuses the same one twice, so a later attempt looks before it sets.
        if (call.Attempt == 1
            || !await SqlServerLogin.IsSetAsync(work.Setup, work.Setup.Instances[instance], account, value, cancellationToken))
        {
            progress.At = session.At;
            progress.Sending = $"the password of {account} was being set";
            try
            {
                // The look may have locked it out.
                await session.ExecuteAsync(
                    login is null
                        ? SqlServerStatements.SetUserPassword(account, value)
                        : SqlServerStatements.SetPassword(login.Name, value, login.IsLocked || call.Attempt > 1),
                    cancellationToken);
            }
            catch (SqlException refused) when (SqlServerFailures.MayBeRepeated(refused))
            {
                // The same attempt may have come so far before, in a process that died.
                if (!await SqlServerLogin.IsSetAsync(work.Setup, work.Setup.Instances[instance], account, value, cancellationToken))
                {
                    throw;
                }
            }
        }

        progress.Happened = $"The new password of {account} is set at {session.At}, but not everything is done.";
        if (login is { IsDisabled: true })
        {
            await session.ExecuteAsync(SqlServerStatements.Enable(login.Name), cancellationToken);
        }
    }

    private static async Task LockAsync(
        SqlServerSetup setup, SqlServerSession session, string account, CancellationToken cancellationToken)
    {
        if (!setup.Contained)
        {
            await session.ExecuteAsync(SqlServerStatements.Disable(account), cancellationToken);
            return;
        }

        // All kinds of characters, as a policy wants them.
        using var nobodys = SecretValue.FromText($"Aa1-{RandomNumberGenerator.GetHexString(64, lowercase: true)}");
        await session.ExecuteAsync(SqlServerStatements.SetUserPassword(account, nobodys), cancellationToken);
    }

    private static async Task<UseReport> UseAsync(
        ProviderCall call, SqlServerWork work, string account, CancellationToken cancellationToken)
    {
        var all = new List<SqlServerOpenSession>();
        var blind = new List<string>();
        var sids = await work.SidsAsync(account, cancellationToken);
        for (var i = 0; i < work.Sessions.Count; i++)
        {
            if (await work.SeesSessionsAsync(work.Sessions[i], cancellationToken))
            {
                all.AddRange(await work.Sessions[i].SessionsAsync(work.UserOf(account), sids[i]?.Sid ?? "0x", cancellationToken));
            }
            else
            {
                blind.Add(work.Sessions[i].At);
            }
        }

        if (all.Count > 0)
        {
            return new(
                Use.InUse,
                $"{Text(all.Count)} open session(s) of {account}{Some(", by ", all.Select(one => one.Program))}"
                    + $"{Some(", from ", all.Select(one => one.Host))}, the oldest since {Text(all.Max(one => one.Minutes))} minute(s).",
                call.Time.GetUtcNow());
        }

        return blind.Count > 0
            ? new(
                Use.CannotTell,
                $"{work.Setup.User} may not see other sessions at {string.Join(", ", blind)}. Run there: "
                    + SqlServerStatements.GrantServer(await work.SightRightAsync(cancellationToken), work.Setup.User))
            : new(Use.NotUsed, $"No open session of {account}.");
    }

    private static bool Takes(SecretValue value) =>
        value.RevealText() is { Length: > 0 and <= SqlServerSetup.Longest } text && !text.Any(char.IsControl);

    private static string Some(string before, IEnumerable<string> names) =>
        names.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(5).ToList() is
            { Count: > 0 } some ? before + string.Join(", ", some) : "";

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
