using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>Where a pooler listens.</summary>
/// <param name="Host">A name, an address, or the absolute folder of its Unix socket.</param>
internal sealed record PgBouncerEndpoint(string Host, int Port)
{
    public bool IsSocket => Host.StartsWith('/');

    public string SocketPath => $"{Host.TrimEnd('/')}/.s.PGSQL.{Port}";

    /// <exception cref="DeliveryException">It is none.</exception>
    public static PgBouncerEndpoint Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon];
        var isPlain = host.Length > 0
            && (!host.Contains(':') || host is ['[', .., ']'])
            && !host.Any(c => char.IsControl(c) || c is '@' or ' ' or ',' or ';');
        return isPlain && int.TryParse(text[(colon + 1)..], out var port) && port is > 0 and <= 65535
            ? new(host.Trim('[', ']'), port)
            : throw new DeliveryException(
                "'poolers' has an entry that is no address. Write host:port, [IPv6]:port, or the folder of a Unix socket and the port: "
                    + "/var/run/postgresql:6432.");
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
