using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Processes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Exec;

/// <summary>One run of the program: a request on its standard input, the answer on its standard output.</summary>
internal static class ExecClient
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    /// <returns>The exit code and what it wrote to standard output.</returns>
    /// <exception cref="OutcomeException">It was not started, did not end in time, or wrote too much.</exception>
    public static async Task<(int Code, byte[] Output)> RunAsync(
        ExecSetup setup,
        ContractRequest request,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var group = Start(setup);
        using var limit = new CancellationTokenSource(setup.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var output = ReadAsync(group.Process.StandardOutput.BaseStream, either.Token);
            var errors = group.Process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token);
            await WriteAsync(group.Process.StandardInput.BaseStream, request.Body, either.Token);
            await Task.WhenAny(output, group.Process.WaitForExitAsync(either.Token));
            if (output.IsFaulted)
            {
                await output;
            }

            await group.Process.WaitForExitAsync(either.Token);
            return (group.Process.ExitCode, await output.WaitAsync(Linger, time, either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await group.EndAsync(time);
            throw request.Unclear(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{setup.Program} did not end within {setup.Timeout.TotalSeconds:0.#} s, and was ended with all it started."));
        }
        catch (TimeoutException)
        {
            await group.EndAsync(time);
            throw request.Unclear($"{setup.Program} ended, but left a child that keeps its standard output open.");
        }
        catch (InvalidDataException)
        {
            await group.EndAsync(time);
            throw request.Unclear($"{setup.Program} wrote more than 1 MB to its standard output, and was ended.");
        }
        catch
        {
            await group.EndAsync(time);
            throw;
        }
    }

    private static ProcessGroup Start(ExecSetup setup)
    {
        try
        {
            return ProcessGroup.Start(setup.Program, setup.Arguments, setup.Folder, setup.Environment);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new OutcomeException(
                StepOutcome.Rejected(
                    $"{setup.Program} cannot be started (code {problem.NativeErrorCode}). Check that it is a program for this system, "
                        + "and that its interpreter is there."));
        }
    }

    private static async Task WriteAsync(Stream input, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            await using (input)
            {
                await input.WriteAsync(body, cancellationToken);
            }
        }
        catch (IOException)
        {
            // It did not read to the end, and may yet answer.
        }
    }

    /// <exception cref="InvalidDataException">There is too much.</exception>
    private static async Task<byte[]> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await output.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > ContractWords.LargestAnswer)
            {
                throw new InvalidDataException();
            }
        }

        return buffer.ToArray();
    }
}
