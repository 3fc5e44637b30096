using System.Net;
using MongoDB.Driver;

namespace Rotunda.Providers.Databases.MongoDb;

/// <summary>Where a MongoDB deployment is, as a connection string without a login.</summary>
internal static class MongoAddress
{
    /// <returns>The address, or what is wrong with it.</returns>
    public static (MongoUrl? Url, string? Problem) Read(string text, string setting)
    {
        try
        {
            var url = new MongoUrl(text);
            return url.Username is not null || url.Password is not null
                ? (null, $"'{setting}' holds a login. Leave it out: the accounts are settings of their own.")
                : url.AllowInsecureTls ? (null, $"'{setting}' takes any certificate for the server's. Take 'tlsInsecure' out.")
                : url.UseTls || url.Servers.All(server => IsHere(server.Host)) ? (url, null)
                : (null, $"'{setting}' leads over a network without TLS. Add 'tls=true', or take a mongodb+srv address.");
        }
        catch (Exception exception) when (exception is MongoConfigurationException or FormatException or ArgumentException)
        {
            // Its text is not repeated: a login may stand in it.
            return (null, $"'{setting}' is no address of MongoDB. Write mongodb+srv://HOST, or mongodb://HOST:PORT,HOST:PORT/?tls=true.");
        }
    }

    private static bool IsHere(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
