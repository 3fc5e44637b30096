using System.DirectoryServices.Protocols;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Ldap;

internal sealed class LdapProvider : IProvider, IApplyValues, IVerifyCredentials, IRevokeCredentials, IValidateSetup, ITellAccounts
{
    public ProviderDescriptor Descriptor => LdapDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WithSessionAsync(call, async (setup, session, _) =>
        {
            if (setup.Method == LdapDescriptor.Extended && !await session.KnowsPasswordModifyAsync())
            {
                return StepOutcome.Rejected(
                    $"{setup.Address} does not know the Password Modify operation. Set 'method' to modify, or to active-directory.");
            }

            foreach (var account in setup.Accounts)
            {
                if (!await session.ExistsAsync(account))
                {
                    return StepOutcome.Rejected(
                        $"{setup.Address} has no account {account}, or {setup.BindDn} may not see it. Make it, or correct its name.");
                }

                // Asked to find out whether it can be: a right may be missing.
                await session.IsOpenAsync(account);
            }

            return StepOutcome.Done();
        }, cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => !Takes(value)
        ? Task.FromResult(StepOutcome.NewValueNeeded("A password of 'account' is not empty, and has no NUL. Make another one."))
        : WithSessionAsync(call, async (setup, session, progress) =>
        {
            var account = setup.AccountOf(credential);
            progress.Sending = $"the password of {account} was being set";
            await session.SetAsync(
                account, value, () => progress.Happened = $"The password of {account} is set, but the account is not enabled yet.");
            return StepOutcome.Done(("account", account));
        }, cancellationToken);

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        LdapSetup? setup = null;
        try
        {
            setup = LdapSetup.Read(call.Settings);
            var account = setup.AccountOf(credential);
            if (!Takes(value))
            {
                // Without a password, a bind is one of nobody, and succeeds.
                return new(Validity.Invalid, "an empty value is no password");
            }

            using var session = await LdapSession.OpenAsync(setup, account, value, cancellationToken);
            return new(Validity.Valid);
        }
        catch (LdapException refusal) when (LdapFailures.OfBind(refusal) is { } validity)
        {
            return new(validity, $"{setup?.Address} refuses the bind");
        }
        catch (LdapException refusal) when (!LdapFailures.IsDown(refusal))
        {
            return new(
                Validity.CannotTell,
                $"{setup?.Address} refuses the bind for another reason than the password (LDAP error {refusal.ErrorCode}): look whether "
                    + "the account is locked or has expired.");
        }
        catch (Exception exception) when (LdapFailures.Explains(exception))
        {
            return new(Validity.CannotTell, LdapFailures.BeforeAnything(exception, setup).Reason);
        }
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        WithSessionAsync(call, async (setup, session, progress) =>
        {
            var account = setup.AccountOf(credential);
            if (setup.InPlace)
            {
                // The account is the one that everyone uses: locking it would lock everyone out.
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "by the new password, which replaced the old one"));
            }

            if (!await session.ExistsAsync(account))
            {
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "the account is gone"));
            }

            // Where there is a password to take away, only the taking shows that there is none: to look needs a right of its own.
            if (setup.Method == LdapDescriptor.ActiveDirectory && !await session.IsOpenAsync(account))
            {
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "the account is locked"));
            }

            progress.Sending = $"{account} was being locked";
            try
            {
                await session.LockAsync(account);
            }
            catch (DirectoryOperationException none) when (none.Response?.ResultCode == ResultCode.NoSuchAttribute)
            {
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "the account is locked"));
            }

            return StepOutcome.Done(("account", account), ("revoked", "locked"));
        }, cancellationToken);

    public async Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken)
    {
        var report = new AccountReport(AccountState.CannotTell);
        await WithSessionAsync(call, async (setup, session, _) =>
        {
            var name = setup.AccountOf(account);
            report = !await session.IsOpenAsync(name) ? new(AccountState.Locked)
                : new(
                    AccountState.Open,
                    setup.Method == LdapDescriptor.ActiveDirectory
                        ? $"disable the account {name}."
                        : $"take the attribute userPassword away from {name} (ldapmodify: delete: userPassword).");
            return StepOutcome.Done();
        }, cancellationToken);
        return report;
    }

    private static bool Takes(SecretValue value) =>
        value.RevealText() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>Runs the work in a session of Rotunda's own. What fails before the work says that it is sending has changed
    /// nothing.</summary>
    private static async Task<StepOutcome> WithSessionAsync(
        ProviderCall call,
        Func<LdapSetup, LdapSession, Progress, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        LdapSetup? setup = null;
        var (progress, isOpen) = (new Progress(), false);
        try
        {
            setup = LdapSetup.Read(call.Settings);
            using var password = await call.Settings.RequiredSecretAsync(LdapDescriptor.BindPassword, cancellationToken);
            if (!Takes(password))
            {
                return StepOutcome.Rejected("'bindPassword' is empty, so it is no password. Set it anew.");
            }

            using var session = await LdapSession.OpenAsync(setup, setup.BindDn, password, cancellationToken);
            isOpen = true;
            return await work(setup, session, progress);
        }
        catch (Exception exception) when (LdapFailures.Explains(exception))
        {
            var before = LdapFailures.BeforeAnything(exception, setup, isOpen);
            return progress.Means(
                before, what => exception is LdapSetupException ? before : LdapFailures.AfterSending(exception, setup!, what));
        }
    }
}
