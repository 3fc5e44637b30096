using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

/// <summary>What ssh itself could not do, in the words of what to do.</summary>
internal static class SshFailures
{
    /// <summary>In the place of what ssh says where it did not end in time.</summary>
    public const string TimedOut = "rotunda: timed out";
    private const int NotFound = 127;
    private const int NotRun = 126;

    /// <summary>Null if the command was run.</summary>
    /// <param name="changes">The command changes something, and may have been run where nothing tells.</param>
    public static StepOutcome? Of(ProviderCall call, SshResult result, bool changes)
    {
        bool Says(string text) => result.Errors.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (result.Code is NotFound or NotRun && Says("setsid: failed to execute"))
        {
            return StepOutcome.Rejected(
                "There is no ssh on this machine that can be run. Install OpenSSH's client (Debian: openssh-client), or set 'ssh'.");
        }

        return result.Code != SshRun.Own ? null
            : KeyOfHost(call, Says)
                ?? Login(call, Says)
                ?? Network(call, Says)
                ?? (changes
                    ? StepOutcome.Unknown($"The connection to {At(call)} was lost before the command told how it ended.")
                    : Says(TimedOut)
                        ? StepOutcome.RetryLater(
                            $"{At(call)} gave no answer within "
                                + $"{DurationText.Format(call.Settings.Duration(SshRun.Timeout, SshRun.Patience))} ('timeout'). Check "
                                + "'host' and 'port', and that this machine may connect to it.")
                    : StepOutcome.RetryLater($"The connection to {At(call)} was lost."));
    }

    private static StepOutcome? KeyOfHost(ProviderCall call, Func<string, bool> says)
    {
        var known = call.Settings.Text(SshRun.KnownHosts) is { } file ? $"{file} ('knownHosts')" : "~/.ssh/known_hosts";
        var isThere = call.Settings.Text(SshRun.KnownHosts) is not { } path || File.Exists(path);
        return says("HOST IDENTIFICATION HAS CHANGED")
                ? StepOutcome.Rejected(
                    $"{At(call)} shows another host key than {known} has for it. Find out why before anything else: a new machine, or "
                        + "somebody in between. If it is right, put the new one there.")
            : says("host key is known") || says("Host key verification failed")
                ? StepOutcome.Rejected(
                    $"{known} {(isThere ? $"has no host key of {At(call)}" : "is not there")}: without one the machine is not trusted. "
                        + $"Fetch it: ssh-keyscan -p {Port(call)} {call.Settings.Text(SshRun.Host)}; compare it "
                        + "with the machine's own, and put it there.")
            : null;
    }

    private static StepOutcome? Login(ProviderCall call, Func<string, bool> says) =>
        says("invalid format") || says("error in libcrypto") || says("passphrase")
            ? StepOutcome.Rejected("'privateKey' is no private key without a passphrase. Give one in OpenSSH's form or PEM.")
            : says("Permission denied (")
                ? StepOutcome.Rejected(
                    $"{At(call)} does not let {call.Settings.Text(SshRun.Login)} in with the key behind 'privateKey'. Check that 'login' "
                        + "is a user there, is not locked, and has the public key in its authorized_keys; its sshd's log says which.")
            : null;

    /// <summary>Before there was a session. A session that was lost says the same words, without the first of these: then the command may
    /// have run.</summary>
    private static StepOutcome? Network(ProviderCall call, Func<string, bool> says) =>
        says("Could not resolve hostname") ? Unreached(call, "its name is not found. Check 'host'.")
        : says("kex_exchange_identification") || says("banner exchange")
            ? StepOutcome.RetryLater(
                $"What listens at {At(call)} does not talk as sshd does, or turns this machine away. Check 'port', and sshd's own limits.")
        : !says("connect to host") ? null
        : says("Connection refused") ? Unreached(call, "nothing listens at that port. Check 'host' and 'port', and that sshd runs there.")
        : says("No route to host") || says("Network is unreachable") ? Unreached(call, "no way there in the network. Check 'host'.")
        : Unreached(call, "no answer in time. Check 'host' and 'port', and that no firewall is in between.");

    private static StepOutcome Unreached(ProviderCall call, string why) =>
        StepOutcome.RetryLater($"{At(call)} cannot be reached: {why}");

    private static string Port(ProviderCall call) => call.Settings.Number(SshRun.Port, 22).ToString(CultureInfo.InvariantCulture);

    private static string At(ProviderCall call) => $"{call.Settings.Text(SshRun.Host)}:{Port(call)}";
}
