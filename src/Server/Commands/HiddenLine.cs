using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Rotunda.Providers.Processes;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>
/// Reads a line at a terminal of Unix that shows nothing of it, from before the prompt until it is over. <c>Console.ReadKey</c> hides a key
/// only while it waits for it: what is typed or pasted between two keys, or before the first, the terminal shows. So the terminal itself
/// is told, by stty(1), as a shell's <c>read -s</c> does.
/// </summary>
internal static class HiddenLine
{
    private const int Standard = 0;

    public static async Task<SecretValue?> ReadAsync(Terminal terminal, string prompt, CancellationToken cancellationToken)
    {
        var before = await SttyAsync(cancellationToken, "-g");
        try
        {
            // No line discipline: its lines end at 4,096 characters.
            await SttyAsync(cancellationToken, "-echo", "-icanon", "min", "1", "time", "0");
            await terminal.Errors.WriteAsync(prompt);
            await terminal.Errors.FlushAsync(cancellationToken);
            return await TypedAsync(cancellationToken);
        }
        finally
        {
            await terminal.Errors.WriteLineAsync();
            await SttyAsync(CancellationToken.None, before);
        }
    }

    private static async Task<SecretValue?> TypedAsync(CancellationToken cancellationToken)
    {
        using var input = new SafeFileHandle(Standard, ownsHandle: false);
        await using var keys = new FileStream(input, FileAccess.Read, bufferSize: 0);
        var (typed, pressed) = (new TypedLine(), new byte[1024]);
        try
        {
            while (true)
            {
                // A read of a terminal cannot be broken off; the process ends with it.
                var count = await keys.ReadAsync(pressed, CancellationToken.None).AsTask().WaitAsync(cancellationToken);
                if (count == 0 || typed.IsOverAfter(pressed.AsSpan(0, count)))
                {
                    return typed.Take();
                }
            }
        }
        finally
        {
            Array.Clear(pressed);
        }
    }

    /// <exception cref="CommandException">The terminal cannot be told to show nothing.</exception>
    private static async Task<string> SttyAsync(CancellationToken cancellationToken, params string[] settings)
    {
        const string Help = "so a value typed here would be shown. Send it on standard input instead: … | rotunda provide ROTATION";
        try
        {
            var info = new ProcessStartInfo("stty", settings) { RedirectStandardOutput = true, UseShellExecute = false };
            using var stty = ChildProcess.Start(info)!;
            var said = await stty.StandardOutput.ReadToEndAsync(cancellationToken);
            await stty.WaitForExitAsync(cancellationToken);
            return stty.ExitCode == 0
                ? said.Trim()
                : throw new CommandException(ExitCodes.CannotWork, $"'stty {settings[0]}' failed, {Help}");
        }
        catch (Win32Exception)
        {
            throw new CommandException(ExitCodes.CannotWork, $"The program 'stty' is missing, {Help}");
        }
    }
}
