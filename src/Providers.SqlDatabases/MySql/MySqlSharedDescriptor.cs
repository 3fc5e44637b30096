using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The settings that both providers of this folder have.</summary>
internal static class MySqlSharedDescriptor
{
    public const string Connection = "connection";
    public const string Host = "host";
    public const string Port = "port";
    public const string User = "user";
    public const string Password = "password";
    public const string SslMode = "sslMode";
    public const string RootCertificate = "rootCertificate";
    public const string ConnectTimeout = "connectTimeout";
    public const string Hosts = "hosts";
    public const string VerifyAt = "verifyAt";
    public const string Database = "database";
    public const string EndSessions = "endSessions";
    public const string AnyHost = "%";

    public static IReadOnlyList<SettingDescriptor> Server { get; } =
    [
        new(Connection, SettingType.Text, "Rotunda's own login: `Server=…;User ID=…;Password=…`, or `mysql://user:password@host:3306` (also `mariadb://`, with `?sslmode=…`). Instead of it, give `host`, `user` and `password`.", IsSecret: true),
        new(Host, SettingType.Text, "The server's name, address, or the path of its Unix socket. Where changes are taken: the primary. Left out if `connection` is given."),
        SettingDescriptor.ForPort(Port, "The server's port.", "3306"),
        new(User, SettingType.Text, "The user as which Rotunda logs in. Not one of those whose passwords are set."),
        new(Password, SettingType.Text, "Its password.", IsSecret: true),
        new(SslMode, SettingType.Choice, "How connections are protected, for administration and for logins. Left out: as `connection` says, else preferred (TLS where the server has it).", Choices: ["disabled", "preferred", "required", "verify-ca", "verify-full"]),
        new(RootCertificate, SettingType.Path, "The certificate authority that verify-ca and verify-full trust. Left out: the system's."),
        new(ConnectTimeout, SettingType.Duration, "How long the server may take to let in, and to answer.", Default: "15s"),
    ];

    public static IReadOnlyList<SettingDescriptor> Logins { get; } =
    [
        new(Hosts, SettingType.TextList, "The host parts of the accounts, as the server has them: `10.0.%`, `localhost`. A user with several is several accounts, and each gets the password. The check refuses a list that leaves one out. Left out: `%`."),
        new(VerifyAt, SettingType.TextList, "Where applications log in, as `host:port`, if not (only) at the server itself: replicas, a proxy. A new password has to work at each of them. Left out: the server."),
        new(Database, SettingType.Text, "The database that applications log in to: each login is tried with it. The check finds a name that is not there, or that the users have no right in. Left out: none."),
        new(EndSessions, SettingType.Boolean, "Ends open sessions when the old password is revoked, at the server that is changed. Otherwise they live on until they close by themselves, as they do at other servers (replicas, other nodes of a Galera cluster): the check warns of those.", Default: "false"),
    ];
}
