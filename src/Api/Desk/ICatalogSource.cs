using Rotunda.Rotation.Catalog;

namespace Rotunda.Api.Desk;

/// <summary>The catalog in force.</summary>
public interface ICatalogSource
{
    /// <summary>The newest valid one; null before the first was loaded.</summary>
    RotationCatalog? Current { get; }

    /// <summary>Looks for a newer one, unless that was done within the given time. Never throws because of what it finds.</summary>
    Task RefreshAsync(TimeSpan unlessWithin, CancellationToken cancellationToken) => Task.CompletedTask;
}
