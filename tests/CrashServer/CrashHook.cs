using System.Diagnostics;
using System.Globalization;

namespace Rotunda.CrashServer;

/// <summary>
/// Kills this process, as a power cut would, at the n-th crash point it comes to (see docs/testing.md).
/// </summary>
internal sealed class CrashHook
{
    private readonly Lock _gate = new();
    private readonly string? _armFile;
    private readonly string? _log;
    private long _at;
    private long _count;

    private CrashHook(long at, string? armFile, string? log) => (_at, _armFile, _log) = (at, armFile, log);

    /// <exception cref="InvalidDataException">It is set to something that is not a number.</exception>
    public static CrashHook FromEnvironment()
    {
        var at = Read("ROTUNDA_CRASH_AT");
        return new CrashHook(at is null ? long.MaxValue : Number(at), Read("ROTUNDA_CRASH_ARM"), Read("ROTUNDA_CRASH_LOG"));
    }

    public void Hit(string point)
    {
        lock (_gate)
        {
            if (_armFile is not null && _count == 0 && !Arm(_armFile))
            {
                return;
            }

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

    /// <summary>Counting starts once the file is there, so that a test can arm a server that is running already.</summary>
    private bool Arm(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        _at = Number(File.ReadAllText(file).Trim());
        return true;
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new InvalidDataException("ROTUNDA_CRASH_AT has to be a whole number from 1 on.");
}
