using System.Globalization;
using System.Text;
using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Processes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Compose;

/// <summary>The few commands of Docker Compose that a restart needs. No value is ever told to it.</summary>
internal static class ComposeClient
{
    private const int LargestOutput = 1024 * 1024;

    /// <summary>What of our own environment Docker needs to find its daemon, its context and ssh.</summary>
    private static readonly string[] Inherited =
        ["SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"];

    /// <exception cref="OutcomeException">It cannot be asked.</exception>
    public static async Task<string> VersionAsync(ComposeSetup setup, TimeProvider time, CancellationToken cancellationToken) =>
        (await RunAsync(setup, changes: false, ["version", "--short"], time, cancellationToken)).Trim();

    /// <summary>The services that the project has.</summary>
    public static async Task<IReadOnlyList<string>> ServicesAsync(
        ComposeSetup setup,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        (await RunAsync(setup, changes: false, ["config", "--services"], time, cancellationToken)).Split(
            '\n',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>All containers of the services, those that ended too.</summary>
    public static async Task<IReadOnlyList<ComposeContainer>> ContainersAsync(
        ComposeSetup setup,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var output = await RunAsync(setup, changes: false, ["ps", "--all", "--format", "json", .. setup.Services], time, cancellationToken);
        try
        {
            return ComposeContainer.Read(output);
        }
        catch (JsonException)
        {
            throw new OutcomeException(StepOutcome.RetryLater("docker compose ps did not answer in JSON. Is it version 2 or later?"));
        }
    }

    /// <summary>The daemon's clock, by which containers are dated: it may run on another machine.</summary>
    public static async Task<DateTimeOffset> ClockAsync(ComposeSetup setup, TimeProvider time, CancellationToken cancellationToken)
    {
        var told =
            await RunAsync(setup, setup.DaemonOptions, changes: false, ["info", "--format", "{{.SystemTime}}"], time, cancellationToken);
        return DateTimeOffset.TryParse(told.Trim(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var clock) ? clock
            : throw new OutcomeException(StepOutcome.RetryLater("docker info did not tell the daemon's time."));
    }

    /// <summary>Makes the service's containers anew.</summary>
    public static Task RecreateAsync(ComposeSetup setup, string service, TimeProvider time, CancellationToken cancellationToken) =>
        RunAsync(
            setup,
            changes: true,
            ["up", "--detach", "--no-deps", "--no-build", "--pull", "missing", "--force-recreate", service],
            time,
            cancellationToken);

    private static Task<string> RunAsync(
        ComposeSetup setup,
        bool changes,
        IReadOnlyList<string> command,
        TimeProvider time,
        CancellationToken cancellationToken) =>
        RunAsync(setup, setup.Options, changes, command, time, cancellationToken);

    private static async Task<string> RunAsync(
        ComposeSetup setup,
        IReadOnlyList<string> options,
        bool changes,
        IReadOnlyList<string> command,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var environment = ChildEnvironment.Of(Inherited);
        var what =
            $"docker {(options == setup.Options ? "compose " : "")}{command[0]}{(changes ? $" for the service '{command[^1]}'" : "")}";
        using var limit = new CancellationTokenSource(setup.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var group = Start(setup, [.. options, .. command], environment);
        try
        {
            group.Process.StandardInput.Close();
            var output = ReadAsync(group.Process.StandardOutput.BaseStream, either.Token);
            var errors = ReadAsync(group.Process.StandardError.BaseStream, either.Token);
            var (told, complaint) = (await output, await errors);
            await group.Process.WaitForExitAsync(either.Token);
            return group.Process.ExitCode == 0
                ? told
                : throw Failed(
                    changes,
                    $"{what} ended with code {group.Process.ExitCode.ToString(CultureInfo.InvariantCulture)}: "
                        + $"{ComposeComplaint.Meaning(complaint)}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await group.EndAsync(time);
            throw Failed(
                changes,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} did not end within {setup.Timeout.TotalSeconds:0.#} s, and was ended."));
        }
        catch (Exception problem) when (problem is not OutcomeException)
        {
            await group.EndAsync(time);
            throw;
        }
    }

    private static ProcessGroup Start(ComposeSetup setup, IReadOnlyList<string> command, Dictionary<string, string> environment)
    {
        try
        {
            return ProcessGroup.Start(setup.Docker, command, setup.Folder, environment);
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new OutcomeException(StepOutcome.Rejected(
                $"{setup.Docker} cannot be started (code {problem.NativeErrorCode}). Check "
                    + "'docker', and that Rotunda's user may run it."));
        }
    }

    /// <summary>Making anew is harmless when it is done again; whether it happened nobody knows.</summary>
    private static OutcomeException Failed(bool changes, string why) =>
        new(changes ? StepOutcome.Unknown(why) : StepOutcome.RetryLater(why));

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            // Read to the end whatever comes, but keep what is bounded.
            buffer.Write(chunk, 0, (int)Math.Min(read, LargestOutput - buffer.Length));
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
