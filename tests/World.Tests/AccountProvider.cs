using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>Takes values for accounts: two in turn, or one in place.</summary>
internal sealed class AccountProvider(WorldRun world)
    : WorldProvider(
        world,
        Describe(
            Type,
            Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
            Strategy.Alternate, Strategy.InPlace) with { AccountsSetting = "accounts", AccountSetting = "account" }),
        IApplyValues, IVerifyCredentials, IRevokeCredentials, IReportUse, ITellAccounts
{
    public const string Type = "world-accounts";

    public const string Replaces = "replaces";

    public Task<AccountReport> LookAsync(ProviderCall call, CredentialHandle account, CancellationToken cancellationToken) =>
        World.Vendors.CallAsync(
            Id, "look", call, acts: false,
            unit => OnAccount(unit, account) is null
                ? new AccountReport(AccountState.Locked)
                : new AccountReport(AccountState.Open, $"lock {account.Account}"),
            _ => new AccountReport(AccountState.CannotTell), cancellationToken);

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken)
    {
        var text = value.RevealText();
        return World.Vendors.AskAsync(
            Id, "apply", call, acts: true,
            unit =>
            {
                if (OnAccount(unit, credential) is { } stands)
                {
                    if (stands.Value == text)
                    {
                        return StepOutcome.AlreadyDone();
                    }

                    World.Watch.Ends(unit, stands, call, Replaces);
                    stands.Ended = true;
                }

                World.Take(unit, text, credential.Account, call.Number);
                return StepOutcome.Done();
            },
            cancellationToken);
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        World.Vendors.AskAsync(
            Id, "lock", call, acts: true,
            unit =>
            {
                if (OnAccount(unit, credential) is not { } stands)
                {
                    return StepOutcome.AlreadyDone();
                }

                World.Watch.Ends(unit, stands, call, "locks");
                stands.Ended = true;
                return StepOutcome.Done();
            },
            cancellationToken);

    private static WorldCredential? OnAccount(Unit unit, CredentialHandle account) =>
        unit.Credentials.FindLast(one => !one.Ended && one.Account == (account.Account ?? account.Id));
}

/// <summary>Values made by Rotunda, which those who have them check: no system is told.</summary>
internal sealed class SigningProvider(WorldRun world)
    : WorldProvider(world, Describe(Type, Abilities.GenerateValues, Strategy.DualKey))
{
    public const string Type = "world-signing";
}

/// <summary>Keys that people make.</summary>
internal sealed class SuppliedProvider(WorldRun world)
    : WorldProvider(
        world, Describe(Type, Abilities.TakeSupplied | Abilities.VerifyCredentials | Abilities.ReportUse, Strategy.Supplied)),
        IVerifyCredentials, IReportUse
{
    public const string Type = "world-supplied";
}
