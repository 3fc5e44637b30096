namespace Rotunda.Api.Hosting;

/// <summary>The place that a catalog's text comes from.</summary>
public interface ICatalogText
{
    /// <summary>The file or address, for messages.</summary>
    string Name { get; }

    /// <summary>What relative paths in the catalog are relative to; absolute.</summary>
    string Folder { get; }

    /// <summary>The text, or null if its version is still the one that was seen.</summary>
    /// <param name="seen">The version that was read last; null for none.</param>
    /// <exception cref="CatalogUnreadableException">It cannot be read now; the message says what to do.</exception>
    Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken);
}

/// <param name="Version">The place's own word for this version: an ETag, or the time of writing.</param>
public sealed record CatalogText(string Text, string Version);

public sealed class CatalogUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
