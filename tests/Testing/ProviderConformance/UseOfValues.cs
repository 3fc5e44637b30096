using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>
/// Two kinds of the kit, for whoever sets values on accounts. The value in use can be tried before anything is touched, so that one is
/// found which somebody changed by hand; and a login is no proof of use, so what it lacks is found before it is delivered.
/// </summary>
internal sealed class UseOfValues(
    ProviderEnvironment environment,
    Func<string> newValue,
    Action<string, string> saw,
    Action<bool, string> expect)
{
    private IVerifyCredentials? Verifying => environment.Provider.Can<IVerifyCredentials>();

    /// <param name="applied">The value that stands there.</param>
    public async Task CurrentValueTriedAsync(IApplyValues applying, string applied)
    {
        expect(
            Verifying is not null,
            "It sets values, and cannot try the one in use (IVerifyCredentials): a wrong one would be found when it is put back.");
        expect(
            environment.SetByHand is not null,
            "The environment does not say how somebody sets a value by hand (SetByHand), so nothing shows that this is found.");
        await ToldAsync(AccountState.Open, "in use");
        if (environment.SetByHand is not { } setByHand || Verifying is null)
        {
            return;
        }

        var byHand = newValue();
        await setByHand(byHand);
        var before = await environment.StateAsync();
        var old = await VerifyAsync(applied);
        expect(
            old is { Validity: Validity.Invalid, Authenticates: false },
            $"Verify of a value that somebody replaced by hand: {old.Validity}, expected Invalid.");
        var found = await VerifyAsync(byHand);
        expect(found.Validity == Validity.Valid, $"Verify of a value that somebody set by hand: {found.Validity}, expected Valid.");
        expect(await environment.StateAsync() == before, "Trying the value in use changed something.");

        using var value = SecretValue.FromText(applied);
        var outcome = await applying.ApplyAsync(environment.Call(2), environment.Credential, value, null, default);
        saw("Apply over a value that was set by hand", JsonSerializer.Serialize(outcome));
        expect(outcome.Succeeded, $"Apply over a value that was set by hand: {outcome.Kind} ({outcome.Reason}).");
    }

    /// <param name="applied">The value that stands there.</param>
    public async Task RightsOfUseAsync(string applied)
    {
        var worlds = environment.LackingRights.ToList();
        expect(
            worlds.Count > 0 || environment.NoRights is not null,
            "The environment takes no right away from a login that works (LackingRights), nor says why there is none (NoRights).");
        foreach (var world in worlds)
        {
            await world.Break();
            var tried = await VerifyAsync(applied);
            expect(
                tried is { Validity: Validity.Invalid, Authenticates: true } || await IsRefusedAsync(),
                $"With {world.What}, a login that works is taken for one that can be used ({tried.Validity}).");
            expect(!string.IsNullOrEmpty(tried.Detail), $"With {world.What}, nothing is told of what is lacking.");
            var wrong = await VerifyAsync(newValue());
            expect(!wrong.Authenticates, $"With {world.What}, a wrong value is taken for the right one.");
            await world.Mend();
            var mended = await VerifyAsync(applied);
            expect(mended.Validity == Validity.Valid, $"Verify after {world.What} was mended: {mended.Validity} ({mended.Detail}).");
        }
    }

    /// <summary>Of two accounts taken in turn each tells whether it is open, so that nobody's is replaced.</summary>
    public async Task ToldAsync(AccountState expected, string what)
    {
        if (environment.Provider.Descriptor.AccountsSetting is null)
        {
            return;
        }

        if (environment.Provider is not ITellAccounts telling)
        {
            expect(
                "It takes accounts in turn, and does not tell whether one is open (ITellAccounts): somebody's may be replaced.");
            return;
        }

        var report = await telling.LookAsync(environment.Call(), environment.Credential, default);
        expect(
            report.State == expected || report.State == AccountState.CannotTell,
            $"An account that is {what} is told as {report.State}, expected {expected}.");
        expect(
            report.State != AccountState.Open || !string.IsNullOrWhiteSpace(report.Lock),
            "An account is told as open without how it is locked.");
    }

    private async Task<bool> IsRefusedAsync() => environment.Provider is IValidateSetup validating
        && (await validating.ValidateAsync(environment.Call(), default)).Kind == StepOutcomeKind.Rejected;

    private async Task<Verification> VerifyAsync(string text)
    {
        if (Verifying is not { } verifying)
        {
            return new(Validity.CannotTell);
        }

        using var value = SecretValue.FromText(text);
        var verification = await verifying.VerifyAsync(environment.Call(), environment.Credential, value, default);
        saw("Verify", verification.Detail ?? "");
        return verification;
    }
}
