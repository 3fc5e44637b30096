using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Ldap;

internal static class LdapDescriptor
{
    public const string Server = "server";
    public const string Tls = "tls";
    public const string Authorities = "authorities";
    public const string BindDn = "bindDn";
    public const string BindPassword = "bindPassword";
    public const string Accounts = "accounts";
    public const string Account = "account";
    public const string Method = "method";
    public const string ConnectTimeout = "connectTimeout";

    public const string Ldaps = "ldaps";
    public const string StartTls = "starttls";
    public const string Clear = "none";
    public const string Extended = "extended";
    public const string Modify = "modify";
    public const string ActiveDirectory = "active-directory";

    public static ProviderDescriptor Instance { get; } = new(
        "ldap-password",
        "LDAP passwords",
        "Passwords of accounts in an LDAP directory. With two accounts taken in turn (alternate) nobody is locked out: the idle one gets the new password, clients move, the other is locked. With one account (in-place) the new password replaces the old one at once.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [
            new(Server, SettingType.Text, "The server's name or address, with its port where that is not the usual one: `ldap.example.com`, `ldap.example.com:6360`.", Required: true),
            new(Tls, SettingType.Choice, "How the connection is protected: by TLS from its beginning (port 636), by StartTLS (port 389), or not at all, which is taken for loopback addresses only.", Default: Ldaps, Choices: [Ldaps, StartTls, Clear]),
            new(Authorities, SettingType.Path, "A folder with the certificates (PEM) of the authorities that sign the server's. Where libldap is built on OpenSSL their names are hashes (`openssl rehash`). Left out: those of the system's ldap.conf."),
            new(BindDn, SettingType.Text, "The account as which Rotunda binds, by its distinguished name; with Active Directory also `user@domain`.", Required: true),
            new(BindPassword, SettingType.Text, "That account's password.", Required: true, IsSecret: true),
            new(Accounts, SettingType.TextList, "With alternate: the distinguished names of the two accounts that are taken in turn."),
            new(Account, SettingType.Text, "With in-place: the distinguished name of the one account."),
            new(Method, SettingType.Choice, "How a password is set: `extended` by the Password Modify operation (the server hashes it), `modify` by writing `userPassword`, `active-directory` by writing `unicodePwd`.", Default: Extended, Choices: [Extended, Modify, ActiveDirectory]),
            new(ConnectTimeout, SettingType.Duration, "How long the server may take to answer.", Default: "15s"),
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc4511",
            "https://www.rfc-editor.org/rfc/rfc3062",
            "https://www.openldap.org/doc/admin25/security.html",
            "https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/6e803168-f140-4d23-b2d3-c3a8ab5917d2",
        ],
        [Strategy.Alternate, Strategy.InPlace],
        AccountsSetting: Accounts,
        AccountSetting: Account,
        Limits:
        [
            "Needs the system's libldap: on Debian 12 the package `libldap-2.5-0`, on Debian 13 `libldap2`. On Windows it is there.",
            "A retired account is locked by taking its `userPassword` away; with `active-directory` by the bit ACCOUNTDISABLE. Giving it a password opens it again.",
            "Sessions that are bound already live on.",
            "The right to set passwords is not tried beforehand, as LDAP has no way to try a change. That the accounts are there, and that the server knows the operation, is.",
            "With `modify` the server stores what is sent as it is, unless it hashes (`ppolicy_hash_cleartext`): prefer `extended`.",
            "A password policy may refuse a password that was used before: then the way back of an in-place rotation waits for a person.",
            "There is no evidence: a directory does not tell who is bound. The grace period has to be long enough.",
            "Failed binds count against an account where the server locks accounts: a check of a wrong value is one.",
            "Tested against a real slapd (OpenLDAP 2.5), by LDAPS and StartTLS. Of `active-directory` only that is tested: what is written, in a slapd with attributes of these names. Not the bind afterwards, nor its policies. Active Directory lets passwords be set over TLS only.",
        ],
        Permissions:
        [
            "An account that may write `userPassword` of these accounts, and find out whether they have one (`search` on it). In OpenLDAP: `access to dn.subtree=\"ou=services,…\" attrs=userPassword by dn.exact=\"cn=rotunda,…\" manage by anonymous auth`.",
            "Active Directory: the rights Reset Password and Write userAccountControl on them.",
        ],
        RollBack: "Alternate: the idle account is locked again; the one in use was never touched. In place: the old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              mail-ldap:
                provider:
                  type: ldap-password
                  server: ldap.example.com
                  bindDn: cn=rotunda,ou=services,dc=example,dc=com
                  bindPassword: env:LDAP_ROTUNDA_PASSWORD
                  accounts: ["cn=mail-a,ou=services,dc=example,dc=com", "cn=mail-b,ou=services,dc=example,dc=com"]
                current: { id: "cn=mail-a,ou=services,dc=example,dc=com", value: "file:mail.env#LDAP_PASSWORD" }
                interval: 90d
                grace: 1d
                targets:
                  mail: { type: dotenv, path: mail.env, keys: { LDAP_BIND_DN: "{username}", LDAP_PASSWORD: "{value}" } }
            """)
    {
        SystemSettings = [Server],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
    };
}
