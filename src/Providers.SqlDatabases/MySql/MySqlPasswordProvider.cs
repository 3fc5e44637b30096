using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>
/// One user with two passwords. MySQL keeps a first and a second one: a new first one makes the old first one the second, and ends the
/// second; only the second can be discarded. So each step looks at what is kept of both before it does anything, and compares it with the
/// values that it was given.
/// </summary>
internal sealed class MySqlPasswordProvider : IProvider, IApplyValues, IVerifyCredentials, IRevokeByValue, IValidateSetup
{
    public ProviderDescriptor Descriptor => MySqlPasswordDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        MySqlWork.CheckAsync(call, two: false, cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) => !MySqlHashes.Takes(value, out var whyNot)
        ? Task.FromResult(StepOutcome.NewValueNeeded(whyNot))
        : MySqlWork.RunAsync(
            call,
            two: false,
            async work =>
            {
                RequireTwo(work);
                var user = work.Setup.AccountOf(credential);
                var accounts = await work.HoldAsync(user, all: true, cancellationToken);
                var kept = await HashesAsync(work, accounts, cancellationToken);
                var (set, ended) = (0, 0);

                // Looked at all of them before any is changed.
                if (accounts.FirstOrDefault(account => IsTwice(kept[account], value)) is { } twice)
                {
                    return StepOutcome.Unknown(
                        $"{twice} has the new password as its first and as its second: a statement that was thought lost ran as well, and "
                            + "ended the one that was in use. Deliver the new value by hand, or set the old one again there.");
                }

                if (accounts.FirstOrDefault(account => !MayBeSet(kept[account], value, currentValue)) is { } unclear)
                {
                    return StepOutcome.Rejected(
                        $"{unclear} has two passwords already, and nothing tells which of them is in use: a third one would end one of "
                            + "them. Discard the second by hand if nobody uses it (DISCARD OLD PASSWORD), or tell the value in use in the "
                            + "catalog (current: value).");
                }

                foreach (var account in accounts.Where(account => !MySqlHashes.IsOf(value, kept[account].First)))
                {
                    var (first, second) = kept[account];
                    var isLeft = second is not null && IsOf(currentValue, second) && !IsOf(currentValue, first);
                    work.Progress.Sending = $"the password of {account} was being set";
                    if (isLeft)
                    {
                        // What a rotation left that was stopped: its value ends, and not the one in use.
                        await work.Session.RunAsync(MySqlStatements.SetKept(work.Server, account, second!), cancellationToken);
                        work.Progress.Happened = $"A value of {account} that came to no use is ended, and the new one is not yet set.";
                    }

                    await work.Session.RunAsync(MySqlStatements.SetBeside(work.Server, account, value), cancellationToken);
                    work.Progress.Happened = $"The password of {account} is set, but not at all hosts.";
                    (set, ended) = (set + 1, second is null ? ended : ended + 1);
                }

                return StepOutcome.Done(
                    ("user", user),
                    ("accounts set", Text(set)),
                    ("second passwords ended", ended > 0 ? Text(ended) : null));
            },
            cancellationToken);

    public Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken) => MySqlWork.VerifyAsync(call, two: false, credential, value, cancellationToken);

    public Task<StepOutcome> RevokeAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken) => MySqlWork.RunAsync(
        call,
        two: false,
        async work =>
        {
            RequireTwo(work);
            var user = work.Setup.AccountOf(credential);
            var accounts = await work.HoldAsync(user, all: false, cancellationToken);
            var kept = await HashesAsync(work, accounts, cancellationToken);
            if (call.IsUndo && accounts.FirstOrDefault(account => IsOnly(kept[account], value)) is { } last)
            {
                return StepOutcome.Rejected(
                    $"The new password is the only one of {last}: the one in use before was discarded or replaced there, by hand perhaps. "
                        + "Without it nobody could log in, so it stays. Set the one that is in use beside it (ALTER USER … RETAIN CURRENT "
                        + "PASSWORD), and let the rotation go on.");
            }

            var ended = 0;
            work.Progress.Ends = true;
            foreach (var account in accounts)
            {
                ended += await EndAsync(work, account, kept[account], value, cancellationToken) ? 1 : 0;
                work.Progress.Happened = $"The password of {account} is ended, but not at all hosts, or its sessions are not.";
            }

            var sessions = work.Setup.EndSessions ? await work.EndSessionsAsync(user, cancellationToken) : 0;
            (string, string?)[] facts =
            [
                ("user", user),
                ("accounts changed", Text(ended)),
                ("sessions ended", work.Setup.EndSessions ? Text(sessions) : null),
            ];
            return ended == 0 && sessions == 0 ? StepOutcome.AlreadyDone(facts) : StepOutcome.Done(facts);
        },
        cancellationToken);

    /// <returns>False if it is none of the account's passwords, and nothing was left to do.</returns>
    private static async Task<bool> EndAsync(
        MySqlWork work,
        MySqlAccount account,
        (string First, string? Second) kept,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var (isFirst, isSecond) = (MySqlHashes.IsOf(value, kept.First), IsOf(value, kept.Second));
        work.Progress.Sending = $"a password of {account} was being ended";
        if (isFirst && kept.Second is { } other && !isSecond)
        {
            // The way back: the old one becomes the first again, and then there is nothing but it.
            await work.Session.RunAsync(MySqlStatements.SetKept(work.Server, account, other), cancellationToken);
            work.Progress.Happened = $"The old password of {account} is its first again, and the second is not yet discarded.";
            await work.Session.RunAsync(MySqlStatements.DiscardSecond(account), cancellationToken);
            return true;
        }

        // Kept twice: a way back that stopped between its two statements.
        if (isSecond || (kept.Second is not null && kept.Second == kept.First))
        {
            await work.Session.RunAsync(MySqlStatements.DiscardSecond(account), cancellationToken);
        }

        if (isFirst)
        {
            await work.Session.RunAsync(MySqlStatements.Scramble(work.Server, account), cancellationToken);
        }

        return isFirst || isSecond;
    }

    /// <summary>Whether a new first password would end nothing that is in use.</summary>
    private static bool MayBeSet((string First, string? Second) kept, SecretValue value, SecretValue? current) =>
        kept.Second is null
        || MySqlHashes.IsOf(value, kept.First)
        || MySqlHashes.IsOf(value, kept.Second)
        || IsOf(current, kept.First)
        || IsOf(current, kept.Second);

    /// <summary>Whether nothing is left when the value ends.</summary>
    private static bool IsOnly((string First, string? Second) kept, SecretValue value) =>
        MySqlHashes.IsOf(value, kept.First) && (kept.Second is null || MySqlHashes.IsOf(value, kept.Second));

    private static bool IsTwice((string First, string? Second) kept, SecretValue value) =>
        MySqlHashes.IsOf(value, kept.First) && IsOf(value, kept.Second);

    private static bool IsOf(SecretValue? value, string? kept) => value is not null && MySqlHashes.IsOf(value, kept);

    private static async Task<Dictionary<MySqlAccount, (string First, string? Second)>> HashesAsync(
        MySqlWork work,
        IReadOnlyList<MySqlAccount> accounts,
        CancellationToken cancellationToken)
    {
        var kept = new Dictionary<MySqlAccount, (string, string?)>();
        foreach (var account in accounts)
        {
            kept[account] = await work.Session.HashesAsync(account, cancellationToken);
        }

        return kept;
    }

    private static void RequireTwo(MySqlWork work)
    {
        if (!work.Server.HasDualPasswords)
        {
            throw new MySqlSetupException(
                $"{work.Setup.Address} runs {work.Server.Name}, where a user has one password only. Take type: mysql-users.");
        }
    }

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);
}
