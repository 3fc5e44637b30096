using Rotunda.Rotation.Catalog;

namespace Rotunda.Activities.InForce;

/// <summary>
/// The catalog as it is now, for the one step that looks beyond its frozen plan: what ends the old credential asks whether a target was
/// moved or added since.
/// </summary>
public interface ICatalogInForce
{
    /// <summary>The newest valid one; null if none could be read yet.</summary>
    Task<RotationCatalog?> GetAsync(CancellationToken cancellationToken);
}
