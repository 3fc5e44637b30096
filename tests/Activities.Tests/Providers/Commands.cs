using System.Diagnostics;

namespace Rotunda.Activities.Tests.Providers;

/// <summary>Programs of the system, where they are there and allowed.</summary>
internal static class Commands
{
    public static async Task<bool> RunAsync(string command, params string[] arguments) => await OutputAsync(command, arguments) is not null;

    /// <summary>What it printed; null if it is not there or failed.</summary>
    public static async Task<string?> OutputAsync(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            _ = await errors;
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
