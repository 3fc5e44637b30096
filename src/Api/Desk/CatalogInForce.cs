using Rotunda.Activities.InForce;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>The catalog in force, as the activities ask for it: not older than a few moments.</summary>
internal sealed class CatalogInForce(ICatalogSource catalog) : ICatalogInForce
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public async Task<RotationCatalog?> GetAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(Fresh, cancellationToken);
        return catalog.Current;
    }
}
