using System.Diagnostics;
using System.Text;
using Rotunda.Providers.Processes;

namespace Rotunda.Server.Commands.Demo;

/// <summary>A process of the demo, ended with it.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _mark = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="mark">What the line that tells that it is up begins with; null if nothing tells.</param>
    public DemoProcess(string dll, IEnumerable<string> arguments, string? mark)
    {
        var info = new ProcessStartInfo(
            "dotnet",
            [dll, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            };
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("ROTUNDA_", StringComparison.Ordinal)).ToList())
        {
            // The demo is on its own: nothing of the caller's set-up reaches it.
            info.Environment.Remove(name);
        }

        _process = ChildProcess.Start(info) ?? throw new InvalidOperationException("No process was started for a part of the demo.");
        _process.OutputDataReceived += (_, line) => Take(line.Data, mark);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, mark);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The rest of the line that told.</summary>
    /// <exception cref="CommandException">It ended instead.</exception>
    public async Task<string> WaitForMarkAsync(CancellationToken cancellationToken)
    {
        var ended = _process.WaitForExitAsync(cancellationToken);
        return await Task.WhenAny(_mark.Task, ended) == _mark.Task
            ? await _mark.Task
            : throw new CommandException(
                ExitCodes.CannotWork,
                $"A part of the demo ended at its start. See why, and run the demo again:\n{Output()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    private void Take(string? line, string? mark)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (mark is not null && line.StartsWith(mark, StringComparison.Ordinal))
        {
            _mark.TrySetResult(line[mark.Length..]);
        }
    }
}
