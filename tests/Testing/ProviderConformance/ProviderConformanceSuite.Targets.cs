using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>What targets promise besides: what is captured comes back, what hangs on the place stays, and all who read it read
/// alike.</summary>
public sealed partial class ProviderConformanceSuite
{
    private async Task DeliverAsync()
    {
        if (Provider.Can<IDeliverValues>() is not { } delivering)
        {
            return;
        }

        string[] texts = [NewValue(), NewValue(), NewValue()];
        var second = _environment.TakesSecondary ? texts[1] : null;
        if (Provider.Descriptor.IsWriteOnly)
        {
            await DeliverOnlyAsync(delivering, texts, second);
            return;
        }

        var original = await _environment.StateAsync();
        var kept = await KeptAsync();
        using var captured = await delivering.CaptureAsync(_environment.Call(), default);
        await RepeatedAsync("Deliver", attempt => DeliverAsync(delivering, texts[0], second, attempt));
        kept = await KeepsAsync("Deliver", kept);
        _environment.Arrive();
        await ConfirmsAsync(texts[0], second, StepOutcomeKind.Done);
        await ConfirmsAsync(texts[2], second, StepOutcomeKind.RetryLater);
        var delivered = await _environment.StateAsync();
        using var later = await delivering.CaptureAsync(_environment.Call(), default);
        await CancelledThenAgainAsync("Deliver", (attempt, token) => DeliverAsync(delivering, texts[2], null, attempt, token));
        _environment.Arrive();
        await ConfirmsAsync(texts[2], null, StepOutcomeKind.Done);
        await RepeatedAsync("Restore", attempt => delivering.RestoreAsync(_environment.Call(attempt), later, default));
        await KeepsAsync("Restore", kept);
        await ReadersAgreeAsync(delivering);
        Expect(await _environment.StateAsync() == delivered, "Restore does not bring back what was captured.");
        await RepeatedAsync("Restore of the original", attempt => delivering.RestoreAsync(_environment.Call(attempt), captured, default));
        Expect(await _environment.StateAsync() == original, "Restore does not bring back what stood there first.");
    }

    private async Task<string?> KeptAsync()
    {
        var kept = await _environment.KeptAsync();
        Expect(
            kept is not null || !Provider.Descriptor.Settings.Any(setting => setting is { Name: "path", Type: SettingType.Path }),
            "It writes a file, and the environment does not tell what hangs on it (KeptAsync): nothing shows that it is kept.");
        return kept;
    }

    /// <summary>What hangs on the place stays: who was let in is let in, and nobody else is.</summary>
    private async Task<string?> KeepsAsync(string what, string? kept)
    {
        var now = await _environment.KeptAsync();
        Expect(kept is null or "" || now == kept, $"{what} changed what hangs on the place: it had {kept}, and has {now}.");
        return now;
    }

    /// <summary>What is taken is read alike by all who read the place; what cannot be written so is refused, and nothing changes.</summary>
    private async Task ReadersAgreeAsync(IDeliverValues delivering)
    {
        if (_environment.Readers.Count == 0)
        {
            return;
        }

        var state = await _environment.StateAsync();
        using var captured = await delivering.CaptureAsync(_environment.Call(), default);
        var taken = 0;
        foreach (var text in OddValues.Of(NewValue))
        {
            var before = await _environment.StateAsync();
            var outcome = await DeliverAsync(delivering, text, null, 1);
            Saw("Deliver", outcome);
            if (!outcome.Succeeded)
            {
                Expect(await _environment.StateAsync() == before, $"Deliver refused a value ({outcome.Reason}), and changed something.");
                continue;
            }

            taken++;
            _environment.Arrive();
            foreach (var reader in _environment.Readers)
            {
                var read = await reader.Read();
                Expect(read is null || read == text, $"{reader.Name} does not read the value that was taken: \"{text}\" but \"{read}\".");
            }
        }

        Expect(taken > 0, "No odd value is taken: nothing shows that readers agree.");
        await SucceedsAsync("Restore", attempt => delivering.RestoreAsync(_environment.Call(attempt), captured, default));
        Expect(await _environment.StateAsync() == state, "Restore after odd values does not bring back what was captured.");
    }

    /// <summary>Where nothing can be read: the way back is the same call with the value from before.</summary>
    private async Task DeliverOnlyAsync(IDeliverValues delivering, string[] texts, string? second)
    {
        await RepeatedAsync("Deliver", attempt => DeliverAsync(delivering, texts[0], second, attempt));
        _environment.Arrive();
        await ConfirmsAsync(texts[0], second, StepOutcomeKind.Done);
        var before = await _environment.StateAsync();
        await CancelledThenAgainAsync("Deliver", (attempt, token) => DeliverAsync(delivering, texts[2], null, attempt, token));
        await RepeatedAsync("Deliver what was there before", attempt => DeliverAsync(delivering, texts[0], second, attempt));
        _environment.Arrive();
        await ConfirmsAsync(texts[0], second, StepOutcomeKind.Done);
        Expect(await _environment.StateAsync() == before, "Delivering the value from before does not bring back what was there.");
    }

    private async Task<StepOutcome> DeliverAsync(
        IDeliverValues delivering,
        string primary,
        string? secondary,
        int attempt,
        CancellationToken cancellationToken = default)
    {
        var outcome =
            await WithAsync(primary, secondary, values => delivering.DeliverAsync(_environment.Call(attempt), values, cancellationToken));
        _delivery = outcome.Succeeded ? outcome.Facts : _delivery;
        return outcome;
    }

    private async Task ConfirmsAsync(string primary, string? secondary, StepOutcomeKind expected)
    {
        if (Provider.Can<IConfirmSync>() is { } confirming)
        {
            var outcome = await WithAsync(
                primary,
                secondary,
                values => confirming.ConfirmAsync(_environment.Call().After(_delivery), values, default));
            Saw("Confirm", outcome);
            Expect(outcome.Kind == expected, $"Confirm: {Shown(outcome)}, expected {expected}.");
        }
    }
}
