using Microsoft.Extensions.Logging;
using Rotunda.Activities.InForce;
using Rotunda.Files;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Registry;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Notices;

/// <summary>
/// The activity that sends one message by one channel: the channel's credentials are read here, and are in nothing that comes out. What
/// fails is on record.
/// </summary>
public sealed partial class NoticeActivity(
    ICatalogInForce catalog,
    ProviderRegistry providers,
    IReferenceResolver references,
    PersonalNotices personal,
    ILedger ledger,
    TimeProvider time,
    ILogger<NoticeActivity> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <exception cref="OperationCanceledException">The host stops: the engine runs the activity again.</exception>
    public async Task<StepOutcome> RunAsync(NoticeAttempt input, CancellationToken cancellationToken)
    {
        if (input.GivenUp is { } why)
        {
            LogGivenUp(input.Channel, input.Message.Title, why);
            await personal.GiveUpAsync(input.Message, cancellationToken);
            await RecordAsync(AuditActions.NoticeGivenUp, input, why, cancellationToken);
            return StepOutcome.Done();
        }

        using var scope = new SecretScope().Enter();
        var outcome = scope.Redact(await AttemptAsync(input, scope, cancellationToken));
        if (outcome.Succeeded)
        {
            LogSent(input.Channel, input.Message.Title, input.Attempt);
        }
        else
        {
            LogNotSent(input.Channel, input.Message.Title, input.Attempt, outcome.Reason);
            if (input.Attempt == 1)
            {
                await RecordAsync(AuditActions.NoticeNotSent, input, outcome.Reason, cancellationToken);
            }
        }

        return outcome;
    }

    /// <summary>Sends it now, and records nothing: for people who try a channel.</summary>
    public async Task<StepOutcome> TryAsync(string channel, NoticeMessage message, CancellationToken cancellationToken)
    {
        using var scope = new SecretScope().Enter();
        return scope.Redact(await AttemptAsync(new NoticeAttempt(channel, message, 1), scope, cancellationToken));
    }

    private async Task<StepOutcome> AttemptAsync(NoticeAttempt input, SecretScope scope, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await SendAsync(input, scope, linked.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return StepOutcome.Unknown($"No answer within {Limit.TotalMinutes:0} minutes.");
        }
        catch (OutcomeException failed)
        {
            return failed.Outcome;
        }
        catch (Exception problem) when (problem is not SimulatedCrashException)
        {
            // Everything becomes an outcome: the orchestration tries again on outcomes.
            return StepOutcome.Unknown($"{problem.GetType().Name}: {problem.Message}");
        }
    }

    private async Task<StepOutcome> SendAsync(NoticeAttempt input, SecretScope scope, CancellationToken cancellationToken)
    {
        if (await catalog.GetAsync(cancellationToken) is not { } current)
        {
            return StepOutcome.RetryLater("There is no valid catalog yet.");
        }

        if (current.Notices?.Channels.GetValueOrDefault(input.Channel) is not { } channel)
        {
            // Whoever removed it wants nothing sent there any more.
            return StepOutcome.Done(("note", "the channel is no longer in the catalog"));
        }

        if (providers.Ability<ISendNotices>(channel.Provider) is not { } sender)
        {
            return StepOutcome.Rejected($"This release knows no channel of the type '{channel.Provider.Type}'. Use another type.");
        }

        if (await personal.AddressAsync(current.Notices, channel.Provider, input.Message, scope, cancellationToken)
            is not var (to, message))
        {
            return StepOutcome.Done(("note", "there is nobody who is to get it any more"));
        }

        var settings = new ProviderSettings(to, new ScopedReferences(references, scope));
        var call = new ProviderCall(settings, message.Secret ?? "", message.RotationId ?? "", 0, input.Attempt, time);
        return await sender.SendAsync(call, message, cancellationToken);
    }

    private async Task RecordAsync(string action, NoticeAttempt input, string? why, CancellationToken cancellationToken)
    {
        try
        {
            var detail = $"{input.Channel}, {NoticeKinds.NameOf(input.Message.Kind)}{For(input.Message)}: {why} (Id: {input.Message.Id})";
            await ledger.AuditAsync(
                new AuditEntry(AuditActions.System, action, input.Message.Secret, input.Message.RotationId, null, detail),
                cancellationToken);
        }
        catch (LedgerUnavailableException problem)
        {
            LogNotRecorded(input.Channel, problem.Message);
        }
    }

    private static string For(NoticeMessage message) => message.Person is { } person ? $" for {person}" : "";

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Sent by {Channel}: {Title} (attempt {Attempt})")]
    private partial void LogSent(string channel, string title, int attempt);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Not sent by {Channel}: {Title} (attempt {Attempt}): {Reason}")]
    private partial void LogNotSent(string channel, string title, int attempt, string? reason);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Error, Message = "Given up, {Channel}: {Title}: {Reason}")]
    private partial void LogGivenUp(string channel, string title, string reason);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "That {Channel} failed is not on record: {Problem}")]
    private partial void LogNotRecorded(string channel, string problem);
}
