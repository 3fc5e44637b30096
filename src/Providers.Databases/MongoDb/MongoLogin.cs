using System.Net.Sockets;
using DnsClient;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Servers;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>Tries logins by MongoDB's own protocol, each on connections of its own.</summary>
internal static class MongoLogin
{
    /// <summary>A server's own code for a refused login, and that of Atlas.</summary>
    private static readonly int[] Refusals = [18, 8000];

    public static bool IsRefusal(int code) => Refusals.Contains(code);

    /// <summary>Whether the deployment answers, without a login.</summary>
    /// <returns>Null if it does; else why not.</returns>
    public static async Task<string?> ReachAsync(MongoUrl address, TimeSpan timeout, CancellationToken cancellationToken) =>
        (await AskAsync(address, null, "hello", timeout, cancellationToken)).Detail;

    /// <param name="account">Of the database <c>admin</c>.</param>
    public static Task<Verification> TryAsync(
        MongoUrl address, string account, SecretValue value, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(
            address,
            MongoCredential.CreateCredential("admin", account, value.RevealText()),
            "connectionStatus",
            timeout,
            cancellationToken);

    private static async Task<Verification> AskAsync(
        MongoUrl address, MongoCredential? login, string command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(SettingsFor(address, login, timeout), command, cancellationToken);
            return new(Validity.Valid);
        }
        catch (MongoAuthenticationException exception) when (exception.InnerException is MongoCommandException { Code: var code }
            && Refusals.Contains(code))
        {
            return new(Validity.Invalid, $"the login is refused (code {code})");
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException or IOException or SocketException
            or DnsResponseException)
        {
            return new(
                Validity.CannotTell,
                $"{string.Join(',', address.Servers.Select(server => server.Host))} cannot be asked{Why(exception)}. Check the "
                    + "address, its TLS, and that it lets this machine in.");
        }
    }

    /// <summary>The driver keeps the connections of a client that is disposed, and gives them to the next one with equal settings, which
    /// would then not log in afresh. So no two settings are equal, and the connections are closed.</summary>
    private static async Task RunAsync(MongoClientSettings settings, string command, CancellationToken cancellationToken)
    {
        using var client = new MongoClient(settings);
        var connections = client.Cluster;
        try
        {
            await WithCauseAsync(
                connections,
                () => client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument(command, 1), null, cancellationToken));
        }
        finally
        {
            Close(connections);
        }
    }

    /// <summary>That no server could be chosen in time is all that the driver says; why not, it keeps with each server.</summary>
    /// <exception cref="TimeoutException">With the cause inside, if there is one.</exception>
    public static async Task<T> WithCauseAsync<T>(ICluster connections, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (TimeoutException exception) when (exception.InnerException is null)
        {
            var servers = connections.Description.Servers;
            throw servers.Any(server => server.State == ServerState.Connected)
                ? new MongoNoPrimaryException()
                : new TimeoutException(
                    exception.Message,
                    servers.Select(server => server.HeartbeatException).FirstOrDefault(why => why is not null));
        }
    }

    /// <summary>Why it cannot be asked, in brackets.</summary>
    public static string Why(Exception exception) => exception is MongoNoPrimaryException ? " (it answers, and there is no primary)"
        : exception is DnsResponseException ? " (its name is not found)"
        : Causes.Told(exception);

    /// <summary>Ends the connections of a client.</summary>
    public static void Close(ICluster connections) => ClusterRegistry.Instance.UnregisterAndDisposeCluster(connections);

    /// <summary>For connections that nobody else gets.</summary>
    public static MongoClientSettings SettingsFor(MongoUrl address, MongoCredential? login, TimeSpan timeout)
    {
        var settings = MongoClientSettings.FromUrl(address);
        settings.ApplicationName = $"rotunda-{Guid.NewGuid():N}";
        settings.ConnectTimeout = timeout;
        settings.Credential = login;
        settings.MaxConnectionPoolSize = 1;
        settings.RetryReads = false;
        settings.ServerSelectionTimeout = timeout;
        return settings;
    }
}
