using System.Globalization;
using System.Text;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Processes;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

/// <summary>What a command on the other machine came to.</summary>
/// <param name="Code">Its exit code; 255 is that of ssh itself.</param>
internal sealed record SshResult(int Code, string Output, string Errors);

/// <summary>One command on another machine, by the system's own ssh. What it is given on its standard input stands nowhere else.</summary>
internal static class SshRun
{
    public const string Host = "host";
    public const string Port = "port";
    public const string Login = "login";
    public const string PrivateKey = "privateKey";
    public const string KnownHosts = "knownHosts";
    public const string Program = "ssh";
    public const string Timeout = "timeout";

    /// <summary>The exit code of ssh itself.</summary>
    public const int Own = 255;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int MostOutput = 64 * 1024;

    /// <exception cref="OutcomeException">It was not started or did not end in time, or the settings are wrong.</exception>
    public static async Task<SshResult> RunAsync(ProviderCall call, string command, string? input, CancellationToken cancellationToken)
    {
        var (host, login) = (Name(call, Host), Name(call, Login));
        using var folder = ChildFolder.Make();
        var key = Path.Combine(folder.Path, "key");
        using (var value = await call.Settings.RequiredSecretAsync(PrivateKey, cancellationToken))
        {
            RequireKey(value);
            await using var file = PrivateFile.Create(key);
            await file.WriteAsync(Encoding.UTF8.GetBytes(value.RevealText().Trim().ReplaceLineEndings("\n") + "\n"), cancellationToken);
        }

        IReadOnlyList<string> arguments =
        [
            "-F", "none", "-T", "-i", key, "-p", call.Settings.Number(Port, 22).ToString(CultureInfo.InvariantCulture), "-l", login,
            "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=yes",
            "-o", "ConnectTimeout=15", "-o", "LogLevel=ERROR", "-o", "ClearAllForwardings=yes",
            .. call.Settings.Text(KnownHosts) is { } known
                ? new[] { "-o", $"UserKnownHostsFile=\"{known}\"", "-o", "GlobalKnownHostsFile=none" }
                : [],
            "--", host, command,
        ];
        return await RunAsync(call, arguments, input, cancellationToken);
    }

    private static async Task<SshResult> RunAsync(
        ProviderCall call,
        IReadOnlyList<string> arguments,
        string? input,
        CancellationToken cancellationToken)
    {
        var timeout = call.Settings.Duration(Timeout, Patience);
        using var group = Start(call.Settings.Text(Program) ?? Program, arguments);
        using var limit = new CancellationTokenSource(timeout, call.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var output = ReadAsync(group.Process.StandardOutput, either.Token);
            var errors = ReadAsync(group.Process.StandardError, either.Token);
            await WriteAsync(group.Process.StandardInput.BaseStream, input, either.Token);
            await group.Process.WaitForExitAsync(either.Token);
            return new(group.Process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await group.EndAsync(call.Time);
            return new(Own, "", SshFailures.TimedOut);
        }
        catch
        {
            await group.EndAsync(call.Time);
            throw;
        }
    }

    private static ProcessGroup Start(string program, IReadOnlyList<string> arguments)
    {
        if (Path.IsPathRooted(program) && !File.Exists(program))
        {
            throw new OutcomeException(StepOutcome.Rejected($"There is no program {program} on this machine. Correct 'ssh'."));
        }

        try
        {
            return ProcessGroup.Start(program, arguments, Path.GetTempPath(), ChildEnvironment.Of([]));
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new OutcomeException(StepOutcome.Rejected(
                $"The program {program} cannot be started (code {problem.NativeErrorCode}). Install OpenSSH's client (Debian: "
                    + "openssh-client), or set 'ssh'."));
        }
    }

    private static void RequireKey(SecretValue value)
    {
        var text = value.RevealText();
        var why = !text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                ? text.TrimStart().StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-", StringComparison.Ordinal)
                    ? "is a public key. Give the private one: the file without .pub."
                    : "is no private key. Give one in OpenSSH's form or PEM."
            : OpenSshKey.HasPassphrase(value) ? "has a passphrase, and nobody is there to type it. Give a key without one (ssh-keygen -p)."
            : null;
        if (why is not null)
        {
            throw new OutcomeException(StepOutcome.Rejected($"What stands behind 'privateKey' {why}"));
        }
    }

    private static async Task WriteAsync(Stream stream, string? input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stream)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(input ?? ""), cancellationToken);
            }
        }
        catch (IOException)
        {
            // It ended before it had read all; how, its exit code tells.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var (text, chunk) = (new StringBuilder(), new char[4096]);
        while (await reader.ReadAsync(chunk, cancellationToken) is > 0 and var count)
        {
            text.Append(chunk, 0, text.Length < MostOutput ? count : 0);
        }

        return text.ToString();
    }

    /// <summary>What would be an option to ssh is no name.</summary>
    private static string Name(ProviderCall call, string setting) =>
        call.Settings.RequiredText(setting) is { Length: > 0 } name
        && name[0] != '-'
        && !name.Any(symbol => char.IsWhiteSpace(symbol) || char.IsControl(symbol) || symbol is '%' or '@' or '/' or '"' or '\'')
            ? setting == Host && name.Split(':') is [var machine, var port] && port.All(char.IsAsciiDigit)
                ? throw new OutcomeException(StepOutcome.Rejected($"'{Host}' has a port in it. Write host: {machine} and port: {port}."))
                : name
            : throw new OutcomeException(StepOutcome.Rejected($"'{setting}' is no name of a machine or a user. Correct it."));
}
