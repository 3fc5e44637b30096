using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Neon;

internal static class NeonRoleDescriptor
{
    public const string Project = "project";
    public const string Branch = "branch";
    public const string Role = "role";
    public const string Host = "host";
    public const string Port = "port";
    public const string Database = "database";
    public const string SslMode = "sslMode";
    public const string ConnectTimeout = "connectTimeout";
    public const string Token = "token";
    public const string Address = "https://console.neon.tech/api/v2";

    /// <summary>What holds for one role and for two.</summary>
    public static readonly IReadOnlyList<string> Limits =
    [
        "Neon drops the connections to the compute at each reset, those of other roles, too; clients have to connect again. A compute that is asleep is woken.",
        "A password is reset once Neon's operations are over, which is waited for; the old one works until then. While another operation of the project runs, the reset is tried again later.",
        "Each check tries one login with a wrong password, to see whether the compute answers, and wakes it.",
        "There is no evidence: Neon's API does not tell who is connected. The grace period has to be long enough.",
        "Neon makes the passwords. To choose them, or for grants and locks of roles, use `postgres` with a role that administers the others.",
        "In the tests the control API is a strict stand-in, and the server that passwords are tried at a real PostgreSQL.",
    ];

    public static readonly IReadOnlyList<string> Permissions =
        ["An API key of the organisation or of the project (`neon-api-key` rotates such keys)."];

    public static readonly IReadOnlyList<string> Docs =
    [
        "https://api-docs.neon.tech/reference/resetprojectbranchrolepassword",
        "https://api-docs.neon.tech/reference/getprojectoperation",
        "https://neon.com/docs/manage/roles",
    ];

    public static ProviderDescriptor Instance { get; } = new(
        "neon-role-password",
        "Neon role password",
        "Resets the password of one role of a branch at Neon. The old one ends with it. With two roles taken in turn (`neon-roles`) nobody is locked out.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials,
        [
            new(Role, SettingType.Text, "The role.", Required: true),
            .. Settings,
        ],
        Docs,
        [Strategy.Overlap],
        Limits:
        [
            "The password ends for all who use the role: from the reset until they have the new one, consumers cannot connect anew.",
            "Where an answer is lost, the password is reset once more: what the lost answer had ends with that.",
            .. Limits,
        ],
        Permissions: Permissions,
        RollBack: "None once the password is reset: the old one has ended, and Neon takes none back. Before that, nothing has happened.",
        Example: """
            version: 1
            secrets:
              shop-neon:
                provider: { type: neon-role-password, project: red-sun-1234, branch: br-cool-dew-5678, role: shop, host: ep-cool-dew-5678.eu-central-1.aws.neon.tech, database: shop, token: env:NEON_API_KEY }
                interval: 90d
                grace: 0s
                targets:
                  app: { type: dotenv, path: app.env, keys: { DATABASE_URL: "postgresql://{username}:{value:url}@ep-cool-dew-5678.eu-central-1.aws.neon.tech/shop?sslmode=require" } }
            """)
    {
        RepeatsIssue = true,
        OldEnds = new(null, TimeSpan.Zero),
        WorksAfter = TimeSpan.FromMinutes(3),
    };

    /// <summary>Of both kinds.</summary>
    internal static IReadOnlyList<SettingDescriptor> Settings =>
    [
        new(Project, SettingType.Text, "The project's id.", Required: true),
        new(Branch, SettingType.Text, "The branch's id (`br-…`).", Required: true),
        new(Host, SettingType.Text, "Where new passwords are tried: the host of the branch's compute, as applications have it (`ep-….neon.tech`).", Required: true),
        SettingDescriptor.ForPort(Port, "Its port.", "5432"),
        new(Database, SettingType.Text, "A database that the role may connect to.", Required: true),
        new(SslMode, SettingType.Choice, "How the connection is protected.", Default: "verify-full", Choices: ["disable", "require", "verify-ca", "verify-full"]),
        new(ConnectTimeout, SettingType.Duration, "How long a connection may take to open. A compute that is asleep takes some seconds.", Default: "30s"),
        new(Token, SettingType.Text, "The API key by which Rotunda calls Neon.", Required: true, IsSecret: true),
        VendorApi.UrlSetting(Address),
    ];
}
