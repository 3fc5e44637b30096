using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Server.Commands;

/// <summary>Reads a secret value: from standard input, or on a terminal without showing it.</summary>
internal static class ValueInput
{
#pragma warning disable RS0030 // The one place where a person types to the command line.
    public static bool IsTerminal => !Console.IsInputRedirected;

    /// <summary>A line that a person types, and that is no secret; null at the end of the input.</summary>
    public static async Task<string?> LineAsync(CancellationToken cancellationToken) => await Console.In.ReadLineAsync(cancellationToken);

    /// <summary>All of standard input; one line end at its end is not part of the value.</summary>
    /// <exception cref="CommandException">It is empty, too long or no text.</exception>
    public static async Task<SecretValue> ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[(ValueShape.Longest * 4) + 1];
        try
        {
            await using var input = Console.OpenStandardInput();
            var length = await input.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (length == buffer.Length)
            {
                throw new CommandException(
                    ExitCodes.CannotWork,
                    $"Standard input has more than {ValueShape.Longest} characters, which is too long for a value. Send the value alone.");
            }

            var bytes = buffer.AsMemory(0, length);
            bytes = Ends(bytes, (byte)'\n') ? bytes[..^1] : bytes;
            bytes = bytes.Length < length && Ends(bytes, (byte)'\r') ? bytes[..^1] : bytes;
            return bytes.Length == 0
                ? throw new CommandException(
                    ExitCodes.CannotWork,
                    "There is no value in standard input, so nothing was given. Send one, or leave '<' out to be asked for it.")
                : SecretValue.FromBytes(bytes.Span);
        }
        finally
        {
            Array.Clear(buffer);
        }
    }

    /// <summary>Asks on the terminal; what is typed is not shown.</summary>
    /// <returns>Null if the person gives nothing.</returns>
    public static async Task<SecretValue?> AskAsync(Terminal terminal, string prompt, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            return await HiddenLine.ReadAsync(terminal, prompt, cancellationToken);
        }

        terminal.Errors.Write(prompt);
        terminal.Errors.Flush();
        var (typed, encoder, bytes) = (new TypedLine(), Encoding.UTF8.GetEncoder(), new byte[4]);
        while (true)
        {
            // Two keys make one character beyond the first 65,536; Escape begins nothing here.
            var key = Console.ReadKey(intercept: true);
            if (key.Key != ConsoleKey.Escape
                && typed.IsOverAfter(bytes.AsSpan(0, encoder.GetBytes([key.KeyChar], bytes, flush: false))))
            {
                break;
            }
        }

        terminal.Errors.WriteLine();
        return typed.Take();
    }
#pragma warning restore RS0030

    private static bool Ends(ReadOnlyMemory<byte> bytes, byte with) => bytes.Length > 0 && bytes.Span[^1] == with;
}
