using System.Net;
using Rotunda.Access;
using Rotunda.Api.Http;

namespace Rotunda.Server.Hosting;

/// <summary>
/// The names under which the server answers. A page in somebody's browser can make a name of its own lead to this machine (DNS
/// rebinding); requests under such a name are turned away.
/// </summary>
internal sealed class AllowedHosts
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly bool _anyAddress;

    /// <param name="urls">Where it listens, as checked.</param>
    /// <param name="more">Names that were given, or that its certificate has.</param>
    public AllowedHosts(IEnumerable<string> urls, IEnumerable<string> more)
    {
        _names.UnionWith(more);
        foreach (var url in urls.Select(url => new Uri(url)))
        {
            var any = IPAddress.TryParse(url.DnsSafeHost, out var address)
                && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));
            _anyAddress |= any;
            _names.UnionWith(any || url.IsLoopback ? ["localhost", "127.0.0.1", "::1"] : []);
            _names.UnionWith(any ? [Environment.MachineName] : [url.DnsSafeHost]);
        }
    }

    public Task CheckAsync(HttpContext http, RequestDelegate next) =>
        Allows(http.Request.Host.Host)
            ? next(http)
            : ApiPipeline.RefuseAsync(
                http,
                new RefusedException(
                    StatusCodes.Status400BadRequest,
                    "host-unknown",
                    $"This server does not answer as '{RefusedException.Shown(http.Request.Host.Host)}'. Use one of its addresses, or "
                        + "start it with --host and that name."));

    internal bool Allows(string host)
    {
        var name = host.Trim('[', ']').TrimEnd('.');
        return _names.Contains(name)
            || IPAddress.TryParse(name, out var address) && (_anyAddress || _names.Contains(address.ToString()));
    }
}
