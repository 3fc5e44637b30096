using System.Text.Json;
using Microsoft.DurableTask;
using Rotunda.Orchestration;

namespace Rotunda.Functions;

/// <summary>
/// Durable Task's context as the one that orchestrations are written against. Timers beyond the backend's longest are cut into
/// pieces by the worker itself. Everything runs on the orchestrator's thread.
/// </summary>
public sealed class DurableContext : IOrchestrationContext, IDisposable
{
    private static readonly TimeSpan s_tooEarly = TimeSpan.FromSeconds(1);
    private readonly TaskOrchestrationContext _inner;
    private readonly PayloadSerializer _payloads;
    private readonly DurableEvents _events;

    /// <summary>Cancelled at the end: an unfired timer would keep a finished instance running.</summary>
    private readonly CancellationTokenSource _ended = new();

    private DurableContext(TaskOrchestrationContext inner, PayloadSerializer payloads)
    {
        (_inner, _payloads) = (inner, payloads);
        _events = new DurableEvents(inner);
    }

    public string Name => _inner.Name.Name;

    public string InstanceId => _inner.InstanceId;

    public DateTimeOffset CurrentUtcTime => new(DateTime.SpecifyKind(_inner.CurrentUtcDateTime, DateTimeKind.Utc));

    public bool IsReplaying => _inner.IsReplaying;

    /// <summary>Runs an orchestration on Durable Task.</summary>
    public static async Task<TOutput> RunAsync<TInput, TOutput>(
        TaskOrchestrationContext inner, PayloadSerializer payloads, Func<IOrchestrationContext, TInput?, Task<TOutput>> orchestration)
    {
        using var context = new DurableContext(inner, payloads);
        var logger = inner.CreateReplaySafeLogger(OrchestrationLog.Category);
        logger.LogBegun(context.Name, context.InstanceId);
        try
        {
            var output = await orchestration(context, context.GetInput<TInput>());
            logger.LogEnded(context.Name, context.InstanceId);
            return output;
        }
        catch (Exception problem)
        {
            logger.LogBroken(problem, context.Name, context.InstanceId);
            throw;
        }
        finally
        {
            context.End();
        }
    }

    /// <summary>The input as it stands in the history, read by the contracts of this project.</summary>
    public T? GetInput<T>() => _inner.GetInput<JsonElement?>() is { } input ? _payloads.Deserialize<T>(input.GetRawText()) : default;

    public Guid NewGuid() => _inner.NewGuid();

    public Task<TResult> CallActivityAsync<TResult>(string name, object? input = null) =>
        TellFailureAsync(_inner.CallActivityAsync<TResult>(new TaskName(name), input));

    public Task<TResult> CallSubOrchestrationAsync<TResult>(string name, object? input = null, string? instanceId = null) =>
        TellFailureAsync(
            _inner.CallSubOrchestratorAsync<TResult>(
                new TaskName(name),
                input,
                new SubOrchestrationOptions(instanceId: instanceId ?? $"{InstanceId}:{NewGuid():N}")));

    public async Task CreateTimerAsync(DateTimeOffset fireAt, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        await _inner.CreateTimer(fireAt.UtcDateTime, either.Token);
        while (CurrentUtcTime < fireAt)
        {
            // Azure Storage counts in whole seconds, and fires up to one too early.
            await _inner.CreateTimer(fireAt.UtcDateTime + s_tooEarly, either.Token);
        }
    }

    public async Task<T> WaitForExternalEventAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        var payload = await _events.WaitAsync(name, cancellationToken);
        return payload is { } json ? _payloads.Deserialize<T>(json.GetRawText())! : default!;
    }

    public void SetCustomStatus(object? status)
    {
        // Read back from the checked text, so that what was measured is what is written.
        var json = CustomStatus.Check(_payloads.Serialize(status));
        _inner.SetCustomStatus(json is null ? null : _payloads.Deserialize<JsonElement>(json));
    }

    public void ContinueAsNew(object? input, bool preserveUnprocessedEvents = true)
    {
        _events.ContinueAsNew(preserveUnprocessedEvents);
        _inner.ContinueAsNew(input, preserveUnprocessedEvents);
    }

    public void Dispose() => _ended.Dispose();

    private static async Task<T> TellFailureAsync<T>(Task<T> call)
    {
        try
        {
            return await call;
        }
        catch (Microsoft.DurableTask.TaskFailedException failed)
        {
            var details = failed.FailureDetails;
            throw new Rotunda.Orchestration.TaskFailedException(
                failed.TaskName,
                new FailureDetails(details.ErrorType, details.ErrorMessage, details.StackTrace));
        }
    }

    private void End() => _ended.Cancel();
}
