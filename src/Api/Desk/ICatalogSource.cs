using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>The catalog in force.</summary>
public interface ICatalogSource
{
    /// <summary>The newest valid one; null before the first was loaded.</summary>
    RotationCatalog? Current { get; }
}
