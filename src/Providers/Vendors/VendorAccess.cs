using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Vendors;

/// <summary>What all vendors share: the connections, and the pace of each account.</summary>
internal sealed class VendorAccess : IDisposable
{
    private readonly WebClients _clients = new();
    private readonly ConcurrentDictionary<string, VendorPace> _paces = new(StringComparer.Ordinal);

    public WebSession Begin(TimeProvider time, string system) => _clients.Begin(time, system);

    /// <param name="own">What shows itself there; only its digest is kept.</param>
    public VendorPace PaceOf(Uri root, string own) => _paces.GetOrAdd(
        $"{root} {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(own)))}",
        static _ => new VendorPace());

    public void Dispose() => _clients.Dispose();
}
