using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using Rotunda.Providers.Processes;

namespace Rotunda.Reencryption.Formats;

/// <summary>
/// Sealing by a program of the operator's. It is started once for each batch, with "open" or "seal" as its last argument; a key
/// can be read from file descriptor 3. A line in is base64 of one value; a line out is base64 of what it was opened or sealed to, or
/// "-" for a value that this key does not open.
/// </summary>
internal sealed class ExecFormat(IReadOnlyList<string> command, KeyRing ring, TimeSpan timeout) : IRowFormat
{
    // The shell only puts the key on descriptor 3: what it runs comes as arguments of its own, unread by it.
    private const string Script = "exec 3<\"$ROTUNDA_KEY_FILE\"; unset ROTUNDA_KEY_FILE; exec \"$@\"";
    private const int Chunk = 64 * 1024;

    private static ReadOnlySpan<byte> Refused => "-"u8;

    public async Task OpenAsync(Cells cells, int key, CancellationToken cancellationToken)
    {
        var open = Enumerable.Range(0, cells.Count).Where(cells.IsShut).ToList();
        await RunAsync("open", key, open, index => cells.TokenOf(index), (index, answer) =>
        {
            if (!answer.SequenceEqual(Refused))
            {
                cells.Open(index, key, Decode("open", answer, cells.Reserve(answer.Length)));
            }
        }, cancellationToken);
    }

    public async Task SealAsync(Cells cells, int key, CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(0, cells.Count).Where(index => cells[index].Wanted).ToList();
        await RunAsync("seal", key, wanted, index => cells.PlainOf(index), (index, answer) =>
        {
            var value = new byte[answer.Length];
            cells.Seal(index, value[..Decode("seal", answer, value)]);
        }, cancellationToken);
    }

    public void Dispose()
    {
        // The ring is its owner's.
    }

    private delegate ReadOnlySpan<byte> Given(int index);

    private delegate void Taken(int index, ReadOnlySpan<byte> answer);

    private async Task RunAsync(string what, int key, List<int> indexes, Given given, Taken take, CancellationToken cancellationToken)
    {
        if (indexes.Count == 0)
        {
            return;
        }

        using var file = MemoryFile.TryMake(ring.TextOf(key))
            ?? throw new RowFormatException(
                "The 'format' exec gives its keys by a file in memory, which only Linux has. Run Rotunda "
                    + "there, or use another format.");
        using var folder = ChildFolder.Make();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using var output = new Arena();
        using var process = Start(what, file, folder);
        try
        {
            var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
            var writing = WriteAsync(process, Lines(indexes, given), limit.Token);
            await ReadAsync(process, output, limit.Token);
            await Task.WhenAll(writing, errors);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault(what, $"has not answered within {timeout.TotalSeconds:0} s");
        }
        finally
        {
            Kill(process);
        }

        if (process.ExitCode != 0)
        {
            throw Fault(what, $"ended with code {process.ExitCode}");
        }

        Share(what, indexes, output.Of(0, output.Used), take);
    }

    private static async Task ReadAsync(Process process, Arena output, CancellationToken cancellationToken)
    {
        var chunk = GC.AllocateUninitializedArray<byte>(Chunk, pinned: true);
        try
        {
            while (await process.StandardOutput.BaseStream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
            {
                chunk.AsSpan(0, read).CopyTo(output.Reserve(read));
                output.Keep(read);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
        }
    }

    private void Share(string what, List<int> indexes, ReadOnlySpan<byte> output, Taken take)
    {
        // The last line may lack its end. An empty one is an answer too: base64 of nothing.
        var lines = output.EndsWith("\n"u8) ? output[..^1] : output;
        var answers = 0;
        foreach (var line in lines.Split((byte)'\n'))
        {
            if (answers < indexes.Count && output.Length > 0)
            {
                take(indexes[answers], lines[line].TrimEnd((byte)'\r'));
            }

            answers += output.Length > 0 ? 1 : 0;
        }

        if (answers != indexes.Count)
        {
            throw Fault(what, $"answered {answers} lines to {indexes.Count}");
        }
    }

    private Process Start(string what, MemoryFile file, ChildFolder folder)
    {
        var info = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", .. command, what])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        ChildEnvironment.Limit(info);
        info.Environment["ROTUNDA_KEY_FILE"] = file.Path;
        info.Environment["TMPDIR"] = folder.Path;
        return file.Start(info) ?? throw Fault(what, "could not be started");
    }

    private static async Task WriteAsync(Process process, byte[] lines, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(lines, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all: what it answered, or did not, tells.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(lines);
        }
    }

    private static byte[] Lines(List<int> indexes, Given given)
    {
        var length = 0;
        foreach (var index in indexes)
        {
            length += Base64.GetMaxEncodedToUtf8Length(given(index).Length) + 1;
        }

        var lines = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        var at = 0;
        foreach (var index in indexes)
        {
            Base64.EncodeToUtf8(given(index), lines.AsSpan(at), out _, out var written);
            at += written;
            lines[at++] = (byte)'\n';
        }

        return lines;
    }

    private int Decode(string what, ReadOnlySpan<byte> answer, Span<byte> bytes) =>
        Base64.DecodeFromUtf8(answer, bytes, out _, out var length) == OperationStatus.Done
            ? length
                : throw Fault(
                    what,
                    what == "seal" && answer.SequenceEqual(Refused)
                        ? "refused to seal a value"
                        : "answered a line that is neither base64 nor \"-\"");

    /// <summary>Without anything that the program wrote: it may be a value.</summary>
    private RowFormatException Fault(string what, string why) => new($"The program of format exec ({command[0]} … {what}) {why}.");

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }
}
