using Rotunda.Api.Desk;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Bench.Estate;

internal sealed class OneCatalog(RotationCatalog current) : ICatalogSource
{
    public RotationCatalog? Current { get; } = current;
}
