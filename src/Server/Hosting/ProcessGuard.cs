using System.Runtime.InteropServices;

namespace Rotunda.Server.Hosting;

/// <summary>
/// Keeps this process's memory and environment from other processes of the same user (Linux): no core file, nothing readable below
/// /proc, no debugger. What it starts is not covered, since a new program begins anew.
/// </summary>
internal static class ProcessGuard
{
    private const int CoreSize = 4;
    private const int Dumpable = 4;
    private const string Diagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>To be called before a secret is read. Returns what did not work, with what to do.</summary>
    public static IReadOnlyList<string> Close()
    {
        var problems = new List<string>();
        if (!OperatingSystem.IsWindows() && SetLimit(CoreSize, default) != 0)
        {
            problems.Add("Core files cannot be turned off. Turn them off from outside: ulimit -c 0, or LimitCORE=0 in the unit.");
        }

        if (OperatingSystem.IsLinux() && ProcessControl(Dumpable, 0, 0, 0, 0) != 0)
        {
            problems.Add("The kernel lets other processes of this user read the memory of this one.");
        }

        if (Environment.GetEnvironmentVariable(Diagnostics) != "0")
        {
            // The runtime reads it before any code of ours runs.
            problems.Add(
                $"Processes of this user can have this one write its memory to a file, by the runtime's diagnostics. Start it with "
                    + $"{Diagnostics}=0.");
        }

        return problems;
    }

    [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    /// <summary>Both bounds are 0.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limit
    {
        private readonly nuint _soft;
        private readonly nuint _hard;
    }
}
