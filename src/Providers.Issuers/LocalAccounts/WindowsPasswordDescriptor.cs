using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

internal static class WindowsPasswordDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "windows-password",
        "Windows account password",
        "The password of a local account of a Windows machine, set over ssh by PowerShell (`Set-LocalUser`). There is one at a time: the old one stops working at once, and can be set again.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            new(LocalAccountProvider.Account, SettingType.Text, "The account whose password this is.", Required: true),
            .. LinuxPasswordDescriptor.Settings,
        ],
        [
            "https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.localaccounts/set-localuser",
            "https://learn.microsoft.com/en-us/windows-server/administration/openssh/openssh_overview",
            "https://learn.microsoft.com/en-us/dotnet/api/system.directoryservices.accountmanagement.principalcontext.validatecredentials",
        ],
        [Strategy.InPlace],
        AccountSetting: LocalAccountProvider.Account,
        Limits:
        [
            "The password goes through the standard input of ssh and of PowerShell, in base64. It stands on no command line, in no environment and in no file on the way.",
            "Services and scheduled tasks that run as the account keep the old password until somebody gives them the new one: make them consumers, or deliver it to them by `exec`.",
            "A password is tried by ValidateCredentials of the machine's own accounts. What that refuses for another reason (a locked or expired account) counts as a wrong password; the check refuses accounts that are disabled.",
            "Setting a password by an administrator makes what the account has encrypted with it (EFS, DPAPI) unreadable to it, as Windows says of every such reset.",
            "A password policy with a history may refuse to set the old password again.",
            "Not tested on a Windows machine: none can be had. In the tests a strict stand-in takes ssh's place, reads what PowerShell would be given, and answers by exit codes.",
        ],
        Permissions: ["An administrator of the machine, who logs in by a key: OpenSSH Server with the key in `administrators_authorized_keys`."],
        RollBack: "The old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              win1-backup-password:
                provider: { type: windows-password, host: win1.example.com, login: rotunda, privateKey: "file:/etc/rotunda/id_ed25519", knownHosts: /etc/rotunda/known_hosts, account: backup }
                interval: 90d
                current: { value: "file:backup.env#WIN_PASSWORD" }
                targets:
                  app: { type: dotenv, path: backup.env, keys: { WIN_PASSWORD: "{value}" } }
            """)
    {
        SystemSettings = [SshRun.Host, SshRun.Port],
        Costs = [SettingCost.Always("Services and scheduled tasks that run as the account have to be given the new password, and what it has encrypted (EFS, DPAPI) becomes unreadable to it.")],
        DefaultValue = new ValueRule(ValueFormat.Text, 40, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!#%+-_"),
    };
}
