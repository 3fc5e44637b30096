using System.Diagnostics;

namespace Rotunda.Providers.Processes;

/// <summary>The one way in which programs are started, so that none inherits a file that is meant for another.</summary>
public static class ChildProcess
{
    private static readonly Lock Gate = new();

    /// <summary>Null if no new process was started for it.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static Process? Start(ProcessStartInfo info)
    {
        lock (Gate)
        {
            return Process.Start(info);
        }
    }

    /// <summary>The same for a program that inherits something. Whatever else is started meanwhile waits, and does not get it.</summary>
    /// <param name="give">Lets programs inherit it.</param>
    /// <param name="take">Lets none inherit it any more.</param>
    internal static Process? Start(ProcessStartInfo info, Action give, Action take)
    {
        lock (Gate)
        {
            give();
            try
            {
                return Process.Start(info);
            }
            finally
            {
                take();
            }
        }
    }
}
