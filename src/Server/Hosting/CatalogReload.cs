using Rotunda.Api.Head;

namespace Rotunda.Server.Hosting;

/// <summary>Reads the catalog again because somebody asked (SIGHUP), and tells systemd meanwhile.</summary>
internal sealed class CatalogReload(RefreshingCatalog catalog, ServiceManager manager, ServerCertificate? certificate) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>What systemd shows while the server runs.</summary>
    public string Status => catalog.IsBroken
        ? "The catalog cannot be used; the last good one is in force"
        : $"{Counted.Of(catalog.Current!.Policies.Count, "secret")} in the catalog";

    /// <summary>What changed, or what is wrong, is in the log.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            manager.Reloading();
            certificate?.Look(again: true);
            await catalog.ReloadAsync(cancellationToken);
            manager.Ready(Status);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
