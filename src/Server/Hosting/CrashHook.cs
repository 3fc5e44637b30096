using System.Diagnostics;
using System.Globalization;

namespace Rotunda.Server.Hosting;

/// <summary>
/// For tests: kills this process, as a power cut would, at the n-th crash point it comes to (see docs/testing.md).
/// Off unless ROTUNDA_CRASH_AT is set.
/// </summary>
internal sealed class CrashHook
{
    private readonly Lock _gate = new();
    private readonly long _at;
    private readonly string? _log;
    private long _count;

    private CrashHook(long at, string? log) => (_at, _log) = (at, log);

    /// <summary>Null if the hook is off.</summary>
    /// <exception cref="StartupException">It is set to something that is not a number.</exception>
    public static CrashHook? FromEnvironment()
    {
        var at = Environment.GetEnvironmentVariable("ROTUNDA_CRASH_AT");
        var log = Environment.GetEnvironmentVariable("ROTUNDA_CRASH_LOG");
        if (string.IsNullOrEmpty(at) && string.IsNullOrEmpty(log))
        {
            return null;
        }

        if (string.IsNullOrEmpty(at))
        {
            return new CrashHook(long.MaxValue, log);
        }

        return long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new CrashHook(number, string.IsNullOrEmpty(log) ? null : log)
            : throw new StartupException("ROTUNDA_CRASH_AT has to be a whole number from 1 on. It is a test hook; unset it for normal use.");
    }

    public void Hit(string point)
    {
        lock (_gate)
        {
            _count++;
            if (_log is not null)
            {
                File.AppendAllText(_log, $"{_count} {point}\n");
            }

            if (_count == _at)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }
        }
    }
}
