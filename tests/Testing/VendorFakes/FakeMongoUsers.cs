using System.Collections.Concurrent;
using MongoDB.Bson;

namespace Rotunda.Testing.VendorFakes;

/// <summary>The users of a server of one's own, and the commands that are about them, as strict as a server: rights, names and fields
/// are looked at. Members of a replica set share one.</summary>
public sealed class FakeMongoUsers
{
    private readonly ConcurrentDictionary<string, FakeMongoUser> _users = new(StringComparer.Ordinal);

    /// <summary>A command that is done, and whose answer is lost.</summary>
    public string? LoseAnswerOf { get; set; }

    /// <summary>What updateUser answers after it did its work, without the majority.</summary>
    public bool WithoutMajority { get; set; }

    /// <summary>Whether it is a mongos.</summary>
    public bool IsRouter { get; set; }

    public FakeMongoUser? this[string name] => _users.GetValueOrDefault(name);

    public void Add(FakeMongoUser user) => _users[user.Name] = user;

    public void Remove(string name) => _users.TryRemove(name, out _);

    /// <param name="by">Who is logged in.</param>
    /// <param name="open">Who is logged in on each connection of the server that is asked.</param>
    /// <returns>Null for a command that is not about users.</returns>
    internal BsonDocument? Answer(BsonDocument command, string by, IEnumerable<string> open)
    {
        var name = command.GetElement(0).Name;
        if (name is not ("usersInfo" or "updateUser" or "aggregate" or "connectionStatus"))
        {
            return null;
        }

        Require(command["$db"] == "admin", "another database");
        return name switch
        {
            "usersInfo" => May(by, "viewUser") ?? Info(command),
            "updateUser" => May(by, "changePassword") ?? Update(command),
            "aggregate" => May(by, "inprog") ?? Operations(command, open),
            _ => Status(command, by),
        };
    }

    private BsonDocument Info(BsonDocument command)
    {
        Fields(command, "usersInfo", "showAuthenticationRestrictions");
        var asked = command["usersInfo"].AsBsonArray.Select(one => one.AsBsonDocument).ToList();
        Require(asked.All(one => one.ElementCount == 2 && one["db"] == "admin"), "a user that is not NAME and database");
        return new()
        {
            { "users", new BsonArray(asked.Select(one => this[one["user"].AsString]).OfType<FakeMongoUser>().Select(Shown)) },
            { "ok", 1 },
        };
    }

    private BsonDocument Update(BsonDocument command)
    {
        Fields(command, "updateUser", "pwd", "mechanisms", "writeConcern");
        Require(command["writeConcern"]["w"] == "majority" && command["writeConcern"]["wtimeout"].AsInt32 > 0, "another write concern");
        if (this[command["updateUser"].AsString] is not { } user)
        {
            return FakeMongoLogin.Refusal(11, "UserNotFound", "User not found");
        }

        if (command["pwd"].AsString.Length == 0)
        {
            return FakeMongoLogin.Refusal(2, "BadValue", "Password cannot be empty");
        }

        user.Mechanisms = command["mechanisms"].AsBsonArray;
        user.Password = command["pwd"].AsString;
        return WithoutMajority
            ? new()
            {
                { "ok", 1 },
                { "writeConcernError", new BsonDocument { { "code", 64 }, { "errmsg", "waiting for replication timed out" } } },
            }
            : new("ok", 1);
    }

    private BsonDocument Operations(BsonDocument command, IEnumerable<string> open)
    {
        Fields(command, "aggregate", "pipeline", "cursor");
        var stages = command["pipeline"].AsBsonArray;
        Require(command["aggregate"] == 1 && stages.Count == 2, "another pipeline");
        var look = stages[0]["$currentOp"].AsBsonDocument;
        Require(look["allUsers"] == true && look["idleConnections"] == true, "a look at some connections only");
        Require(look.GetValue("localOps", false).AsBoolean == IsRouter, "a look at the shards, or at no router");
        var user = stages[1]["$match"]["effectiveUsers"]["$elemMatch"];
        Require(user["db"] == "admin", "another database");
        var found = open.Where(name => name == user["user"].AsString).Select(name => new BsonDocument
        {
            { "type", "op" },
            { "active", false },
            { "client", "127.0.0.1:50000" },
            { "appName", "orders" },
            { "effectiveUsers", new BsonArray { new BsonDocument { { "user", name }, { "db", "admin" } } } },
        });
        return new()
        {
            { "cursor", new BsonDocument { { "firstBatch", new BsonArray(found) }, { "id", 0L }, { "ns", "admin.$cmd.aggregate" } } },
            { "ok", 1 },
        };
    }

    private BsonDocument Status(BsonDocument command, string by)
    {
        var status = new BsonDocument("authenticatedUsers", new BsonArray { new BsonDocument { { "user", by }, { "db", "admin" } } });
        if (command.GetValue("showPrivileges", false).AsBoolean)
        {
            status["authenticatedUserPrivileges"] = new BsonArray
            {
                new BsonDocument { { "resource", new BsonDocument("cluster", true) }, { "actions", new BsonArray { "inprog" } } },
                new BsonDocument
                {
                    { "resource", new BsonDocument { { "db", "admin" }, { "collection", "" } } },
                    { "actions", this[by]?.Actions ?? [] },
                },
            };
        }

        return new() { { "authInfo", status }, { "ok", 1 } };
    }

    private BsonDocument? May(string by, string action) => this[by]?.Actions.Contains(action) == true
        ? null
        : FakeMongoLogin.Refusal(13, "Unauthorized", "not authorized on admin to execute command");

    private static BsonDocument Shown(FakeMongoUser user) => new()
    {
        { "_id", $"admin.{user.Name}" },
        { "user", user.Name },
        { "db", "admin" },
        { "roles", user.Roles },
        { "authenticationRestrictions", user.Restrictions },
        { "mechanisms", user.Mechanisms },
    };

    private static void Fields(BsonDocument command, params string[] known)
    {
        string[] own = ["$db", "lsid", "$clusterTime", "$readPreference"];
        var unknown = command.Names.Except(known).Except(own).ToList();
        Require(unknown.Count == 0, $"the fields {string.Join(", ", unknown)}");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FakeVendorException($"A command with {otherwise}.");
        }
    }
}
