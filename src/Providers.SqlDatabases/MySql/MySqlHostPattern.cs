using System.Net;
using System.Text.RegularExpressions;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The host part of an account: who may come in by it.</summary>
internal static class MySqlHostPattern
{
    /// <summary>Null where it cannot be told: the server knows a client by its name, and by its address, and told the name alone.</summary>
    /// <param name="host">Of the account.</param>
    /// <param name="client">As the server sees it.</param>
    public static bool? LetsIn(string host, string client) =>
        host.Equals(client, StringComparison.OrdinalIgnoreCase) || host is "%" or "" ? true
        : !IPAddress.TryParse(client, out var address) ? client == "localhost" ? IsLike(host, client) : null
        : host.Contains('/', StringComparison.Ordinal) ? IsInNetwork(host, address)
        : IsLike(host, client);

    private static bool IsLike(string pattern, string client) => Regex.IsMatch(
        client,
        "^" + Regex.Escape(pattern).Replace("%", ".*").Replace("_", ".") + "$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    /// <summary>As 10.0.0.0/255.255.0.0, or 10.0.0.0/16.</summary>
    private static bool? IsInNetwork(string host, IPAddress client)
    {
        var (first, mask) = host.Split('/', 2) is [var one, var other] ? (one, other) : (host, "");
        if (!IPAddress.TryParse(first, out var network))
        {
            return null;
        }

        var (its, wanted) = (network.GetAddressBytes(), client.GetAddressBytes());
        if (its.Length != wanted.Length)
        {
            return false;
        }

        var bits = int.TryParse(mask, out var length) && length <= its.Length * 8
            ? Enumerable.Range(0, its.Length).Select(i => (byte)(0xff00 >> Math.Clamp(length - (i * 8), 0, 8))).ToArray()
            : IPAddress.TryParse(mask, out var written) ? written.GetAddressBytes() : null;
        return bits is null || bits.Length != its.Length ? null
            : its.Zip(wanted, bits).All(part => (part.Second & part.Third) == (part.First & part.Third));
    }
}
