using System.Collections.Concurrent;
using Rotunda.Providers.Web;

namespace Rotunda.Providers.Vendors;

/// <summary>What all vendors share: the connections, and the pace of each account.</summary>
internal sealed class VendorAccess : IDisposable
{
    private readonly WebClients _clients = new();
    private readonly ConcurrentDictionary<string, VendorPace> _paces = new(StringComparer.Ordinal);

    public WebSession Begin(TimeProvider time, string system) => _clients.Begin(time, system);

    /// <param name="account">What tells the accounts at one address apart: where their credentials are, never what they are.</param>
    public VendorPace PaceOf(Uri root, string account) => _paces.GetOrAdd($"{root} {account}", static _ => new VendorPace());

    public void Dispose() => _clients.Dispose();
}
