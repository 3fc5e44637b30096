using System.Runtime.InteropServices;

namespace Rotunda.Server.Hosting;

/// <summary>
/// What the system tells this process. SIGTERM, SIGINT, SIGQUIT and a closed terminal stop it cleanly, a second one at once; SIGHUP
/// without a terminal that was closed reloads. Under nohup the runtime leaves SIGHUP ignored.
/// </summary>
internal sealed partial class Signals : IDisposable
{
    private readonly ILogger<Signals> _logger;
    private readonly Action _stop;
    private readonly Action _reload;
    private readonly bool _endsWithTerminal;
    private readonly IReadOnlyList<PosixSignalRegistration> _registered;
    private int _stopping;

    /// <param name="stop">Returns at once.</param>
    /// <param name="reload">Returns at once.</param>
    public Signals(ILogger<Signals> logger, Action stop, Action reload)
    {
        (_logger, _stop, _reload) = (logger, stop, reload);
        _endsWithTerminal = HasTerminal();
        _registered =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp),
        ];
    }

    public void Dispose()
    {
        foreach (var one in _registered)
        {
            one.Dispose();
        }
    }

    private void Stop(PosixSignalContext context)
    {
        // The second one gets what the system does by itself: the process ends.
        context.Cancel = Interlocked.Exchange(ref _stopping, 1) == 0;
        if (context.Cancel)
        {
            var signal = context.Signal.ToString();
            LogStopping(signal);
            _stop();
        }
    }

    /// <summary>The kernel takes the terminal away before it sends this, so it can be told from an operator's.</summary>
    private void HangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        if (OperatingSystem.IsWindows() || (_endsWithTerminal && !HasTerminal()))
        {
            if (Interlocked.Exchange(ref _stopping, 1) == 0)
            {
                LogStopping("the terminal's end");
                _stop();
            }

            return;
        }

        _reload();
    }

    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle("/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LoggerMessage(
        EventId = 7001,
        Level = LogLevel.Information,
        Message = "Stopping because of {Cause}; rotations under way go on at the next start")]
    private partial void LogStopping(string cause);
}
