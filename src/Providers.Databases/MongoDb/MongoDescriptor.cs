using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.MongoDb;

internal static class MongoDescriptor
{
    public const string Address = "address";
    public const string Accounts = "accounts";
    public const string User = "user";
    public const string Password = "password";
    public const string ConnectTimeout = "connectTimeout";

    public static ProviderDescriptor Instance { get; } = new(
        "mongodb-user",
        "MongoDB users",
        "Passwords of users of a MongoDB server that you run, two users taken in turn: the idle one gets the new password, clients move, the other gets a password that nobody knows.",
        Abilities.ApplyValues | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ReportUse,
        [
            new(Address, SettingType.Text, "Where the servers are, without a login: `mongodb+srv://mongo.example.com`, or `mongodb://one.example.com:27017,two.example.com:27017/?replicaSet=rs0&tls=true`. Without TLS only on this machine.", Required: true),
            new(Accounts, SettingType.TextList, "The names of the two users that are taken in turn. Both have to exist in the database `admin`.", Required: true),
            new(User, SettingType.Text, "The user of the database `admin` as which Rotunda logs in.", Required: true),
            new(Password, SettingType.Text, "That user's password.", Required: true, IsSecret: true),
            new(ConnectTimeout, SettingType.Duration, "How long the servers may take to answer.", Default: "15s"),
        ],
        [
            "https://www.mongodb.com/docs/manual/reference/command/updateUser/",
            "https://www.mongodb.com/docs/manual/reference/command/usersInfo/",
            "https://www.mongodb.com/docs/manual/reference/operator/aggregation/currentOp/",
            "https://github.com/mongodb/specifications/blob/master/source/auth/auth.md",
        ],
        [Strategy.Alternate],
        AccountsSetting: Accounts,
        Limits:
        [
            "Users of the database `admin` that log in by SCRAM-SHA-256; their other mechanisms stay as they are. For MongoDB Atlas take `atlas-database-user`.",
            "The two users need the same roles, mechanisms and authentication restrictions. The check before a rotation compares them and says what differs.",
            "A retired user gets a random password that is kept nowhere. Nothing tells it from another password, so whether the idle user is open is not known beforehand. Whoever uses the idle user is refused from its turn on.",
            "Connections that are logged in live on at every member and mongos: MongoDB does not end them with a new password, and has no command that does. `killAllSessions` ends operations and cursors alone, and its sessions may be used again. Restart clients that the evidence names.",
            "The evidence is `$currentOp`: the connections that are logged in as the user, asked at each member of a replica set. A client that connects only now and then is not seen between. Behind `mongos` there is none to trust: each knows only its own clients, so only use that was seen is told.",
            "Logins are tried from Rotunda's machine. A `clientSource` that leaves it out makes a right password look wrong.",
            "A change waits for the majority of a replica set.",
            "Tested with MongoDB's own driver against a strict stand-in of the protocol (hello, SCRAM-SHA-256, usersInfo, updateUser, connectionStatus, aggregate), not against a server. Of `mongodb+srv` only how the address is read is tested, of TLS nothing.",
        ],
        Permissions:
        [
            "In the database `admin`, a role with the actions `viewUser` and `changePassword`; `userAdmin` has both. Not one of the two users.",
            "For the evidence, the action `inprog` on the cluster; `clusterMonitor` has it. Without it the evidence says that it cannot tell.",
        ],
        RollBack: "The idle user gets a password that nobody knows; the one in use was never touched.",
        Example: """
            version: 1
            secrets:
              orders-mongo:
                provider:
                  type: mongodb-user
                  address: "mongodb://db1.example.com:27017,db2.example.com:27017/?replicaSet=rs0&tls=true"
                  accounts: [orders_a, orders_b]
                  user: rotunda
                  password: env:MONGO_ROTUNDA_PASSWORD
                current: { id: orders_a, value: "file:./orders.env#MONGO_PASSWORD" }
                interval: 90d
                grace: 1d
                targets:
                  orders-env: { type: dotenv, path: ./orders.env, keys: { MONGO_USER: "{username}", MONGO_PASSWORD: "{value}" } }
                consumers:
                  orders-api: { type: http, instances: ["http://orders:8080"], reloadPath: /reload, healthPath: /healthz }
            """)
    {
        SystemSettings = [Address],
        DefaultValue = new ValueRule(ValueFormat.Text, 40),
        RepeatsApply = true,
    };
}
