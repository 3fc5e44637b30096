using System.Globalization;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

internal sealed class PostgresProvider
    : IProvider, IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, IValidateSetup, ITellAccounts
{
    public ProviderDescriptor Descriptor => PostgresDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WithClientAsync(call, (setup, client, _) => PostgresValidation.RunAsync(setup, client, cancellationToken), cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken)
    {
        if (!ScramVerifier.Takes(value, out var whyNot))
        {
            return Task.FromResult(StepOutcome.NewValueNeeded(whyNot));
        }

        return WithClientAsync(
            call,
            async (setup, client, progress) =>
            {
                var account = AccountOf(setup, credential);
                var making = await PostgresMaking.StatementsAsync(setup, client, account, cancellationToken);
                var form = await PasswordForms.WantedAsync(setup, client, account, cancellationToken);
                IReadOnlyList<string> statements =
                    [.. making, .. PostgresStatements.SetPassword(setup, account, form, value, call.SecretSalt)];
                progress.Sending = $"the password of {account} was being set";
                await client.ExecuteAsync(statements, cancellationToken);
                progress.Happened = $"The password of {account} is set, but in what form it is kept could not be looked at.";
                var kept = await PasswordForms.FoundAsync(setup, client, account, cancellationToken);
                return kept == form || kept == PasswordForm.Unknown
                    ? StepOutcome.Done(
                        ("account", account),
                        ("created", making.Count > 0 ? "true" : null),
                        ("password kept as", form == PasswordForm.Md5 || kept == form ? PasswordForms.NameOf(form) : null))
                    : StepOutcome.Unknown(
                        $"The password of {account} was set as {PasswordForms.NameOf(form)}, but the server keeps it otherwise. Look for "
                            + "an extension there that changes passwords.");
            },
            cancellationToken);
    }

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        try
        {
            var setup = await PostgresSetup.ReadAsync(call.Settings, cancellationToken);
            var account = AccountOf(setup, credential);
            if (!ScramVerifier.Takes(value, out var whyNot))
            {
                return new(Validity.Invalid, whyNot);
            }

            var verification = await PostgresLogin.TryAsync(setup, account, value.RevealText(), cancellationToken);
            return (verification.Validity == Validity.Valid || verification.Authenticates)
                && await PostgresLogin.AcceptsAnythingAsync(setup, account, cancellationToken)
                ? new(Validity.CannotTell, PostgresLogin.TrustAdvice(setup, account))
                : verification;
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return new(Validity.CannotTell, PostgresFailures.BeforeAnything(exception, null).Reason);
        }
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        WithClientAsync(
            call,
            async (setup, client, progress) =>
            {
                var account = AccountOf(setup, credential);
                if (setup.InPlace)
                {
                    // The role is the one that everyone uses: locking it would lock everyone out.
                    return StepOutcome.AlreadyDone(("account", account), ("revoked", "by the new password, which replaced the old one"));
                }

                if (await client.RoleAsync(account, setup.OwnerRole, cancellationToken) is not { } role)
                {
                    return StepOutcome.AlreadyDone(("account", account), ("revoked", "the role is gone"));
                }

                var locked = !setup.LockByScramble && !role.CanLogin;
                if (!locked)
                {
                    progress.Sending = $"{account} was being locked";
                    await client.ExecuteAsync([PostgresStatements.Lock(account, setup.LockByScramble)], cancellationToken);
                }

                progress.Ends = true;
                progress.Happened = $"{account} is locked, but its sessions could not be looked after.";

                // Also when it was locked before: a first try may have come this far and no further.
                var ended = setup.EndSessions ? await client.EndSessionsAsync(account, cancellationToken) : 0;
                var open = (await client.SessionsAsync(account, cancellationToken)).Count;
                (string, string?)[] facts =
                    [("account", account), ("sessions ended", Text(ended)), ("sessions still open", setup.EndSessions ? null : Text(open))];
                return locked && ended == 0 ? StepOutcome.AlreadyDone(facts) : StepOutcome.Done(facts);
            },
            cancellationToken);

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        PostgresSetup? setup = null;
        try
        {
            setup = await PostgresSetup.ReadAsync(call.Settings, cancellationToken);
            var account = AccountOf(setup, credential);
            await using var client = await PostgresClient.OpenAsync(setup, cancellationToken);
            var sessions = await client.SessionsAsync(account, cancellationToken);
            if (sessions.Count == 0)
            {
                return sessions.Hidden <= 0 ? new(Use.NotUsed, $"No open session of {account}.") : new(
                    Use.CannotTell,
                    $"The server has {Text(sessions.Hidden)} session(s) that it does not show to {PostgresFailures.Administrator(setup)}. "
                        + $"Run: {AdvisedSql.LetSeeSessions(PostgresFailures.Administrator(setup))}");
            }

            var detail = $"{Text(sessions.Count)} open session(s) of {account}"
                + (sessions.Applications is { } applications ? $", by {applications}" : "")
                + (sessions.Addresses is { } addresses ? $", from {addresses}" : "")
                + (sessions.Oldest is { } oldest
                    ? $", the oldest since {Moment(oldest)}"
                    : "")
                + (sessions.IdleSince is { } idle
                    ? $", none active since {Moment(idle)}: a pool or a pooler may keep them open"
                    : "") + ".";
            return new(Use.InUse, detail, call.Time.GetUtcNow());
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return new(Use.CannotTell, PostgresFailures.BeforeAnything(exception, setup).Reason ?? "PostgreSQL cannot be asked.");
        }
    }

    public async Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken)
    {
        try
        {
            var setup = await PostgresSetup.ReadAsync(call.Settings, cancellationToken);
            var name = AccountOf(setup, account);
            await using var client = await PostgresClient.OpenAsync(setup, cancellationToken);

            // With lock: scramble a locked role keeps LOGIN, and only a superuser may see whether it has a password.
            return await client.RoleAsync(name, setup.OwnerRole, cancellationToken) is not { CanLogin: true, Expired: false }
                ? new(AccountState.Locked)
                : setup.LockByScramble
                    ? new(AccountState.CannotTell)
                    : new(AccountState.Open, PostgresStatements.Lock(name, scramble: false) + ";");
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return new(AccountState.CannotTell);
        }
    }

    /// <summary>Only roles that the binding names are ever touched.</summary>
    private static string AccountOf(PostgresSetup setup, CredentialHandle credential)
    {
        var account = credential.Account ?? credential.Id ?? (setup.InPlace ? setup.Accounts[0] : null);
        return account is not null && setup.Accounts.Contains(account, StringComparer.Ordinal)
            ? account
            : throw new PostgresSetupException(
                $"The credential's account '{account}' is none of those in the settings ({string.Join(", ", setup.Accounts)}). Add it "
                    + "there, or correct what the catalog tells as current.");
    }

    /// <summary>Runs the work on an administrator's session. What fails before the work says that it is sending has changed
    /// nothing.</summary>
    private static async Task<StepOutcome> WithClientAsync(
        ProviderCall call,
        Func<PostgresSetup, PostgresClient, Progress, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        PostgresSetup? setup = null;
        var progress = new Progress();
        try
        {
            setup = await PostgresSetup.ReadAsync(call.Settings, cancellationToken);
            await using var client = await PostgresClient.OpenAsync(setup, cancellationToken);
            return await work(setup, client, progress);
        }
        catch (Exception exception) when (PostgresFailures.Explains(exception))
        {
            return progress.Means(
                PostgresFailures.BeforeAnything(exception, setup), what => PostgresFailures.AfterSending(exception, setup!, what));
        }
    }

    private static string Moment(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
