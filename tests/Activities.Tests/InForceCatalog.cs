using Rotunda.Activities.InForce;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Activities.Tests;

/// <summary>The catalog in force; one without secrets, until a test puts in another.</summary>
internal sealed class InForceCatalog : ICatalogInForce
{
    public RotationCatalog? Catalog { get; set; } = new(new Dictionary<string, Policy>(), "hash", "/");

    public Task<RotationCatalog?> GetAsync(CancellationToken cancellationToken) => Task.FromResult(Catalog);
}
