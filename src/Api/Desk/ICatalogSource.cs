using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>The catalog in force.</summary>
public interface ICatalogSource
{
    /// <summary>The newest valid one; null before the first was loaded.</summary>
    RotationCatalog? Current { get; }

    /// <summary>Why what stands at the source is not the catalog in force; null if it is.</summary>
    string? Problem => null;

    /// <summary>Looks for a newer one, unless that was done within the given time. Never throws because of what it finds.</summary>
    Task RefreshAsync(TimeSpan unlessWithin, CancellationToken cancellationToken) => Task.CompletedTask;
}
