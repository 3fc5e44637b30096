using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>Minting and what follows it. After a failure the caller looks for the label and revokes what it finds, then mints
/// again.</summary>
internal static class VendorIssueOperations
{
    private const string Label = "rotunda-conformance-1";

    public static IEnumerable<VendorOperation> Of(VendorEnvironment environment, IIssueCredentials issuing)
    {
        var provider = environment.Provider;
        CredentialHandle? minted = null;
        SecretValue? value = null;

        async Task<OperationResult> IssueAsync(int attempt)
        {
            var previous = provider.Descriptor.Carries.Count > 0 ? environment.Credential : null;
            var result = await issuing.IssueAsync(environment.Call(attempt), environment.Request(Label, previous), default);
            if (result.Outcome.Succeeded)
            {
                (minted, value) = (result.Credential, result.Value);
            }

            return new(result.Outcome);
        }

        async Task<OperationResult> LookThenIssueAsync(int attempt)
        {
            if (provider.Can<IListCredentials>() is { } listing && provider.Can<IRevokeCredentials>() is { } revoking)
            {
                foreach (var lost in (await listing.ListAsync(
                    environment.Call(attempt),
                    default)).Where(l => provider.Descriptor.Labels.IsOf(Label, l.Handle.Label)))
                {
                    new OperationResult(await revoking.RevokeAsync(environment.Call(attempt), lost.Handle, default)).MustSucceed(
                        "Revoke of what was lost");
                }
            }

            return await IssueAsync(attempt);
        }

        async Task MintAsync() => (await IssueAsync(1)).MustSucceed("Issue");

        yield return new("Issue", () => Task.CompletedTask, IssueAsync, LookThenIssueAsync);
        if (provider.Can<IListCredentials>() is { } lister)
        {
            yield return new("List", MintAsync, async attempt =>
            {
                try
                {
                    var found = await lister.ListAsync(environment.Call(attempt), default);
                    return new(
                        found.Any(l => provider.Descriptor.Labels.IsOf(Label, l.Handle.Label))
                            ? StepOutcome.Done()
                            : StepOutcome.Rejected("not listed"),
                        string.Join('\n', found));
                }
                catch (OutcomeException failure)
                {
                    return new(failure.Outcome, Told: failure);
                }
            });
        }

        if (provider.Can<ILeaseCredentials>() is { } leasing)
        {
            yield return new("Renew", MintAsync, async attempt =>
            {
                var answer = await leasing.RenewAsync(environment.Call(attempt), minted!, null, default);
                return new(answer.Kind switch
                {
                    LeaseAnswerKind.Lives => StepOutcome.Done(),
                    LeaseAnswerKind.Refused => StepOutcome.Rejected(answer.Detail!),
                    LeaseAnswerKind.CannotTell => StepOutcome.RetryLater(answer.Detail!, answer.RetryAfter),
                    _ => StepOutcome.Rejected("gone"),
                });
            });
        }

        if (provider.Can<IVerifyCredentials>() is { } verifying)
        {
            yield return new(
                "Verify",
                MintAsync,
                async attempt => OperationResult.Of(await verifying.VerifyAsync(environment.Call(attempt), minted!, value!, default)));
        }

        if (provider.Can<IDisableCredentials>() is { } disabling)
        {
            yield return new(
                "Disable",
                MintAsync,
                async attempt => new(await disabling.DisableAsync(environment.Call(attempt), minted!, default)));
            yield return new(
                "Enable",
                async () =>
                {
                    await MintAsync();
                    new OperationResult(await disabling.DisableAsync(environment.Call(), minted!, default)).MustSucceed("Disable");
                },
                async attempt => new(await disabling.EnableAsync(environment.Call(attempt), minted!, default)));
        }

        if (provider.Can<IRevokeByValue>() is { } ending)
        {
            yield return new(
                "End",
                MintAsync,
                async attempt => new(await ending.RevokeAsync(environment.Call(attempt), minted!, value!, default)));
        }

        if (provider.Can<IRevokeCredentials>() is { } revoker)
        {
            yield return new(
                "Revoke",
                MintAsync,
                async attempt => new(await revoker.RevokeAsync(environment.Call(attempt), minted!, default)));
        }
    }
}
