using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

internal sealed class WindowsPasswordProvider() : LocalAccountProvider(WindowsPasswordDescriptor.Instance)
{
    private const int NoAccount = 101;
    private const int NoRight = 102;
    private const int IsDisabled = 103;
    private const int WrongPassword = 120;
    private const int BadPassword = 112;
    private const int Refused = 110;
    private const int LongestPassword = 127;
    private const int LongestName = 20;

    /// <summary>Errors end with a code for each kind, so that no language of Windows is read.</summary>
    private const string Frame = """
        $ErrorActionPreference = 'Stop'
        try {
        BODY
        exit 0
        } catch {
        [Console]::Error.WriteLine($_.Exception.GetType().Name)
        switch ($_.Exception.GetType().Name) {
        'UserNotFoundException' { exit 101 }
        'AccessDeniedException' { exit 102 }
        'InvalidPasswordException' { exit 112 }
        default { exit 110 }
        }
        }
        """;

    private const string ReadPassword =
        "$p = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine()))";

    protected override string CheckCommand(ProviderCall call, string account) => Command($$"""
        $u = Get-LocalUser -Name {{Quoted(account)}}
        if (-not $u.Enabled) { exit {{IsDisabled}} }
        $me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
        if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { exit {{NoRight}} }
        """);

    protected override string SetCommand(ProviderCall call, string account) => Command($"""
        {ReadPassword}
        Set-LocalUser -Name {Quoted(account)} -Password (ConvertTo-SecureString $p -AsPlainText -Force)
        """);

    protected override string TryCommand(ProviderCall call, string account) => Command($$"""
        {{ReadPassword}}
        Add-Type -AssemblyName System.DirectoryServices.AccountManagement
        $c = New-Object System.DirectoryServices.AccountManagement.PrincipalContext('Machine')
        if (-not $c.ValidateCredentials({{Quoted(account)}}, $p)) { exit {{WrongPassword}} }
        """);

    protected override string Input(string account, string password, bool sets) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(password)) + "\n";

    protected override Validity? Judge(SshResult result) => result.Code switch
    {
        0 => Validity.Valid,
        WrongPassword => Validity.Invalid,
        _ => null,
    };

    protected override StepOutcome Explain(ProviderCall call, string account, SshResult result)
    {
        var (host, login) = (call.Settings.Text(SshRun.Host), call.Settings.Text(SshRun.Login));
        return result.Code switch
        {
            NoAccount => StepOutcome.Rejected($"{host} has no local account {account}. Make it, or correct its name."),
            NoRight => StepOutcome.Rejected($"{login} is no administrator of {host}, so it may not set passwords. Make it one."),
            IsDisabled => StepOutcome.Rejected($"The account {account} of {host} is disabled. Enable it first."),
            BadPassword => StepOutcome.NewValueNeeded(
                $"{host} takes no such password: its policy asks for another one. Say in 'value' what it has to be like."),
            Refused => StepOutcome.Rejected($"{host} refuses ({Kind(result)}). See its log for why."),
            // PowerShell is not there, or something stopped it: nothing tells how far it came.
            _ => StepOutcome.Unknown($"PowerShell on {host} ended with code {result.Code}. Look whether it runs there."),
        };
    }

    protected override string? WhyNoName(string account) =>
        account.Length is > 0 and <= LongestName
        && !account.Any(symbol => char.IsControl(symbol) || "\"/\\[]:;|=,+*?<>@'’‘‚‛".Contains(symbol, StringComparison.Ordinal))
            ? null
            : $"up to {LongestName} characters, and none of \" / \\ [ ] : ; | = , + * ? < > @ '";

    protected override string? WhyNoPassword(string password) =>
        password.Length is > 0 and <= LongestPassword && !password.Any(char.IsControl)
            ? null
            : $"A password there has 1 to {LongestPassword} characters, and no control characters. Make another one.";

    private static string Command(string body) => "powershell -NoProfile -NonInteractive -EncodedCommand "
        + Convert.ToBase64String(Encoding.Unicode.GetBytes(Frame.Replace("BODY", body, StringComparison.Ordinal)));

    /// <summary>A name without quotes in it, between quotes.</summary>
    private static string Quoted(string account) => $"'{account}'";

    /// <summary>The name of an exception's type and nothing else of what was written.</summary>
    private static string Kind(SshResult result) =>
        result.Errors.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.EndsWith("Exception", StringComparison.Ordinal)
            && line.All(char.IsAsciiLetterOrDigit)) ?? "it does not say why";
}
