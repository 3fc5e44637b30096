using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>Rotunda's own login, and the few commands that a rotation needs. Nothing is kept open.</summary>
internal sealed class MongoSession : IDisposable
{
    private const string Admin = "admin";
    private const int MostConnections = 1000;
    private readonly MongoClient _client;
    private readonly MongoClientSettings _settings;
    private readonly MongoSetup _setup;

    public MongoSession(MongoSetup setup, SecretValue password)
        : this(setup, MongoLogin.SettingsFor(
            setup.Url, MongoCredential.CreateCredential(Admin, setup.User, password.RevealText()), setup.Timeout))
    {
    }

    private MongoSession(MongoSetup setup, MongoClientSettings settings) =>
        (_setup, _settings, _client) = (setup, settings, new MongoClient(settings));

    /// <summary>Whether changes are taken where the address leads.</summary>
    public async Task<bool> TakesChangesAsync(CancellationToken cancellationToken) =>
        (await RunAsync(new("hello", 1), cancellationToken)).GetValue("isWritablePrimary", false).ToBoolean();

    /// <summary>Whether the login may set passwords of users of the database admin.</summary>
    public async Task<bool> MaySetPasswordsAsync(CancellationToken cancellationToken)
    {
        var status = await RunAsync(new() { { "connectionStatus", 1 }, { "showPrivileges", true } }, cancellationToken);
        return status["authInfo"]["authenticatedUserPrivileges"].AsBsonArray.Select(one => one.AsBsonDocument).Any(privilege =>
            IsOfAdmin(privilege["resource"].AsBsonDocument)
            && privilege["actions"].AsBsonArray.Any(action => action == "changePassword" || action == "anyAction"));
    }

    /// <summary>Those of the two that exist, by their names.</summary>
    public async Task<IReadOnlyDictionary<string, MongoUser>> UsersAsync(CancellationToken cancellationToken)
    {
        var names = _setup.Accounts.Select(name => new BsonDocument { { "user", name }, { "db", Admin } });
        var told = await RunAsync(
            new() { { "usersInfo", new BsonArray(names) }, { "showAuthenticationRestrictions", true } },
            cancellationToken);
        return told["users"].AsBsonArray.Select(user => MongoUser.Read(user.AsBsonDocument)).ToDictionary(user => user.Name);
    }

    /// <summary>Sets the password, known to a majority of a replica set when this returns. All else of the user stays.</summary>
    /// <exception cref="MongoException">What happened is told by <see cref="MongoFailures.AfterSending"/>.</exception>
    public async Task SetPasswordAsync(MongoUser user, SecretValue password, CancellationToken cancellationToken)
    {
        var told = await RunAsync(
            new()
            {
                { "updateUser", user.Name },
                { "pwd", password.RevealText() },
                // Left out, the server would take those of its version.
                { "mechanisms", new BsonArray(user.Mechanisms) },
                { "writeConcern", new BsonDocument { { "w", "majority" }, { "wtimeout", (int)_setup.Timeout.TotalMilliseconds } } },
            },
            cancellationToken);
        if (told.Contains("writeConcernError"))
        {
            throw new MongoException("The majority did not confirm it.");
        }
    }

    /// <summary>How many connections are logged in as the user, at each member that can be found; Everywhere is false where there may be
    /// more that nobody here can see.</summary>
    public async Task<(int Count, bool Everywhere, string? Clients)> ConnectionsAsync(string account, CancellationToken cancellationToken)
    {
        var hello = await RunAsync(new("hello", 1), cancellationToken);
        var isRouter = hello.GetValue("msg", "") == "isdbgrid";
        string[] lists = ["hosts", "passives"];
        var members = lists.Where(hello.Contains).SelectMany(list => hello[list].AsBsonArray).Select(host => host.AsString).ToArray();
        List<BsonDocument> found = [];
        if (isRouter || members.Length == 0)
        {
            found.AddRange(await ConnectionsHereAsync(account, isRouter, cancellationToken));
        }

        foreach (var member in isRouter ? [] : members)
        {
            using var session = At(MongoServerAddress.Parse(member));
            found.AddRange(await session.ConnectionsHereAsync(account, isRouter: false, cancellationToken));
        }

        var clients = found.Select(one => one.GetValue("appName", "") is { IsString: true, AsString.Length: > 0 } name
                ? name.AsString
                : one.GetValue("client", "").ToString()!.Split(':')[0])
            .Where(text => text.Length > 0).Distinct().Order(StringComparer.Ordinal).Take(5).ToList();
        return (found.Count, !isRouter && found.Count < MostConnections, clients.Count == 0 ? null : string.Join(", ", clients));
    }

    public void Dispose()
    {
        var connections = _client.Cluster;
        _client.Dispose();
        MongoLogin.Close(connections);
    }

    private static bool IsOfAdmin(BsonDocument resource) => resource.Contains("anyResource")
        || (resource.TryGetValue("db", out var database) && (database == "" || database == Admin)
            && resource.GetValue("collection", "") == "");

    private async Task<IEnumerable<BsonDocument>> ConnectionsHereAsync(string account, bool isRouter, CancellationToken cancellationToken)
    {
        var look = new BsonDocument { { "allUsers", true }, { "idleConnections", true } };
        if (isRouter)
        {
            look["localOps"] = true;
        }

        var isTheirs = new BsonDocument("$elemMatch", new BsonDocument { { "user", account }, { "db", Admin } });
        var stages = new BsonArray
        {
            new BsonDocument("$currentOp", look),
            new BsonDocument("$match", new BsonDocument("effectiveUsers", isTheirs)),
        };
        var told = await RunAsync(
            new()
            {
                { "aggregate", 1 },
                { "pipeline", stages },
                { "cursor", new BsonDocument("batchSize", MostConnections) },
            },
            cancellationToken);
        return told["cursor"]["firstBatch"].AsBsonArray.Select(one => one.AsBsonDocument);
    }

    private MongoSession At(MongoServerAddress member)
    {
        var settings = _settings.Clone();
        settings.ApplicationName = $"rotunda-{Guid.NewGuid():N}";
        settings.Scheme = ConnectionStringScheme.MongoDB;
        settings.ReplicaSetName = null;
        settings.Server = member;
        settings.DirectConnection = true;
        return new(_setup, settings);
    }

    private Task<BsonDocument> RunAsync(BsonDocument command, CancellationToken cancellationToken) => MongoLogin.WithCauseAsync(
        _client.Cluster,
        () => _client.GetDatabase(Admin).RunCommandAsync<BsonDocument>(command, null, cancellationToken));
}
