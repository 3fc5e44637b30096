using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.LocalAccounts;

internal static class LinuxPasswordDescriptor
{
    public static ProviderDescriptor Instance { get; } = new(
        "linux-password",
        "Linux account password",
        "The password of a local account of a Linux machine, set over ssh by `chpasswd` (by `sudo -n`, unless `login` is root). There is one at a time: the old one stops working at once, and can be set again.",
        Abilities.ApplyValues | Abilities.VerifyCredentials,
        [
            new(LocalAccountProvider.Account, SettingType.Text, "The account whose password this is.", Required: true),
            .. Settings,
        ],
        [
            "https://man7.org/linux/man-pages/man8/chpasswd.8.html",
            "https://man7.org/linux/man-pages/man1/su.1.html",
            "https://man.openbsd.org/ssh",
        ],
        [Strategy.InPlace],
        AccountSetting: LocalAccountProvider.Account,
        Limits:
        [
            "The password goes through the standard input of ssh and of `chpasswd`. It stands on no command line, in no environment and in no file on the way.",
            "A password is tried by `su`, which asks the machine's PAM, as `login` (as nobody, where that is root). That proves the password, and not that sshd or another service takes passwords. An account whose shell lets nobody in is known all the same.",
            "Where PAM allows `su` to few (pam_wheel), `login` has to be one of them: else nothing can be proven.",
            "A failed try counts for pam_faillock; each check of a wrong value is one, and takes the two seconds that PAM waits.",
            "Only local accounts: for those of a directory, take `ldap-password`.",
            "The earlier hash is not kept: the way back sets the old password again, which a PAM policy with a history may refuse.",
            "Tested against a real sshd, `chpasswd` and `su` on Debian 12, with root as `login`; the try by `su` also as another user. The way by `sudo` was tried by hand (sudo 1.9.13, with that line and kills in the middle): there is no sudo where the tests run.",
        ],
        Permissions:
        [
            "A key that logs in as `login`, and a line in sudoers: `rotunda ALL=(root) NOPASSWD: /usr/sbin/chpasswd`. That lets it set every account's password, root's, too: keep the key well.",
        ],
        RollBack: "The old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              db1-backup-password:
                provider: { type: linux-password, host: db1.example.com, login: rotunda, privateKey: "file:/etc/rotunda/id_ed25519", knownHosts: /etc/rotunda/known_hosts, account: backup }
                interval: 90d
                current: { value: "file:backup.env#SSH_PASSWORD" }
                targets:
                  app: { type: dotenv, path: backup.env, keys: { SSH_PASSWORD: "{value}" } }
            """)
    {
        SystemSettings = [SshRun.Host, SshRun.Port],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
    };

    /// <summary>How the machine is reached.</summary>
    public static IReadOnlyList<SettingDescriptor> Settings =>
    [
        new(SshRun.Host, SettingType.Text, "The machine's name or address.", Required: true),
        SettingDescriptor.ForPort(SshRun.Port, "The port of its sshd.", "22"),
        new(SshRun.Login, SettingType.Text, "The user as whom Rotunda logs in, by a key.", Required: true),
        new(SshRun.PrivateKey, SettingType.Text, "That user's private key, in OpenSSH's form or PEM, without a passphrase.", Required: true, IsSecret: true),
        new(SshRun.KnownHosts, SettingType.Path, "A file with the machine's host key, as `ssh-keyscan` writes it. Left out: `~/.ssh/known_hosts`. A machine that is not in it is refused."),
        new(SshRun.Program, SettingType.Path, "The ssh program, where it is not the one on the path."),
        new(SshRun.Timeout, SettingType.Duration, "How long a command may take.", Default: "60s"),
    ];
}
