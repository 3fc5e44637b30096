using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Rotunda.Activities.Checks;
using Rotunda.Activities.Clocks;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Interpreter;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Steps;

/// <summary>
/// The activity behind every step kind: records the intent behind the fence, bounds the attempt's time, turns what went wrong
/// into an outcome without values in it, and records what came of it.
/// </summary>
public sealed partial class StepActivity(
    IEnumerable<IStep> steps,
    StepServices services,
    IReferenceResolver references,
    ClockWatch clock,
    ILogger<StepActivity> logger)
{
    /// <summary>For one question of the evidence gate, whose own timeout is that of the whole gate.</summary>
    private static readonly TimeSpan AskingLimit = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, IStep> _steps = steps.ToDictionary(step => step.Kind, StringComparer.Ordinal);
    private readonly AttemptLimit _limit = new(services.Time);
    private readonly ILogger _logger = logger;

    public IReadOnlyCollection<string> Kinds => _steps.Keys;

    /// <exception cref="OperationCanceledException">The host stops. Nothing is recorded: the engine runs the activity again.</exception>
    public async Task<StepOutcome> RunAsync(string kind, StepInput input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LogBegin(input.RotationId, kind, input.Step.Id, input.Attempt);
        using var span = RotationTrace.StartStep(kind, input);
        var began = services.Time.GetTimestamp();
        using var scope = new SecretScope().Enter();
        var outcome = scope.Redact(await AttemptAsync(kind, input, scope, cancellationToken));
        var recorded = await EndAsync(kind, input, outcome);
        StepMeter.StepEnded(kind, recorded.Kind, services.Time.GetElapsedTime(began));
        RotationTrace.EndStep(span, recorded);
        if (recorded.Succeeded || recorded.Kind == StepOutcomeKind.Continue)
        {
            LogEnd(input.RotationId, kind, input.Step.Id, input.Attempt, recorded.Kind);
        }
        else
        {
            LogProblem(input.RotationId, kind, input.Step.Id, input.Attempt, recorded.Kind, recorded.Reason);
        }

        return recorded;
    }

    /// <summary>The activity <see cref="StepKinds.Record"/>.</summary>
    public async Task<StepOutcome> RecordAsync(RecordInput input, CancellationToken cancellationToken)
    {
        try
        {
            if (input.Action == RotationActions.GraceStarted)
            {
                // A jump from before it is on record before it: only what is skipped after its start is waited for.
                await clock.LookAsync(cancellationToken);
            }

            await services.Ledger.RecordStateAsync(input, cancellationToken);
            if (input.State.IsFinal() && await services.Ledger.GetRotationAsync(input.RotationId, cancellationToken) is { } rotation)
            {
                StepMeter.RotationEnded(rotation.State, rotation.Trigger);
                RotationTrace.WriteRoot(rotation, rotation.State, rotation.EndedAt ?? services.Time.GetUtcNow());
            }

            return StepOutcome.Done();
        }
        catch (LedgerUnavailableException exception)
        {
            return StepOutcome.RetryLater(exception.Message);
        }
    }

    private async Task<StepOutcome> AttemptAsync(string kind, StepInput input, SecretScope scope, CancellationToken cancellationToken)
    {
        var limit = kind == StepKinds.Evidence ? AskingLimit : input.Step.Timeout ?? Timeout.InfiniteTimeSpan;
        using var timeout = new CancellationTokenSource(limit, services.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            if (!_steps.TryGetValue(kind, out var step))
            {
                return StepOutcome.Rejected($"This release knows no step '{kind}'. Start the release that made the plan, or a newer one.");
            }

            // The intent is on record, and the fence passed, before anything is read that could lead outside.
            await services.Ledger.BeginStepAsync(input, cancellationToken);
            return await _limit.RunAsync(
                $"{input.RotationId}/{input.Step.Id}",
                async stop => await step.ExecuteAsync(await ContextAsync(input, scope, stop), stop),
                linked.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (GivenUpException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (GivenUpException late)
        {
            return TimedOut(
                kind,
                $"No answer within {DurationText.Format(limit)}. {late.Message} Look at what it waits for (a disk or a mount that hangs).");
        }
        catch (Exception exception) when (exception is not SimulatedCrashException)
        {
            // Everything becomes an outcome here: the interpreter decides on outcomes only.
            return timeout.IsCancellationRequested && exception is OperationCanceledException
                ? TimedOut(kind, $"No answer within {DurationText.Format(limit)}.") : OutcomeOf(exception, kind, scope);
        }
    }

    private async Task<StepContext> ContextAsync(StepInput input, SecretScope scope, CancellationToken cancellationToken)
    {
        var rotation = await services.Ledger.GetRotationAsync(input.RotationId, cancellationToken)
            ?? throw new InvalidOperationException($"The ledger has no rotation '{input.RotationId}'.");
        var secret = await services.Ledger.GetSecretAsync(rotation.Secret, cancellationToken)
            ?? throw new InvalidOperationException($"The ledger has no secret '{rotation.Secret}'.");
        var binding = input.Undo is { } undo ? undo.Provider : input.Step.Provider;
        var scoped = new ScopedReferences(references, scope);
        var call = binding is null ? null : new ProviderCall(
            new ProviderSettings(binding.Settings, scoped), secret.Name, rotation.Id, rotation.Number, input.Attempt, services.Time)
        {
            Step = input.Undo?.Id ?? input.Step.Id,
            SecretSalt = secret.Salt,
            Strategy = rotation.Plan.SecretStrategy ?? rotation.Plan.Strategy,
            Target = input.Undo?.Target ?? input.Step.Target,
        };
        return new StepContext(
            input,
            rotation,
            secret,
            input.Undo?.Settings ?? input.Step.Settings,
            binding,
            call) { Scope = scope, References = scoped };
    }

    private static StepOutcome TimedOut(string kind, string reason) =>
        IsRead(kind) ? StepOutcome.RetryLater(reason) : StepOutcome.Unknown(reason);

    private static bool IsRead(string kind) => kind
        is StepKinds.Validate or StepKinds.Verify or StepKinds.ConfirmSync or StepKinds.VerifyConsumers or StepKinds.Evidence
            or StepKinds.TakeOver or StepKinds.Hold
            or StepKinds.Ask or StepKinds.ConfirmRevoked
        or StepKinds.Preflight or StepKinds.Rehearse;

    private static StepOutcome OutcomeOf(Exception exception, string kind, SecretScope scope)
    {
        var untouched = scope.OutsideCalls == 0 || IsRead(kind);
        return exception switch
        {
            FencedException => StepOutcome.Fenced(exception.Message),
            // What could not be read or listed was the last call, and settings are read at the start of one: "nothing happened" is true
            // of it alone, not of the calls before.
            OutcomeException failed when scope.OutsideCalls <= 1 || IsRead(kind) => failed.Outcome,
            OutcomeException { Outcome: { Kind: StepOutcomeKind.Rejected } refused } => refused with { Kind = StepOutcomeKind.Unknown },
            OutcomeException failed => failed.Outcome,
            SecretNotFoundException when untouched => StepOutcome.Rejected(exception.Message),
            LedgerUnavailableException or StoreUnavailableException when untouched =>
                StepOutcome.RetryLater(exception.Message, (exception as StoreUnavailableException)?.RetryAfter),
            LedgerUnavailableException or StoreUnavailableException => StepOutcome.Unknown(exception.Message),
            HttpRequestException http when NothingSent(http) =>
                StepOutcome.RetryLater($"The system cannot be reached: {exception.Message}"),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable
                or SocketError.NetworkUnreachable } =>
                StepOutcome.RetryLater($"The system cannot be reached: {exception.Message}"),
            OperationCanceledException => TimedOut(kind, "No answer in time."),
            _ when IsRead(kind) => StepOutcome.RetryLater($"{exception.GetType().Name}: {exception.Message}"),
            _ => StepOutcome.Unknown($"{exception.GetType().Name}: {exception.Message}"),
        };
    }

    private static bool NothingSent(HttpRequestException exception) => exception.HttpRequestError
        is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError;

    private async Task<StepOutcome> EndAsync(string kind, StepInput input, StepOutcome outcome)
    {
        try
        {
            // What has happened is recorded even when the host is stopping.
            await services.Ledger.EndStepAsync(input, outcome, CancellationToken.None);
            return outcome;
        }
        catch (Exception exception) when (exception is LedgerUnavailableException or InvalidOperationException)
        {
            LogNotRecorded(input.RotationId, kind, input.Step.Id, input.Attempt, exception.Message);
            return outcome.Kind is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone or StepOutcomeKind.Continue
                or StepOutcomeKind.Unknown
                ? StepOutcome.Unknown($"What came of it could not be recorded. {exception.Message}")
                : outcome with { Reason = $"{outcome.Reason} (Not on record: {exception.Message})" };
        }
    }
}
