using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>One ability method as the fault runs call it: what comes before it, and the call.</summary>
/// <param name="Prepare">Without faults, each time: what must have happened before.</param>
/// <param name="Run">With the attempt's number.</param>
/// <param name="Again">How its caller takes it up after a failure, where that is more than calling it again; null for
/// <paramref name="Run"/>.</param>
internal sealed record VendorOperation(
    string Name, Func<Task> Prepare, Func<int, Task<OperationResult>> Run, Func<int, Task<OperationResult>>? Again = null)
{
    /// <summary>Every operation of the provider's abilities.</summary>
    public static IEnumerable<VendorOperation> Of(VendorEnvironment environment, Func<string> newValue)
    {
        var provider = environment.Provider;
        var values = new VendorValues(environment, newValue);
        static Task Nothing() => Task.CompletedTask;
        if (provider is IValidateSetup validating)
        {
            yield return new("Validate", Nothing, async attempt => new(await validating.ValidateAsync(environment.Call(attempt), default)));
        }

        foreach (var operation in Targets(environment, values)
            .Concat(Credentials(environment, values))
            .Concat(VendorStoreOperations.Of(environment, newValue)))
        {
            yield return operation;
        }

        if (provider.Can<IRestartConsumers>() is { } restarting)
        {
            yield return new("Restart", Nothing, async attempt => new(await restarting.RestartAsync(environment.Call(attempt), default)));
        }

        if (provider.Can<IScaleConsumers>() is { } scaling && environment.IsScalable)
        {
            async Task<OperationResult> ScaleAsync(int attempt, bool toZero) =>
                new(await scaling.ScaleAsync(environment.Call(attempt), toZero, default));
            yield return new("ScaleToZero", Nothing, attempt => ScaleAsync(attempt, toZero: true));
            yield return new(
                "ScaleBack",
                async () => (await ScaleAsync(1, toZero: true)).MustSucceed("ScaleToZero"),
                attempt => ScaleAsync(attempt, toZero: false));
        }

        if (provider.Can<ICheckConsumers>() is { } checking)
        {
            yield return new(
                "Check",
                Nothing,
                async attempt => new(await checking.CheckAsync(environment.Call(attempt), environment.Fingerprints, default)));
        }

        if (provider.Can<IReportUse>() is { } reporting)
        {
            yield return new(
                "ReportUse",
                Nothing,
                async attempt => OperationResult.Of(
                    await reporting.ReportUseAsync(environment.Call(attempt), environment.Credential, default)));
        }
    }

    private static IEnumerable<VendorOperation> Targets(VendorEnvironment environment, VendorValues values)
    {
        if (environment.Provider.Can<IDeliverValues>() is not { } delivering)
        {
            yield break;
        }

        async Task<OperationResult> DeliverAsync(int attempt, string name) =>
            new(await values.WithAsync(name, v => delivering.DeliverAsync(environment.Call(attempt), v, default)));
        async Task<OperationResult> CaptureAsync(int attempt)
        {
            try
            {
                values.Captured?.Dispose();
                values.Captured = await delivering.CaptureAsync(environment.Call(attempt), default);
                return new(StepOutcome.Done());
            }
            catch (OutcomeException failure)
            {
                return new(failure.Outcome, Told: failure);
            }
        }

        yield return new("Deliver", () => Task.CompletedTask, attempt => DeliverAsync(attempt, "first"));
        if (!environment.Provider.Descriptor.IsWriteOnly)
        {
            yield return new("Capture", () => Task.CompletedTask, CaptureAsync);
            yield return new("Restore", async () =>
            {
                (await CaptureAsync(1)).MustSucceed("Capture");
                (await DeliverAsync(1, "first")).MustSucceed("Deliver");
            }, async attempt => new(await delivering.RestoreAsync(environment.Call(attempt), values.Captured, default)));
        }

        if (environment.Provider.Can<IConfirmSync>() is { } confirming)
        {
            IReadOnlyDictionary<string, string>? facts = null;
            yield return new("Confirm", async () =>
            {
                var delivered = await DeliverAsync(1, "first");
                delivered.MustSucceed("Deliver");
                facts = delivered.Outcome.Facts;
                environment.Arrive();
            }, async attempt => new(
                await values.WithAsync("first", v => confirming.ConfirmAsync(environment.Call(attempt).After(facts), v, default))));
        }
    }

    private static IEnumerable<VendorOperation> Credentials(VendorEnvironment environment, VendorValues values)
    {
        var provider = environment.Provider;
        if (provider.Can<IApplyValues>() is { } applying)
        {
            async Task<OperationResult> ApplyAsync(int attempt)
            {
                using var value = values.Secret("first");
                return new(await applying.ApplyAsync(environment.Call(attempt), environment.Credential, value, null, default));
            }

            yield return new("Apply", () => Task.CompletedTask, ApplyAsync);
            if (provider.Can<IVerifyCredentials>() is { } verifying)
            {
                yield return new("Verify", async () => (await ApplyAsync(1)).MustSucceed("Apply"), async attempt =>
                {
                    using var value = values.Secret("first");
                    return OperationResult.Of(
                        await verifying.VerifyAsync(environment.Call(attempt), environment.Credential, value, default));
                });
            }

            if (provider.Can<IRevokeCredentials>() is { } revoking)
            {
                yield return new(
                    "Revoke",
                    async () => (await ApplyAsync(1)).MustSucceed("Apply"),
                    async attempt => new(await revoking.RevokeAsync(environment.Call(attempt), environment.Credential, default)));
            }
        }

        foreach (var operation in provider.Descriptor.Abilities.HasFlag(Abilities.TakeSupplied) ? Supplied(environment) : [])
        {
            yield return operation;
        }

        if (provider.Can<IIssueCredentials>() is { } issuing)
        {
            foreach (var operation in VendorIssueOperations.Of(environment, issuing))
            {
                yield return operation;
            }
        }
    }

    private static IEnumerable<VendorOperation> Supplied(VendorEnvironment environment)
    {
        static Task Nothing() => Task.CompletedTask;
        var (credential, text) = (environment.Credential, environment.InUse ?? "");
        if (environment.Provider.Can<IVerifyCredentials>() is { } verifying)
        {
            yield return new("Verify", Nothing, async attempt =>
            {
                using var value = SecretValue.FromText(text);
                return OperationResult.Of(await verifying.VerifyAsync(environment.Call(attempt), credential, value, default));
            });
        }

        if (environment.Provider.Can<IRevokeByValue>() is { } ending)
        {
            yield return new("End", Nothing, async attempt =>
            {
                using var value = SecretValue.FromText(text);
                return new(await ending.RevokeAsync(environment.Call(attempt), credential, value, default));
            });
        }

        if (environment.Provider.Can<IRevokeCredentials>() is { } revoking)
        {
            yield return new(
                "Revoke",
                Nothing,
                async attempt => new(await revoking.RevokeAsync(environment.Call(attempt), credential, default)));
        }
    }
}

/// <summary>What an operation answered, in one form.</summary>
/// <param name="Detail">What else it said.</param>
/// <param name="Told">The exception that stands for an outcome there.</param>
internal sealed record OperationResult(StepOutcome Outcome, string Detail = "", Exception? Told = null)
{
    public static OperationResult Of(Verification verification) => new(
        verification.Validity == Validity.Valid ? StepOutcome.Done()
        : verification.Validity == Validity.Invalid
            ? StepOutcome.Rejected($"invalid: {verification.Detail}")
            : StepOutcome.RetryLater(verification.Detail ?? "", verification.RetryAfter),
        verification.Detail ?? "");

    public static OperationResult Of(UseReport report) => new(
        report.Use == Use.CannotTell
            ? StepOutcome.RetryLater(report.Detail, report.RetryAfter)
            : StepOutcome.Done(("use", report.Use.ToString())), report.Detail);

    public void MustSucceed(string what)
    {
        if (!Outcome.Succeeded)
        {
            throw new InvalidOperationException($"{what} failed in the preparation: {Outcome.Kind} ({Outcome.Reason})");
        }
    }

    public override string ToString() => $"{JsonSerializer.Serialize(Outcome)}\n{Outcome.Reason}\n{Detail}\n{Told}";
}
