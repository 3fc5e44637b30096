using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Atlas;

internal static class AtlasUserDescriptor
{
    public const string Project = "project";
    public const string Accounts = "accounts";
    public const string Cluster = "cluster";
    public const string ConnectTimeout = "connectTimeout";

    public static ProviderDescriptor Instance { get; } = new(
        "atlas-database-user",
        "MongoDB Atlas database users",
        "Passwords of database users of a project in MongoDB Atlas, two users taken in turn: the idle one is made like the one in use and gets the new password, clients move, the other is deleted.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials,
        [
            new(Project, SettingType.Text, "The project's id: 24 digits.", Required: true),
            new(Accounts, SettingType.TextList, "The names of the two users that are taken in turn. One of them has to exist, the other is made when its turn comes.", Required: true),
            new(Cluster, SettingType.Text, "Where a new password is tried: a cluster's address without a login, `mongodb+srv://cluster0.abcde.mongodb.net`. One that the users' scopes let them in to.", Required: true),
            new(ConnectTimeout, SettingType.Duration, "How long the cluster may take to answer.", Default: "15s"),
            .. AtlasLogin.Settings("manages the users"),
        ],
        [
            "https://www.mongodb.com/docs/atlas/reference/api-resources-spec/v2/#tag/Database-Users",
            "https://www.mongodb.com/docs/atlas/security-add-mongodb-users/",
            "https://github.com/mongodb/specifications/blob/master/source/auth/auth.md",
        ],
        [Strategy.Alternate],
        AccountsSetting: Accounts,
        Limits:
        [
            "Users that log in with a password (SCRAM) only, not by AWS, X.509, LDAP or OIDC.",
            "Each time, the idle user gets the roles, scopes and labels of the one in use: what was given to it by hand is gone.",
            "Atlas takes up to some minutes until its clusters know a change. A deleted user's open connections end then, too.",
            "An idle user that is there is taken for somebody's, and the check before a rotation refuses it: delete it, it is made anew.",
            "There is no evidence: Atlas tells logins, and connections that are kept open log in once. The grace period has to be long enough.",
            "Logins are tried with MongoDB's own driver. In the tests it speaks to a strict stand-in of the protocol (hello, SCRAM-SHA-256), not to a server.",
            "A project takes 100 users.",
        ],
        Permissions:
        [
            "A service account with the role Project Database Access Admin.",
            "The project's IP access list lets Rotunda's address in: new passwords are tried at the cluster.",
        ],
        RollBack: "The idle user is deleted again; the one in use was never touched.",
        Example: """
            version: 1
            secrets:
              orders-mongo:
                provider: { type: atlas-database-user, project: 32b6e34b3d91647abb20e7b8, accounts: [orders_a, orders_b], cluster: "mongodb+srv://cluster0.abcde.mongodb.net", clientId: mdb_sa_id_abcdef1234567890abcdef12, clientSecret: env:ATLAS_ADMIN_SECRET }
                current: { id: orders_a, value: "file:./orders.env#MONGO_PASSWORD" }
                interval: 90d
                grace: 3d
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { MONGO_USER: "{username}", MONGO_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [Project],
        Costs =
        [
            SettingCost.Always("A revoke deletes the user. Where the other one is not there (an emergency that revokes first), it gets a password that nobody knows instead, and the label `rotunda: locked`, as nothing else would tell the roles."),
        ],
        Carries = ["the roles", "the scopes", "the labels"],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
        WorksAfter = TimeSpan.FromMinutes(10),
    };
}
