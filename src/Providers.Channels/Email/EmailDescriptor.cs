using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Email;

internal static class EmailDescriptor
{
    public const string Host = "host";
    public const string Port = "port";
    public const string Security = "security";
    public const string Username = "username";
    public const string Password = "password";
    public const string From = "from";
    public const string To = "to";
    public const string AuthorityFile = "authorityFile";

    public const string StartTls = "starttls";
    public const string Tls = "tls";
    public const string Clear = "none";

    public static ProviderDescriptor Instance { get; } = new(
        "email",
        "E-mail",
        "A mail in plain text, handed to a mail server by SMTP.",
        Abilities.SendNotices,
        [
            new(Host, SettingType.Text, "The mail server.", Required: true),
            SettingDescriptor.ForPort(Port, "Its port. With `tls` mostly 465.", "587"),
            new(Security, SettingType.Choice, "`starttls`: the connection is turned into TLS, and a server that cannot is not used. `tls`: TLS from the start. `none`: to a server on this machine only.", Default: StartTls, Choices: [StartTls, Tls, Clear]),
            new(Username, SettingType.Text, "With a password: who logs in. Left out: nobody."),
            new(Password, SettingType.Text, "The password, or the key that the mail service gives for SMTP.", IsSecret: true),
            new(From, SettingType.Text, "The sender: `rotunda@example.com`, or `Rotunda <rotunda@example.com>`.", Required: true),
            new(To, SettingType.TextList, "Who gets it.", Required: true),
            new(AuthorityFile, SettingType.Path, "PEM certificates that the server's is checked against. Left out: those that the system trusts."),
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc5321",
            "https://www.rfc-editor.org/rfc/rfc3207",
            "https://github.com/jstedfast/MailKit",
        ],
        [],
        Limits:
        [
            "A mail that the server took is done: what other servers do with it is not known here.",
            "The header `Message-ID` holds the notice's id: a mail that is sent again after a lost answer has the same one.",
            "Login by OAuth is not supported: use a service that gives a password for SMTP.",
        ],
        Permissions: ["An account that may send from the address in `from`."],
        Example: """
            version: 1
            notices:
              channels:
                mail:
                  type: email
                  host: smtp.example.com
                  username: rotunda
                  password: env:SMTP_PASSWORD
                  from: Rotunda <rotunda@example.com>
                  to: [platform@example.com]
              routes:
                all: { to: [mail] }
            secrets:
              session-secret: { provider: { type: generated } }
            """)
    {
        RecipientsSetting = To,
    };
}
