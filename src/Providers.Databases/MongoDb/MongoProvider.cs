using System.Globalization;
using System.Security.Cryptography;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Sessions;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.MongoDb;

internal sealed class MongoProvider : IProvider, IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, IValidateSetup
{
    public ProviderDescriptor Descriptor => MongoDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WithSessionAsync(call, async (setup, session, _) =>
        {
            var users = await session.UsersAsync(cancellationToken);
            var problems = setup.Accounts.Where(name => !users.ContainsKey(name))
                .Select(name => $"The database admin at {setup.Address} has no user {name}. Make it, with the roles of the other one.")
                .ToList();
            if (problems.Count == 0)
            {
                problems.AddRange(MongoUser.Differences(users[setup.Accounts[0]], users[setup.Accounts[1]]));
            }

            if (!await session.MaySetPasswordsAsync(cancellationToken))
            {
                problems.Add($"{setup.User} may not set passwords of users of the database admin. Give it changePassword there.");
            }

            if (!await session.TakesChangesAsync(cancellationToken))
            {
                problems.Add($"{setup.Address} is no primary. Name all members in 'address', without directConnection.");
            }

            return problems.Count == 0 ? StepOutcome.Done() : StepOutcome.Rejected(string.Join(' ', problems));
        }, cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => !Takes(value)
        ? Task.FromResult(StepOutcome.NewValueNeeded(
            "A password at this server is not empty, and has no control characters. Make another one."))
        : WithSessionAsync(call, async (setup, session, progress) =>
        {
            var account = setup.AccountOf(credential);
            var user = (await session.UsersAsync(cancellationToken)).GetValueOrDefault(account) ?? throw new MongoSetupException(
                $"The database admin at {setup.Address} has no user {account}. Make it, with the roles of the other one.");
            if (!user.Mechanisms.Contains(MongoUser.Scram))
            {
                throw new MongoSetupException($"{account} cannot log in by {MongoUser.Scram}. Set its password with that mechanism.");
            }

            progress.Sending = $"the password of {account} was being set";
            await session.SetPasswordAsync(user, value, cancellationToken);
            return StepOutcome.Done(("account", account));
        }, cancellationToken);

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        try
        {
            var setup = MongoSetup.Read(call.Settings);
            return Takes(value)
                ? await MongoLogin.TryAsync(setup.Url, setup.AccountOf(credential), value, setup.Timeout, cancellationToken)
                : new(Validity.Invalid, "it is empty, or has control characters, and so is no password");
        }
        catch (Exception exception) when (MongoFailures.Explains(exception))
        {
            return new(Validity.CannotTell, MongoFailures.BeforeAnything(exception, null).Reason);
        }
    }

    /// <summary>Each time anew: nothing tells whether the user's password is one that somebody knows.</summary>
    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        WithSessionAsync(call, async (setup, session, progress) =>
        {
            var account = setup.AccountOf(credential);
            if ((await session.UsersAsync(cancellationToken)).GetValueOrDefault(account) is not { } user)
            {
                return StepOutcome.AlreadyDone(("account", account), ("revoked", "the user is gone"));
            }

            using var nobodys = SecretValue.FromText(RandomNumberGenerator.GetHexString(64, lowercase: true));
            progress.Sending = $"{account} was being given a password that nobody knows";
            await session.SetPasswordAsync(user, nobodys, cancellationToken);
            return StepOutcome.Done(("account", account), ("revoked", "its password was replaced by one that nobody knows"));
        }, cancellationToken);

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        var report = new UseReport(Use.CannotTell, "MongoDB cannot be asked.");
        var outcome = await WithSessionAsync(call, async (setup, session, _) =>
        {
            var account = setup.AccountOf(credential);
            var (count, everywhere, clients) = await session.ConnectionsAsync(account, cancellationToken);
            report = count > 0
                ? new(
                    Use.InUse,
                    $"{count.ToString(CultureInfo.InvariantCulture)} connection(s) logged in as {account}"
                        + (clients is null ? "." : $", by {clients}."),
                    call.Time.GetUtcNow())
                : everywhere ? new(Use.NotUsed, $"No connection is logged in as {account}.")
                : new(Use.CannotTell, $"This mongos has no connection as {account}, and others cannot be asked.");
            return StepOutcome.Done();
        }, cancellationToken);
        return outcome.Succeeded ? report : report with { Use = Use.CannotTell, Detail = outcome.Reason ?? report.Detail };
    }

    /// <summary>Control characters are none of a password's (RFC 4013), and the driver refuses them.</summary>
    private static bool Takes(SecretValue value) => value.RevealText() is { Length: > 0 } text && !text.Any(char.IsControl);

    /// <summary>Runs the work in a session of Rotunda's own. What fails before the work says that it is sending has changed
    /// nothing.</summary>
    private static async Task<StepOutcome> WithSessionAsync(
        ProviderCall call,
        Func<MongoSetup, MongoSession, Progress, Task<StepOutcome>> work,
        CancellationToken cancellationToken)
    {
        MongoSetup? setup = null;
        var progress = new Progress();
        try
        {
            setup = MongoSetup.Read(call.Settings);
            using var password = await call.Settings.RequiredSecretAsync(MongoDescriptor.Password, cancellationToken);
            if (!Takes(password))
            {
                return StepOutcome.Rejected("'password' is empty or has control characters, so it is no password. Set it anew.");
            }

            using var session = new MongoSession(setup, password);
            return await work(setup, session, progress);
        }
        catch (Exception exception) when (MongoFailures.Explains(exception))
        {
            return progress.Means(
                MongoFailures.BeforeAnything(exception, setup), what => MongoFailures.AfterSending(exception, setup!, what));
        }
    }
}
