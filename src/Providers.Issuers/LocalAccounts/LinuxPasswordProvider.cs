using System.Text;
using System.Text.RegularExpressions;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

internal sealed partial class LinuxPasswordProvider() : LocalAccountProvider(LinuxPasswordDescriptor.Instance)
{
    private const string ChangePassword = "/usr/sbin/chpasswd";
    private const string Tries = "rotunda-tries";
    private const string Looked = "rotunda-looked";

    /// <summary>What a shell says that finds no home, and goes on all the same.</summary>
    private const string NoHome = "Could not chdir to home directory";

    /// <summary>What an account without a shell is told once its password was right.</summary>
    private const string NoLogin = "This account is currently not available";
    private const int NoAccount = 101;
    private const int NoRight = 102;
    private const int NoProgram = 103;
    private const int Nobody = 65534;
    private const int NotRun = 126;
    private const int Killed = 128;

    /// <summary>What PAM hands on.</summary>
    private const int LongestPassword = 500;

    protected override string CheckCommand(ProviderCall call, string account) => AsRootOrNot(
        $"getent passwd {account} >/dev/null || exit {NoAccount}; "
            + $"test -x {ChangePassword} && command -v su >/dev/null || exit {NoProgram}",
        asRoot: $"command -v setpriv >/dev/null || exit {NoProgram}; echo {Looked}",
        otherwise: $"sudo -n -l {ChangePassword} >/dev/null 2>&1 || exit {NoRight}; echo {Looked}");

    protected override StepOutcome? WhyNotRun(ProviderCall call, SshResult result) =>
        result.Output.Contains(Looked, StringComparison.Ordinal) ? null : StepOutcome.Rejected(
            $"Something else ran on {call.Settings.Text(SshRun.Host)} in the place of the command. Check that the key of "
                + $"{call.Settings.Text(SshRun.Login)} has no command= in front of it there, and that 'ssh' is ssh.");

    protected override string SetCommand(ProviderCall call, string account) =>
        AsRootOrNot(":", asRoot: $"exec {ChangePassword}", otherwise: $"exec sudo -n {ChangePassword}");

    /// <summary>Root is asked for no password, so it becomes nobody first.</summary>
    protected override string TryCommand(ProviderCall call, string account) => AsRootOrNot(
        $"echo {Tries}",
        asRoot: $"exec setpriv --reuid={Nobody} --regid={Nobody} --clear-groups su {account} -c true",
        otherwise: $"exec su {account} -c true");

    /// <summary>Who is logged in is asked there, and not believed: what root tries proves nothing. In English, as some of
    /// it is read.</summary>
    private static string AsRootOrNot(string before, string asRoot, string otherwise) =>
        $"env LC_ALL=C sh -c '{before}; if [ \"$(id -u)\" = 0 ]; then {asRoot}; else {otherwise}; fi'";

    protected override string Input(string account, string password, bool sets) => sets ? $"{account}:{password}\n" : $"{password}\n";

    /// <summary>Nothing counts unless su was come to: the shell of who logs in may let nobody in, and say so in the same words.</summary>
    protected override Validity? Judge(SshResult result)
    {
        var at = result.Output.IndexOf(Tries, StringComparison.Ordinal);
        return at < 0 ? null
            : result.Code == 0 ? Validity.Valid
            : result.Errors.Contains("Authentication failure", StringComparison.Ordinal) ? Validity.Invalid
            : result.Output[at..].Contains(NoLogin, StringComparison.Ordinal) ? Validity.Valid
            : null;
    }

    protected override StepOutcome Explain(ProviderCall call, string account, SshResult result)
    {
        var host = call.Settings.Text(SshRun.Host);
        return result.Code switch
        {
            NoAccount => StepOutcome.Rejected($"{host} has no account {account}. Make it, or correct its name."),
            NoRight => StepOutcome.Rejected(
                $"{call.Settings.Text(SshRun.Login)} may not run {ChangePassword} by sudo -n on {host}. Add to sudoers: "
                    + $"{call.Settings.Text(SshRun.Login)} ALL=(root) NOPASSWD: {ChangePassword}."),
            NoProgram => StepOutcome.Rejected($"{host} lacks {ChangePassword}, su or setpriv (Debian: passwd, util-linux). Install them."),
            _ when LetsNobodyIn(result) => StepOutcome.Rejected(
                $"The shell of {call.Settings.Text(SshRun.Login)} on {host} runs no commands. Give it one that does: chsh -s /bin/sh "
                    + $"{call.Settings.Text(SshRun.Login)}."),
            >= Killed => StepOutcome.Unknown($"The command on {host} was ended from outside."),
            >= NotRun => StepOutcome.Rejected($"{host} cannot run the command{Quoted(result)}. See its log for why."),
            _ when result.Errors.Contains("BAD PASSWORD", StringComparison.Ordinal) => StepOutcome.NewValueNeeded(
                $"{host} takes no such password{Quoted(result)}. Say in 'value' what it has to be like."),
            _ => StepOutcome.Rejected($"{host} refuses{Quoted(result)}. See its log for why."),
        };
    }

    protected override string? WhyNoName(string account) => AccountName().IsMatch(account) ? null
        : "small letters, digits, dots, dashes and underscores, 32 at most";

    protected override string? WhyNoPassword(string password) =>
        password.Length == 0 || Encoding.UTF8.GetByteCount(password) > LongestPassword || password.Any(char.IsControl)
            ? $"A password there has 1 to {LongestPassword} bytes and no line breaks or other control characters. Make another one."
            : null;

    /// <summary>Of who logs in, before anything was tried.</summary>
    private static bool LetsNobodyIn(SshResult result) =>
        !result.Output.Contains(Tries, StringComparison.Ordinal) && result.Output.Contains(NoLogin, StringComparison.Ordinal);

    private static string Quoted(SshResult result) =>
        result.Errors.Split('\n').Select(line => line.Trim())
            .LastOrDefault(line => line.Length > 0 && !line.StartsWith(NoHome, StringComparison.Ordinal)) is { } line
            ? $": \"{line[..Math.Min(line.Length, 200)]}\""
            : "";

    [GeneratedRegex(@"^[a-z_][a-z0-9_.-]{0,31}\z", RegexOptions.None, 1000)]
    private static partial Regex AccountName();
}
