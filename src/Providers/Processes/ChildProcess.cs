using System.Diagnostics;

namespace Rotunda.Providers.Processes;

/// <summary>The one way in which programs are started, so that none inherits a file that is meant for another.</summary>
internal static class ChildProcess
{
    /// <summary>Held while a program is started.</summary>
    public static Lock Gate { get; } = new();

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process? Start(ProcessStartInfo info)
    {
        lock (Gate)
        {
            return Process.Start(info);
        }
    }
}
