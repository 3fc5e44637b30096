using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

internal static class RedisDescriptor
{
    public const string Nodes = "nodes";
    public const string Username = "username";
    public const string AdminUser = "adminUser";
    public const string AdminPassword = "adminPassword";
    public const string Tls = "tls";
    public const string RootCertificate = "rootCertificate";
    public const string ConnectTimeout = "connectTimeout";
    public const string Persist = "persist";
    public const string EndConnections = "endConnections";
    public const string Sentinels = "sentinels";
    public const string SentinelMaster = "sentinelMaster";
    public const string SentinelUser = "sentinelUser";
    public const string SentinelPassword = "sentinelPassword";

    public const string PersistAuto = "auto";
    public const string PersistNone = "none";

    /// <summary>What the administrator needs, as ACL SETUSER takes it.</summary>
    public const string Rights = "+acl +config +client|list +client|kill +client|setname +client|id +info +ping +echo +cluster";

    public static ProviderDescriptor Instance { get; } = new(
        "redis",
        "Redis passwords",
        "Passwords of a self-hosted Redis, on every node. An ACL user gets a second password beside the first (overlap), so nobody is locked out: clients move, and the first is taken away. Where clients log in as `default` (requirepass), the new password replaces the old one at once (in-place).",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeByValue | Abilities.ReportUse,
        [
            new(Nodes, SettingType.TextList, "Every primary and every replica, as `host:port`. Redis does not replicate users: each node is set, saved and verified by itself. The check refuses a list that lacks a node which the others, the cluster or the Sentinels know.", Required: true),
            new(Username, SettingType.Text, "The ACL user that clients log in as. With in-place it may be `default`: its one password is what redis.conf calls requirepass.", Required: true),
            new(AdminUser, SettingType.Text, "The user that Rotunda logs in as.", Default: RedisSetup.DefaultUser),
            new(AdminPassword, SettingType.Text, "Its password. In place, where Rotunda comes in as the very user that it rotates: the value in use, such as `file:./orders.env#REDIS_PASSWORD`.", IsSecret: true),
            new(Tls, SettingType.Boolean, "Connects by TLS, to the nodes and the Sentinels.", Default: "false"),
            new(RootCertificate, SettingType.Path, "The certificate authority that is trusted with `tls`. Left out: the system's."),
            new(ConnectTimeout, SettingType.Duration, "How long a node may take to answer.", Default: "10s"),
            new(Persist, SettingType.Choice, "How a node keeps the change over a restart. `auto`: by ACL SAVE where it has an aclfile, else by CONFIG REWRITE. `none`: not at all, where something else sets the users when it starts (a chart, a template) and is a target of the secret.", Default: PersistAuto, Choices: [PersistAuto, PersistNone]),
            new(EndConnections, SettingType.Boolean, "Ends all connections of the user when the old password is taken away. Clients connect again at once, with the password that they have then. Otherwise a connection that was opened by the old password lives on until it closes by itself.", Default: "false"),
            new(Sentinels, SettingType.TextList, "Every Sentinel that watches the nodes, as `host:port`. Each is asked which nodes it knows. In place with `default`, its auth-pass is set too, where it logs in as `default`."),
            new(SentinelMaster, SettingType.Text, "The name by which the Sentinels know the primary, such as `mymaster`."),
            new(SentinelUser, SettingType.Text, "The user that Rotunda logs in to the Sentinels as.", Default: RedisSetup.DefaultUser),
            new(SentinelPassword, SettingType.Text, "Its password. Left out: they ask for none.", IsSecret: true),
        ],
        [
            "https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/",
            "https://redis.io/docs/latest/commands/acl-setuser/",
            "https://redis.io/docs/latest/commands/acl-save/",
            "https://redis.io/docs/latest/commands/config-rewrite/",
            "https://redis.io/docs/latest/commands/client-list/",
            "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/",
        ],
        [Strategy.Overlap, Strategy.InPlace],
        AccountSetting: Username,
        Limits:
        [
            "Redis 6 and newer. The tests run Redis 7.0, with replicas and a Sentinel.",
            "Passwords of ACL users are sent as SHA-256 hashes, so no log, MONITOR or slow log of a server holds one. requirepass and masterauth take the password itself; Redis keeps those out of its slow log from version 7 on, and writes them to redis.conf in clear.",
            "A node that is down keeps a rotation waiting: what was not set and saved there would be missing after its restart.",
            "A node that is added later has the users of its own file: add it to 'nodes', and give it the users first. The check before each rotation refuses what it can see is missing.",
            "Redis does not tell by which of two passwords a client logged in. Evidence is what CLIENT LIST shows: a connection that was opened before the new value came into use counts as use of the old one. A client that connects anew by the old password, after that moment, is not seen. The grace period has to be longer than clients take to read the new one.",
            "The user that replicas or Sentinels log in as is not rotated with overlap: give them one of their own (masteruser, auth-user).",
            "In place with `default`, masterauth of each node is set as well where replicas log in as `default`.",
            "Templates write the user's name themselves: `{username}` is empty with overlap.",
            "Logins are tried by one AUTH, so a user needs no right to be verified. Whether a user's rights are enough is not asked: both passwords are of one user.",
        ],
        Permissions:
        [
            $"`ACL SETUSER rotunda-admin on >… {Rights}`, on every node. No keys and no channels.",
            "For Sentinels: `+sentinel`; they know `default` without a password unless told otherwise.",
        ],
        RollBack: "Overlap: the new password is taken away again on every node; the one in use was never touched. Where somebody took that one away, the new one stays, as nobody could log in without it, and a person is asked. In place: the old password is set again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              orders-redis:
                provider:
                  type: redis
                  nodes: ["redis-1:6379", "redis-2:6379"]
                  username: orders
                  adminUser: rotunda-admin
                  adminPassword: env:REDIS_ADMIN
                current: { value: "file:./orders.env#REDIS_PASSWORD" }
                interval: 30d
                grace: 24h
                evidence: { quietFor: 10m, timeout: 2d }
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { REDIS_URL: "redis://orders:{value:url}@redis-1:6379", REDIS_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [Nodes],
        Costs =
        [
            new(Persist, PersistNone, "a node that restarts knows the users of its own file alone. Make what sets them there a target of this secret."),
        ],
        RepeatsApply = true,
    };
}
