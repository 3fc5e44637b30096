using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom;

/// <summary>All abilities by the contract of docs/exec-contract.md, whatever carries the requests.</summary>
internal abstract class ContractProvider
    : IProvider, IIssueCredentials, IApplyValues, IVerifyCredentials, IRevokeCredentials, IDisableCredentials, IListCredentials, IReportUse,
    IDeliverValues, IConfirmSync, IRestartConsumers, ICheckConsumers, IValidateSetup
{
    public abstract ProviderDescriptor Descriptor { get; }

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => OutcomeAsync(async () =>
    {
        var operations = call.Settings.TextList(ContractSettings.Operations);
        if (ContractWords.WhyOperationsDoNotFit(operations) is { } wrong)
        {
            return StepOutcome.Rejected(wrong);
        }

        var checkedSetup = await CheckAsync(call, cancellationToken);
        return checkedSetup.Succeeded && operations.Contains(Operations.Validate, StringComparer.Ordinal)
            ? await AskAsync(call, Operations.Validate, _ => { }, cancellationToken) : checkedSetup;
    });

    public async Task<IssueResult> IssueAsync(ProviderCall call, IssueRequest request, CancellationToken cancellationToken)
    {
        CredentialHandle? credential = null;
        SecretValue? value = null;
        DateTimeOffset? end = null;
        var outcome = await OutcomeAsync(() => AskAsync(
            call, Operations.Issue, r => r.With("label", request.Label).With("previous", ContractWords.Handle(request.Previous)),
            reply => (credential, value, end) = (reply.Credential(), reply.Value("value"), reply.Moment("expiresAt")), cancellationToken));
        if (!outcome.Succeeded || (credential is not null && value is not null))
        {
            return new IssueResult(
                outcome,
                credential is null ? null : credential with { Label = credential.Label ?? request.Label },
                value)
            {
                ExpiresAt = end,
            };
        }

        value?.Dispose();
        return new IssueResult(
            StepOutcome.Unknown(
                "The program or service says that it issued a credential, but its answer lacks \"credential\" or "
                    + "\"value\"."));
    }

    public Task<StepOutcome> ApplyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        SecretValue? currentValue,
        CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(
            call,
            Operations.Apply,
            r => r.With("credential", ContractWords.Handle(credential)).WithValue("value", value).WithValue("currentValue", currentValue),
            cancellationToken));

    public async Task<Verification> VerifyAsync(
        ProviderCall call,
        CredentialHandle credential,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var verification = new Verification(Validity.CannotTell);
        var outcome = await OutcomeAsync(() => AskAsync(
            call, Operations.Verify, r => r.With("credential", ContractWords.Handle(credential)).WithValue("value", value),
            reply =>
            {
                var (validity, authenticates) = reply.Word(
                    "validity",
                    ("valid", (Validity.Valid, false)),
                    ("invalid", (Validity.Invalid, false)),
                    ("lacks-rights", (Validity.Invalid, true)),
                    ("cannot-tell", (Validity.CannotTell, false)));
                verification = new(validity, reply.Detail) { Authenticates = authenticates };
            },
            cancellationToken));
        return outcome.Succeeded ? verification : new(Validity.CannotTell, outcome.Reason, outcome.RetryAfter);
    }

    public Task<StepOutcome> RevokeAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(
            call, Operations.Revoke, r => r.With("credential", ContractWords.Handle(credential)), cancellationToken));

    public Task<StepOutcome> DisableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(
            call, Operations.Disable, r => r.With("credential", ContractWords.Handle(credential)), cancellationToken));

    public Task<StepOutcome> EnableAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(
            call, Operations.Enable, r => r.With("credential", ContractWords.Handle(credential)), cancellationToken));

    public async Task<IReadOnlyList<ListedCredential>> ListAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<ListedCredential> found = [];
        var outcome = await OutcomeAsync(() => AskAsync(
            call,
            Operations.List,
            // All of them: the prefix is of a time when only some were asked for.
            r => r.With("labelPrefix", ""),
            reply => found = reply.Credentials(),
            cancellationToken));
        return outcome.Succeeded ? found : throw new OutcomeException(outcome);
    }

    public async Task<UseReport> ReportUseAsync(ProviderCall call, CredentialHandle credential, CancellationToken cancellationToken)
    {
        var report = new UseReport(Use.CannotTell, "");
        var outcome = await OutcomeAsync(() => AskAsync(
            call, Operations.ReportUse, r => r.With("credential", ContractWords.Handle(credential)),
            reply => report = new(
                reply.Word("use", ("in-use", Use.InUse), ("not-used", Use.NotUsed), ("cannot-tell", Use.CannotTell)),
                reply.Detail ?? "",
                reply.Moment("lastUsedAt")), cancellationToken));
        return outcome.Succeeded ? report : new(Use.CannotTell, outcome.Reason ?? "", RetryAfter: outcome.RetryAfter);
    }

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        SecretValue? captured = null;
        var outcome = await OutcomeAsync(() => AskAsync(
            call,
            Operations.Capture,
            _ => { },
            reply => captured = reply.Value("captured"),
            cancellationToken));
        return outcome.Succeeded ? captured : throw new OutcomeException(outcome);
    }

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(call, Operations.Deliver, r => r.WithValues(values), cancellationToken));

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(call, Operations.Restore, r => r.WithValue("captured", captured), cancellationToken));

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(call, Operations.Confirm, r => r.WithValues(expected), cancellationToken));

    public Task<StepOutcome> RestartAsync(ProviderCall call, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(call, Operations.Restart, _ => { }, cancellationToken));

    public Task<StepOutcome> CheckAsync(ProviderCall call, ExpectedFingerprints expected, CancellationToken cancellationToken) =>
        OutcomeAsync(() => AskAsync(
            call, Operations.Check,
            r => r.With(
                "expected",
                new System.Text.Json.Nodes.JsonObject
                {
                    ["primary"] = expected.Primary,
                    ["secondary"] = expected.Secondary,
                }), cancellationToken));

    /// <summary>Carries one request there and brings back the whole answer.</summary>
    /// <exception cref="OutcomeException">There is none; the outcome says what that means.</exception>
    protected abstract Task<ReadOnlyMemory<byte>> ExchangeAsync(
        ProviderCall call,
        ContractRequest request,
        CancellationToken cancellationToken);

    /// <summary>Checks the settings without asking it anything.</summary>
    protected abstract Task<StepOutcome> CheckAsync(ProviderCall call, CancellationToken cancellationToken);

    private Task<StepOutcome> AskAsync(
        ProviderCall call,
        string operation,
        Action<ContractRequest> fill,
        CancellationToken cancellationToken) =>
        AskAsync(call, operation, fill, _ => { }, cancellationToken);

    /// <param name="read">Takes what else a success tells, before anything of it is shown.</param>
    private async Task<StepOutcome> AskAsync(
        ProviderCall call,
        string operation,
        Action<ContractRequest> fill,
        Action<ContractReply> read,
        CancellationToken cancellationToken)
    {
        using var request = await ContractRequest.CreateAsync(call, operation, fill, cancellationToken);
        using var reply = ContractReply.Parse(request, await ExchangeAsync(call, request, cancellationToken));
        if (reply.Outcome().Succeeded)
        {
            read(reply);
        }

        return reply.Outcome();
    }

    private static async Task<StepOutcome> OutcomeAsync(Func<Task<StepOutcome>> work)
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
