using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

public sealed class ProviderConformanceException(string provider, IReadOnlyCollection<string> failures)
    : Exception($"The provider '{provider}' breaks its contract:\n- {string.Join("\n- ", failures)}");

/// <summary>
/// What every provider promises: its descriptor is the truth, each call can be repeated (also when the reply of the first was
/// lost), revoking what is gone succeeds, and no value comes back in anything it says.
/// </summary>
public sealed partial class ProviderConformanceSuite
{
    private readonly ProviderEnvironment _environment;
    private readonly List<string> _failures = [];
    private readonly Canaries _canaries = new();
    private IReadOnlyDictionary<string, string>? _delivery;
    private int _values;

    private ProviderConformanceSuite(ProviderEnvironment environment) => _environment = environment;

    /// <exception cref="ProviderConformanceException">With everything that is wrong.</exception>
    public static async Task RunAsync(ProviderEnvironment environment)
    {
        var suite = new ProviderConformanceSuite(environment);
        foreach (var value in environment.References.Values)
        {
            suite._canaries.Add(value);
        }

        suite._failures.AddRange(DescriptorChecks.Of(environment.Provider));
        await suite.ValidationAsync();
        await suite.SaidBeforeAsync();
        await suite.ApplyVerifyRevokeAsync();
        await suite.IssueListRevokeAsync();
        await suite.SuppliedAsync();
        await suite.ReportUseAsync();
        await suite.DeliverAsync();
        await suite.ConsumersAsync();
        await suite.BrokenAsync();
        if (suite._failures.Count > 0)
        {
            throw new ProviderConformanceException(environment.Provider.Descriptor.Id, suite._failures);
        }
    }

    private IProvider Provider => _environment.Provider;

    private async Task ValidationAsync()
    {
        if (Provider is not IValidateSetup validating)
        {
            return;
        }

        var before = await _environment.StateAsync();
        await SucceedsAsync("Validate", attempt => validating.ValidateAsync(_environment.Call(attempt), default));
        await SucceedsAsync("Validate again", attempt => validating.ValidateAsync(_environment.Call(attempt), default));
        Expect(await _environment.StateAsync() == before, "Validate changed something.");
    }

    /// <summary>What is wrong is said before anything is changed: the check refuses it, and leaves all as it is.</summary>
    private async Task SaidBeforeAsync()
    {
        var acts = Provider is IApplyValues or IIssueCredentials or IDeliverValues or IRestartConsumers or IReencryptData;
        if (Provider is not IValidateSetup validating)
        {
            Expect(!acts, "It changes things outside, and does not look beforehand whether it can (IValidateSetup).");
            return;
        }

        var (settings, worlds) = (_environment.BrokenSettings.ToList(), _environment.BrokenWorlds.ToList());
        Expect(!acts || settings.Count + worlds.Count > 0, "The environment breaks nothing, so nothing shows what the check finds.");
        foreach (var (what, broken) in settings)
        {
            await RefusedAsync(what, validating, broken);
        }

        foreach (var world in worlds)
        {
            await world.Break();
            await RefusedAsync(world.What, validating, _environment.Settings);
            await world.Mend();
            await SucceedsAsync(
                $"Validate after {world.What} was mended",
                attempt => validating.ValidateAsync(_environment.Call(attempt), default));
        }
    }

    private async Task RefusedAsync(string what, IValidateSetup validating, System.Text.Json.Nodes.JsonObject settings)
    {
        var before = await _environment.StateAsync();
        await FailsAsync($"Validate with {what}", validating, p => p.ValidateAsync(_environment.Call(settings: settings), default));
        Expect(await _environment.StateAsync() == before, $"Validate with {what} changed something.");
    }

    private async Task ApplyVerifyRevokeAsync()
    {
        if (Provider.Can<IApplyValues>() is not { } applying)
        {
            return;
        }

        var text = NewValue();
        await RepeatedAsync("Apply", async attempt =>
        {
            using var value = SecretValue.FromText(text);
            return await applying.ApplyAsync(_environment.Call(attempt), _environment.Credential, value, null, default);
        });
        await CancelledThenAgainAsync("Apply", async (attempt, token) =>
        {
            using var value = SecretValue.FromText(text);
            return await applying.ApplyAsync(_environment.Call(attempt), _environment.Credential, value, null, token);
        });
        await VerifiesAsync(text, Validity.Valid, "the value that was applied");
        await VerifiesAsync(text, Validity.Valid, "the value that was applied, again");
        await VerifiesAsync(NewValue(), Validity.Invalid, "another value");
        var use = new UseOfValues(_environment, NewValue, Saw, Expect);
        await use.CurrentValueTriedAsync(applying, text);
        await use.RightsOfUseAsync(text);
        if (Provider.Can<IRevokeCredentials>() is { } revoking)
        {
            await RepeatedAsync("Revoke", attempt => revoking.RevokeAsync(_environment.Call(attempt), _environment.Credential, default));
            await CancelledThenAgainAsync(
                "Revoke",
                (attempt, token) => revoking.RevokeAsync(_environment.Call(attempt), _environment.Credential, token));
            await VerifiesAsync(text, Validity.Invalid, "a revoked value");
            await use.ToldAsync(AccountState.Locked, "revoked");
            await _environment.RemoveCredentialAsync();
            await SucceedsAsync(
                "Revoke of what is gone",
                attempt => revoking.RevokeAsync(_environment.Call(attempt), _environment.Credential, default));
        }

        if (Provider.Can<IRevokeByValue>() is { } ending)
        {
            using var value = SecretValue.FromText(text);
            await RepeatedAsync("End", attempt => ending.RevokeAsync(_environment.Call(attempt), _environment.Credential, value, default));
            await CancelledThenAgainAsync(
                "End",
                (attempt, token) => ending.RevokeAsync(_environment.Call(attempt), _environment.Credential, value, token));
            await VerifiesAsync(text, Validity.Invalid, "a value that was ended");
            await _environment.RemoveCredentialAsync();
            await SucceedsAsync(
                "End of what is gone",
                attempt => ending.RevokeAsync(_environment.Call(attempt), _environment.Credential, value, default));
        }
    }

    private async Task IssueListRevokeAsync()
    {
        if (Provider.Can<IIssueCredentials>() is not { } issuing)
        {
            return;
        }

        // Minting is not repeatable by itself: the second reply is found by the label, which is what its caller does.
        const string label = "rotunda-conformance-1";
        var first = await issuing.IssueAsync(_environment.Call(), _environment.Request(label), default);
        Saw("Issue", first.Outcome);
        Expect(
            first.Outcome.Succeeded && first.Credential is not null && first.Value is not null,
            $"Issue: {Shown(first.Outcome)}, expected a credential.");
        if (first.Credential is not { } credential || first.Value is not { } value)
        {
            return;
        }

        var text = value.RevealText();
        value.Dispose();
        _canaries.Add(text);
        Saw("Issue", first.Outcome);
        await VerifiesAsync(text, Validity.Valid, "the value that was issued", credential);
        if (Provider.Can<IListCredentials>() is { } listing)
        {
            var found = await listing.ListAsync(_environment.Call(2), default);
            Saw("List", string.Join('\n', found));
            Expect(
                found.Any(listed => Provider.Descriptor.Labels.IsOf(label, listed.Handle.Label)),
                "List does not find the issued credential by its label: a lost reply would leave an orphan.");
        }

        await DisableAndBackAsync(text, credential);
        if (Provider.Can<IRevokeCredentials>() is { } revoking)
        {
            await RepeatedAsync("Revoke", attempt => revoking.RevokeAsync(_environment.Call(attempt), credential, default));
            await VerifiesAsync(text, Validity.Invalid, "a revoked value", credential);
        }

        if (Provider.Can<IRevokeByValue>() is { } ending)
        {
            using var shown = SecretValue.FromText(text);
            await RepeatedAsync("End", attempt => ending.RevokeAsync(_environment.Call(attempt), credential, shown, default));
            await VerifiesAsync(text, Validity.Invalid, "a value that was ended", credential);
        }

        await DisableWhatIsGoneAsync(credential);
    }

    /// <summary>Of what a person made: tried, and ended by its id, or by being shown.</summary>
    private async Task SuppliedAsync()
    {
        if (!Provider.Descriptor.Abilities.HasFlag(Abilities.TakeSupplied))
        {
            return;
        }

        Expect(_environment.InUse is not null, "The environment has no value that works, so nothing shows how one is tried.");
        var (text, credential) = (_environment.InUse ?? "", _environment.Credential);
        await VerifiesAsync(text, Validity.Valid, "the value that a person made", credential);
        await VerifiesAsync(NewValue(), Validity.Invalid, "another value", credential);
        await DisableAndBackAsync(text, credential);
        if (Provider.Can<IRevokeCredentials>() is { } revoking)
        {
            await RepeatedAsync("Revoke", attempt => revoking.RevokeAsync(_environment.Call(attempt), credential, default));
            await VerifiesAsync(text, Validity.Invalid, "a revoked value", credential);
            await DisableWhatIsGoneAsync(credential);
        }

        if (Provider.Can<IRevokeByValue>() is { } ending)
        {
            using var value = SecretValue.FromText(text);
            await RepeatedAsync("End", attempt => ending.RevokeAsync(_environment.Call(attempt), credential, value, default));
            await VerifiesAsync(text, Validity.Invalid, "a value that was ended", credential);
        }
    }

    private async Task DisableAndBackAsync(string text, CredentialHandle credential)
    {
        if (Provider.Can<IDisableCredentials>() is not { } disabling)
        {
            return;
        }

        await RepeatedAsync("Disable", attempt => disabling.DisableAsync(_environment.Call(attempt), credential, default));
        await VerifiesAsync(text, Validity.Invalid, "a disabled value", credential);
        if (Provider.Can<IListCredentials>() is { } listing)
        {
            Expect(
                (await listing.ListAsync(_environment.Call(), default)).Any(listed => listed.Handle.Id == credential.Id),
                "List leaves out what is disabled.");
        }

        await CancelledThenAgainAsync(
            "Enable",
            (attempt, token) => disabling.EnableAsync(_environment.Call(attempt), credential, token));
        await RepeatedAsync("Enable", attempt => disabling.EnableAsync(_environment.Call(attempt), credential, default));
        await VerifiesAsync(text, Validity.Valid, "an enabled value", credential);
        await RepeatedAsync("Disable again", attempt => disabling.DisableAsync(_environment.Call(attempt), credential, default));
    }

    /// <summary>To disable what is gone is no problem; to enable it must not be believed.</summary>
    private async Task DisableWhatIsGoneAsync(CredentialHandle gone)
    {
        if (Provider.Can<IDisableCredentials>() is { } disabling)
        {
            await SucceedsAsync("Disable of what is gone", attempt => disabling.DisableAsync(_environment.Call(attempt), gone, default));
            var enabled = await disabling.EnableAsync(_environment.Call(), gone, default);
            Saw("Enable of what is gone", enabled);
            Expect(enabled.Kind == StepOutcomeKind.Rejected, $"Enable of what is gone: {Shown(enabled)}, expected Rejected.");
        }
    }

    private async Task ReportUseAsync()
    {
        if (Provider.Can<IReportUse>() is { } reporting)
        {
            var one = await reporting.ReportUseAsync(_environment.Call(), _environment.Credential, default);
            var other = await reporting.ReportUseAsync(_environment.Call(2), _environment.Credential, default);
            Saw("ReportUse", one.Detail + other.Detail);
            Expect(one.Use == other.Use && one.Use != Use.CannotTell, $"ReportUse: {one.Use}, then {other.Use}: {one.Detail}");
        }
    }

    private async Task ConsumersAsync()
    {
        if (Provider.Can<IRestartConsumers>() is { } restarting)
        {
            await RepeatedAsync("Restart", attempt => restarting.RestartAsync(_environment.Call(attempt), default));
            await CancelledThenAgainAsync("Restart", (attempt, token) => restarting.RestartAsync(_environment.Call(attempt), token));
        }

        if (Provider.Can<ICheckConsumers>() is { } checking)
        {
            await RepeatedAsync("Check", attempt => checking.CheckAsync(_environment.Call(attempt), _environment.Fingerprints, default));
        }
    }

    /// <summary>With settings that fail: an outcome (or an exception) without values, never a success.</summary>
    private async Task BrokenAsync()
    {
        foreach (var (what, settings) in _environment.BrokenSettings)
        {
            var text = NewValue();
            using var value = SecretValue.FromText(text);
            var credential = new DeliveredCredential(value, "user", Fingerprint.Of(value, "00"));
            await FailsAsync(
                $"Apply with {what}",
                Provider.Can<IApplyValues>(),
                p => p.ApplyAsync(_environment.Call(settings: settings), _environment.Credential, value, value, default));
            await FailsAsync(
                $"Revoke with {what}",
                Provider.Can<IRevokeCredentials>(),
                p => p.RevokeAsync(_environment.Call(settings: settings), _environment.Credential, default));
            await FailsAsync(
                $"End with {what}",
                Provider.Can<IRevokeByValue>(),
                p => p.RevokeAsync(_environment.Call(settings: settings), _environment.Credential, value, default));
            await FailsAsync(
                $"Disable with {what}",
                Provider.Can<IDisableCredentials>(),
                p => p.DisableAsync(_environment.Call(settings: settings), _environment.Credential, default));
            await FailsAsync(
                $"Deliver with {what}",
                Provider.Can<IDeliverValues>(),
                p => p.DeliverAsync(_environment.Call(settings: settings), new(credential, credential, "00"), default));
            await FailsAsync(
                $"Confirm with {what}",
                Provider.Can<IConfirmSync>(),
                p => p.ConfirmAsync(_environment.Call(settings: settings), new(credential, null, "00"), default));
            await FailsAsync(
                $"Restart with {what}",
                Provider.Can<IRestartConsumers>(),
                p => p.RestartAsync(_environment.Call(settings: settings), default));
            await FailsAsync(
                $"Check with {what}",
                Provider.Can<ICheckConsumers>(),
                p => p.CheckAsync(_environment.Call(settings: settings), _environment.Fingerprints, default));
            if (Provider.Can<IVerifyCredentials>() is { } verifying)
            {
                var verification =
                    await verifying.VerifyAsync(_environment.Call(settings: settings), _environment.Credential, value, default);
                Saw($"Verify with {what}", verification.Detail ?? "");
                Expect(verification.Validity != Validity.Valid, $"Verify with {what}: Valid.");
            }

            if (Provider.Can<IReportUse>() is { } reporting)
            {
                var report = await reporting.ReportUseAsync(_environment.Call(settings: settings), _environment.Credential, default);
                Saw($"ReportUse with {what}", report.Detail);
                Expect(report.Use == Use.CannotTell, $"ReportUse with {what}: {report.Use}.");
            }
        }
    }

    private async Task FailsAsync<T>(string what, T? provider, Func<T, Task<StepOutcome>> call)
        where T : class
    {
        if (provider is null)
        {
            return;
        }

        try
        {
            var outcome = await call(provider);
            Saw(what, outcome);
            Expect(!outcome.Succeeded, $"{what}: {outcome.Kind}, expected a failure.");
            Expect(!string.IsNullOrWhiteSpace(outcome.Reason), $"{what}: {outcome.Kind} without a reason.");
        }
        catch (Exception exception)
        {
            Saw(what, exception.ToString());
            _failures.Add($"{what} threw {exception.GetType().Name} instead of answering with an outcome.");
        }
    }

    /// <summary>Once, and once more as if the reply had been lost: both succeed and the outside looks the same.</summary>
    private async Task RepeatedAsync(string what, Func<int, Task<StepOutcome>> call)
    {
        await SucceedsAsync(what, call);
        var once = await _environment.StateAsync();
        await SucceedsAsync(what + " after a lost reply", _ => call(2));
        Expect(await _environment.StateAsync() == once, $"{what}: the second call left another state than the first.");
    }

    /// <summary>Interrupted wherever the cancellation finds it, the next attempt completes it.</summary>
    private async Task CancelledThenAgainAsync(string what, Func<int, CancellationToken, Task<StepOutcome>> call)
    {
        using var source = new CancellationTokenSource();
        var running = call(1, source.Token);
        await source.CancelAsync();
        try
        {
            Saw(what, await running);
        }
        catch (Exception exception)
        {
            Saw(what, exception.ToString());
        }

        await SucceedsAsync(what + " after an interrupted one", _ => call(2, CancellationToken.None));
    }

    private async Task SucceedsAsync(string what, Func<int, Task<StepOutcome>> call)
    {
        try
        {
            var outcome = await call(1);
            Saw(what, outcome);
            Expect(outcome.Succeeded, $"{what}: {Shown(outcome)}, expected a success.");
        }
        catch (Exception exception)
        {
            Saw(what, exception.ToString());
            _failures.Add($"{what} threw {exception.GetType().Name}: {exception.Message}");
        }
    }

    private async Task VerifiesAsync(string text, Validity expected, string what, CredentialHandle? credential = null)
    {
        if (Provider.Can<IVerifyCredentials>() is { } verifying)
        {
            using var value = SecretValue.FromText(text);
            var verification = await verifying.VerifyAsync(_environment.Call(), credential ?? _environment.Credential, value, default);
            Saw("Verify", verification.Detail ?? "");
            Expect(
                verification.Validity == expected,
                $"Verify of {what}: {verification.Validity} ({verification.Detail}), expected {expected}.");
        }
    }

    private static async Task<StepOutcome> WithAsync(string primary, string? secondary, Func<DeliveredValues, Task<StepOutcome>> work)
    {
        const string salt = "00112233445566778899aabbccddeeff";
        using var one = SecretValue.FromText(primary);
        using var other = secondary is null ? null : SecretValue.FromText(secondary);
        return await work(new(
            new(one, "app_a", Fingerprint.Of(one, salt)),
            other is null ? null : new(other, "app_b", Fingerprint.Of(other, salt)),
            salt));
    }

    private string NewValue()
    {
        var value = _environment.NewValue(++_values);
        _canaries.Add(value);
        return value;
    }

    private void Saw(string what, StepOutcome outcome) => Saw(what, JsonSerializer.Serialize(outcome) + outcome.Reason);

    private void Saw(string what, string text)
    {
        if (_canaries.FoundIn(text) is { } form)
        {
            _failures.Add($"{what} tells a secret value ({form}).");
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            _failures.Add(otherwise);
        }
    }

    private static string Shown(StepOutcome outcome) => $"{outcome.Kind} ({outcome.Reason})";
}
