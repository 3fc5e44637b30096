using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Neon;

internal static class NeonRolesDescriptor
{
    public const string Accounts = "accounts";

    public static ProviderDescriptor Instance { get; } = new(
        "neon-roles",
        "Neon roles in turn",
        "Two roles of a branch at Neon, taken in turn: the idle one gets a new password, clients move to it, and the other one's password is replaced by one that nobody knows.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeByValue,
        [
            new(Accounts, SettingType.TextList, "The two roles that are taken in turn. Both have to exist, and may do the same: grant all to a role that both are members of.", Required: true),
            .. NeonRoleDescriptor.Settings,
        ],
        [.. NeonRoleDescriptor.Docs, "https://neon.com/docs/manage/database-access"],
        [Strategy.Overlap],
        Limits:
        [
            "Which role is in use is told by the value in use, which logs in as it, and by `current: { id: ROLE }` where that is not stored. If nothing tells, nothing is reset.",
            "A role is ended by a reset, as Neon cannot lock one: the password that comes of it is thrown away. A value that is not in the store cannot be tried, and is to be ended by hand.",
            "Consumers have to take `{username}` along with the value.",
            "Where an answer is lost, the idle role is reset once more.",
            .. NeonRoleDescriptor.Limits,
        ],
        Permissions: NeonRoleDescriptor.Permissions,
        RollBack: "The idle role is reset once more; the one in use was never touched.",
        Example: """
            version: 1
            secrets:
              shop-neon:
                provider: { type: neon-roles, project: red-sun-1234, branch: br-cool-dew-5678, accounts: [shop_a, shop_b], host: ep-cool-dew-5678.eu-central-1.aws.neon.tech, database: shop, token: env:NEON_API_KEY }
                interval: 60d
                grace: 1d
                current: { id: shop_a, value: "file:app.env#DATABASE_PASSWORD" }
                targets:
                  app:
                    type: dotenv
                    path: app.env
                    keys:
                      DATABASE_PASSWORD: "{value}"
                      DATABASE_URL: "postgresql://{username}:{value:url}@ep-cool-dew-5678.eu-central-1.aws.neon.tech/shop?sslmode=require"
            """)
    {
        Costs = [SettingCost.Always("Neon drops all connections to the compute twice: when the idle role gets its password, and when the old one is ended.")],
        RepeatsIssue = true,
        WorksAfter = TimeSpan.FromMinutes(3),
    };
}
