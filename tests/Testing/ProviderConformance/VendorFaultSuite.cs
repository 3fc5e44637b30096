using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>
/// Every call of every ability goes wrong in every way: refused, lost, cut off, never answered. Whatever happens, the answer is an
/// outcome that is true ("nothing happened" only if nothing did), holds no value, honours Retry-After, and the next attempt
/// without a fault brings about what a first one would have.
/// </summary>
public sealed class VendorFaultSuite
{
    private readonly VendorEnvironment _environment;
    private readonly List<string> _failures = [];
    private readonly Canaries _canaries = new();
    private int _values;

    private VendorFaultSuite(VendorEnvironment environment) => _environment = environment;

    /// <returns>How many faults were injected.</returns>
    /// <exception cref="ProviderConformanceException">With everything that is wrong.</exception>
    public static async Task<int> RunAsync(VendorEnvironment environment)
    {
        var suite = new VendorFaultSuite(environment);
        foreach (var value in environment.References.Values)
        {
            suite._canaries.Add(value);
        }

        environment.Vendor.Hanging = environment.Held.Release;
        var injected = 0;
        foreach (var name in VendorOperation.Of(environment, suite.NewValue).Select(operation => operation.Name).ToList())
        {
            injected += await suite.OperationAsync(name);
        }

        environment.Vendor.AssertClean();
        return suite._failures.Count == 0 ? injected
            : throw new ProviderConformanceException(environment.Provider.Descriptor.Id, [.. suite._failures.Take(40)]);
    }

    private async Task<int> OperationAsync(string name)
    {
        var operation = await StartAsync(name);
        var clean = await TriedAsync(operation.Run, 1);
        Saw(name, clean);
        if (!clean.Outcome.Succeeded)
        {
            _failures.Add($"{name} without a fault: {Shown(clean)}, expected a success.");
            return 0;
        }

        var calls = _environment.Vendor.Requests.Count;
        var end = await _environment.StateAsync();
        for (var call = 0; call < calls; call++)
        {
            foreach (var fault in FakeFault.All)
            {
                await FaultAsync(name, call, fault, end);
            }
        }

        return calls * FakeFault.All.Count;
    }

    private async Task FaultAsync(string name, int call, FakeFault fault, string end)
    {
        var what = $"{name}, call {call + 1}, {fault}";
        try
        {
            var operation = await StartAsync(name);
            var before = await _environment.StateAsync();
            _environment.Vendor.FailAt(call, fault);
            var failed = await TriedAsync(operation.Run, 1);
            Saw(what, failed);
            var after = await _environment.StateAsync();
            Judge(what, failed, fault, changed: after != before, same: after == end);
            if (name == "Issue"
                && (failed.Outcome.Kind == StepOutcomeKind.Unknown || (failed.Outcome.Succeeded && !RepeatsIssue))
                && _environment.Provider.Can<IListCredentials>() is null)
            {
                // What was made cannot be looked for: its caller leaves it to a person, and does not mint again. Nor after a success.
                return;
            }

            _environment.Vendor.Forget();
            _environment.Wait(failed.Outcome.RetryAfter ?? TimeSpan.Zero);
            // Also after a success: told that a thing is not there, it may rightly have had nothing to do. Now it is there.
            var again = await TriedAsync(operation.Again ?? operation.Run, 2);
            Saw(what + ", then again", again);
            Expect(again.Outcome.Succeeded, $"{what}: the next attempt gave {Shown(again)}, expected a success.");
            var mayDiffer = _environment.BelievesNotFound && failed.Outcome.Succeeded && fault.Status == 404;
            Expect(
                mayDiffer || await _environment.StateAsync() == end,
                $"{what}: the next attempt left another state than a first one without a fault.");
        }
        catch (Exception exception)
        {
            Expect(_canaries.FoundIn(exception.ToString()) is null, $"{what}: an exception tells a secret value.");
            _failures.Add($"{what} threw {exception.GetType().Name} instead of answering: {exception.Message}");
        }
    }

    private static async Task<OperationResult> TriedAsync(Func<int, Task<OperationResult>> run, int attempt)
    {
        try
        {
            return await run(attempt);
        }
        catch (OutcomeException exception)
        {
            // How an ability answers whose answer is no outcome.
            return new(exception.Outcome, Told: exception);
        }
    }

    private void Judge(string what, OperationResult failed, FakeFault fault, bool changed, bool same)
    {
        var outcome = failed.Outcome;
        Expect(outcome.Succeeded || !string.IsNullOrWhiteSpace(outcome.Reason), $"{what}: {outcome.Kind} without a reason.");
        Expect(
            outcome.Kind != StepOutcomeKind.Rejected || !changed,
            $"{what}: Rejected (\"{outcome.Reason}\"), and yet something changed.");
        // Told that there is no such thing, or that nobody knows the value that is shown, it may rightly have had nothing to do.
        var isToldGone = fault.Status == 404 || (fault.Status == 401 && what.StartsWith("End,", StringComparison.Ordinal));
        Expect(!outcome.Succeeded || same || isToldGone, $"{what}: a success, and yet the state is not as it should be.");
        var retry = fault.RetryAfterSeconds is not { } seconds || outcome.Succeeded || outcome.RetryAfter == TimeSpan.FromSeconds(seconds);
        Expect(retry, $"{what}: the wish to wait {fault.RetryAfterSeconds} s became {outcome.RetryAfter} ({Shown(failed)}).");
    }

    private bool RepeatsIssue => _environment.Provider.Descriptor.RepeatsIssue;

    private async Task<VendorOperation> StartAsync(string name)
    {
        _environment.Reset();
        _values = 0;
        var operation = VendorOperation.Of(_environment, NewValue).First(o => o.Name == name);
        _environment.Vendor.Forget();
        await operation.Prepare();
        _environment.Vendor.Forget();
        return operation;
    }

    private string NewValue()
    {
        // The same ones in each run, so that two ends of a run can be compared.
        var value = _environment.NewFaultValue(++_values);
        _canaries.Add(value);
        return value;
    }

    private void Saw(string what, OperationResult result) =>
        Expect(_canaries.FoundIn(result.ToString()) is null, $"{what} tells a secret value: {result.Outcome.Kind}");

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            _failures.Add(otherwise);
        }
    }

    private static string Shown(OperationResult result) => $"{result.Outcome.Kind} ({result.Outcome.Reason})";
}
