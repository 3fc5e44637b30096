namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>How long all waiting of one step may take, at all poolers and for all databases together.</summary>
internal sealed class WaitLimit(TimeProvider time, TimeSpan most)
{
    private readonly long _since = time.GetTimestamp();

    public bool IsOver => time.GetElapsedTime(_since) > most;

    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);
}
