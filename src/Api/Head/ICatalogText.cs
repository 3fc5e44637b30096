namespace Rotunda.Api.Head;

/// <summary>The place that a catalog's text comes from.</summary>
public interface ICatalogText
{
    /// <summary>The file or address, for messages.</summary>
    string Name { get; }

    /// <summary>What relative paths in the catalog are relative to; absolute.</summary>
    string Folder { get; }

    /// <summary>The text, or null if it is still the one that was seen.</summary>
    /// <param name="seen"><see cref="CatalogText.Seen"/> of the text that was read last; null for none.</param>
    /// <exception cref="CatalogUnreadableException">It cannot be read now; the message says what to do.</exception>
    Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken);
}

/// <param name="Seen">What tells whether it has changed since: an ETag, or the time of writing.</param>
/// <param name="Id">What people call this version by, where that is something else: a blob's version id.</param>
public sealed record CatalogText(string Text, string Seen, string? Id = null)
{
    /// <summary>What is recorded in the plans that are made from it.</summary>
    public string Version => Id ?? Seen;
}

public sealed class CatalogUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
