using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Rotunda.Access;
using Rotunda.Api.Http;
using IPNetwork = System.Net.IPNetwork;

namespace Rotunda.Server.Hosting;

/// <summary>
/// The proxies that end TLS before this server (<c>--behind-proxy</c>). Only they may come by plain HTTP from other machines, and only
/// what they say about a request's origin is believed.
/// </summary>
internal sealed class KnownProxies
{
    private readonly IReadOnlyList<IPNetwork> _networks;

    private KnownProxies(IReadOnlyList<IPNetwork> networks) => _networks = networks;

    public static KnownProxies None { get; } = new([]);

    public bool Any => _networks.Count > 0;

    /// <param name="addresses">IP addresses, and networks such as 10.0.0.0/8.</param>
    /// <exception cref="StartupException">One of them is neither.</exception>
    public static KnownProxies Parse(IEnumerable<string> addresses) => new([.. addresses.Select(Network)]);

    /// <summary>Believes the headers of the proxies that are known, and of nobody else.</summary>
    public void Configure(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = Any ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        options.ForwardLimit = null;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in _networks)
        {
            options.KnownIPNetworks.Add(network);
        }
    }

    /// <summary>To be asked before the headers are looked at, while the peer is still who it is.</summary>
    public Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var peer = http.Connection.RemoteIpAddress;
        if (!Any || http.Request.IsHttps || peer is null)
        {
            return next(http);
        }

        return !IPAddress.IsLoopback(peer) && !Has(peer)
                ? Refuse(http, "proxy-only", "Plain HTTP is for this server's proxy alone. Come by the proxy's address.")
            : Has(peer) && http.Request.Headers["X-Forwarded-Proto"].LastOrDefault()?.Split(',')[^1].Trim() == Uri.UriSchemeHttp
                ? Refuse(http, "tls-required", "This request reached the proxy without TLS, and its token with it. Use https://.")
            : next(http);
    }

    public override string ToString() => string.Join(", ", _networks);

    private bool Has(IPAddress peer)
    {
        var plain = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return _networks.Any(network => network.Contains(plain));
    }

    private static Task Refuse(HttpContext http, string code, string detail) =>
        ApiPipeline.RefuseAsync(http, new RefusedException(StatusCodes.Status403Forbidden, code, detail));

    private static IPNetwork Network(string text) =>
        IPAddress.TryParse(text, out var address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network)
            ? network
            : throw new StartupException(
                $"'{text}' in --behind-proxy is no address of a proxy. Give an IP address such as 10.0.0.5, or a network such as "
                    + "10.0.0.0/24.");
}
