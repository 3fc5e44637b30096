namespace Rotunda.Providers.Web;

/// <summary>
/// Listens to the dates that servers send with their answers, for as long as it lives and in its own flow of calls only. TLS tells
/// whose they are; without it they are believed from this machine alone.
/// </summary>
public sealed class ServerDates : IDisposable
{
    private static readonly AsyncLocal<ServerDates?> Current = new();
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();

    private ServerDates(TimeProvider time) => _time = time;

    /// <summary>How far this machine's clock is ahead of the one that answered last; null if none has told its date.</summary>
    public TimeSpan? Ahead { get; private set; }

    public static ServerDates Listen(TimeProvider time) => Current.Value = new ServerDates(time);

    public void Dispose() => Current.Value = null;

    internal static void Note(Uri address, DateTimeOffset? date)
    {
        if (Current.Value is { } listener && date is { } told && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
        {
            lock (listener._gate)
            {
                listener.Ahead = listener._time.GetUtcNow() - told;
            }
        }
    }
}
