using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>An operation that orchestration code may be waiting for. Completed only on the pump.</summary>
internal abstract class Waiting
{
    public abstract void Complete(string? json, PayloadSerializer serializer);

    public abstract void Fail(Exception exception);

    public abstract void Cancel(CancellationToken cancellationToken);
}

internal sealed class Waiting<T> : Waiting
{
    // Deliberately without RunContinuationsAsynchronously: continuations must reach the pump, not the thread pool.
#pragma warning disable MA0167
    private readonly TaskCompletionSource<T> _source = new();
#pragma warning restore MA0167

    public Task<T> Task => _source.Task;

    public override void Complete(string? json, PayloadSerializer serializer)
    {
        try
        {
            _source.TrySetResult(serializer.Deserialize<T>(json)!);
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or NotSupportedException)
        {
            // The code asked for a type that the payload is not: its own failure, at its own await.
            _source.TrySetException(exception);
        }
    }

    public override void Fail(Exception exception) => _source.TrySetException(exception);

    public override void Cancel(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);
}
