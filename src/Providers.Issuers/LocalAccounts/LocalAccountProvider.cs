using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

/// <summary>An account of another machine's own, reached by ssh: what is run there, and what its exit codes mean, differs.</summary>
internal abstract class LocalAccountProvider(ProviderDescriptor descriptor)
    : IProvider, IApplyValues, IVerifyCredentials, IValidateSetup
{
    public const string Account = "account";

    public ProviderDescriptor Descriptor => descriptor;

    /// <summary>What looks whether all is there that a rotation needs, and changes nothing.</summary>
    protected abstract string CheckCommand(ProviderCall call, string account);

    /// <summary>What sets the password that it reads from its standard input.</summary>
    protected abstract string SetCommand(ProviderCall call, string account);

    /// <summary>What tries the password that it reads from its standard input.</summary>
    protected abstract string TryCommand(ProviderCall call, string account);

    /// <summary>The password as the two commands read it.</summary>
    protected abstract string Input(string account, string password, bool sets);

    /// <summary>What an exit code other than 0 of the check, or of the setting, means.</summary>
    protected abstract StepOutcome Explain(ProviderCall call, string account, SshResult result);

    /// <summary>Whether what ended well was the check, and not something else in its place; null if it was, else what is wrong.</summary>
    protected virtual StepOutcome? WhyNotRun(ProviderCall call, SshResult result) => null;

    /// <summary>Null: it does not tell.</summary>
    protected abstract Validity? Judge(SshResult result);

    /// <summary>Why it cannot be the name of an account; null if it can.</summary>
    protected abstract string? WhyNoName(string account);

    /// <summary>Why it cannot be a password there; null if it can.</summary>
    protected abstract string? WhyNoPassword(string password);

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        GuardAsync(async () =>
        {
            var account = AccountOf(call);
            var result = await SshRun.RunAsync(call, CheckCommand(call, account), null, cancellationToken);
            return SshFailures.Of(call, result, changes: false)
                ?? (result.Code == 0
                    ? WhyNotRun(call, result) ?? StepOutcome.Done(("account", account))
                    : Explain(call, account, result));
        });

    public async Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken)
    {
        using var scope = new SecretScope();
        using var copy = scope.Register(value.Copy());
        return scope.Redact(await GuardAsync(async () =>
        {
            var account = AccountOf(call);
            if (WhyNoPassword(value.RevealText()) is { } why)
            {
                return StepOutcome.NewValueNeeded(why);
            }

            var result = await SshRun.RunAsync(
                call, SetCommand(call, account), Input(account, value.RevealText(), sets: true), cancellationToken);
            return SshFailures.Of(call, result, changes: true)
                ?? (result.Code == 0 ? StepOutcome.Done(("account", account)) : Explain(call, account, result));
        }));
    }

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var verification = new Verification(Validity.CannotTell);
        var outcome = await GuardAsync(async () =>
        {
            var account = AccountOf(call);
            if (WhyNoPassword(value.RevealText()) is { } why)
            {
                verification = new(Validity.Invalid, why);
                return StepOutcome.Done();
            }

            var result = await SshRun.RunAsync(
                call, TryCommand(call, account), Input(account, value.RevealText(), sets: false), cancellationToken);
            if (SshFailures.Of(call, result, changes: false) is { } failure)
            {
                return failure;
            }

            verification = Judge(result) switch
            {
                { } validity => new(validity, validity == Validity.Invalid ? $"{call.Settings.Text(SshRun.Host)} refuses it" : null),
                null => new(Validity.CannotTell, Explain(call, account, result).Reason),
            };
            return StepOutcome.Done();
        });
        return outcome.Succeeded ? verification : new(Validity.CannotTell, outcome.Reason, outcome.RetryAfter);
    }

    private string AccountOf(ProviderCall call)
    {
        var account = call.Settings.RequiredText(Account);
        return WhyNoName(account) is { } why
            ? throw new OutcomeException(StepOutcome.Rejected($"'{Account}' is no name of an account: {why}. Correct it."))
            : account;
    }

    private static async Task<StepOutcome> GuardAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
    }
}
