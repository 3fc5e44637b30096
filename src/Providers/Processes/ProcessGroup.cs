using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rotunda.Providers.Processes;

/// <summary>A process that leads a group of its own, so that it can be ended with everything it started.</summary>
internal sealed class ProcessGroup : IDisposable
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly string? SetSid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);
    private readonly bool _leads;
    private readonly ChildFolder _folder;

    private ProcessGroup(Process process, bool leads, ChildFolder folder) => (Process, _leads, _folder) = (process, leads, folder);

    public Process Process { get; }

    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static ProcessGroup Start(
        string program,
        IReadOnlyList<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string> environment)
    {
        // setsid makes the process the leader of a group and then becomes the program: the id stays.
        var info = SetSid is null ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo(SetSid, [program, .. arguments]);
        (info.WorkingDirectory, info.UseShellExecute, info.CreateNoWindow) = (folder, false, true);
        (info.RedirectStandardInput, info.RedirectStandardOutput, info.RedirectStandardError) = (true, true, true);
        info.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        // What it leaves in the temporary folder goes with it.
        var temporary = ChildFolder.Make();
        info.Environment["TMPDIR"] = temporary.Path;
        try
        {
            return new(ChildProcess.Start(info)!, SetSid is not null, temporary);
        }
        catch
        {
            temporary.Dispose();
            throw;
        }
    }

    /// <summary>Asks all of them to end, and makes those that do not.</summary>
    public async Task EndAsync(TimeProvider time)
    {
        Signal(Terminate);
        try
        {
            await Process.WaitForExitAsync().WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // Below.
        }

        // Its children may still be there when it is gone.
        Signal(Kill);
        await Process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Process.Dispose();
        _folder.Dispose();
    }

    private void Signal(int signal)
    {
        if (_leads)
        {
            _ = SendSignal(-Process.Id, signal);
        }
        else if (signal == Kill && !Process.HasExited)
        {
            Process.Kill(entireProcessTree: true);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
