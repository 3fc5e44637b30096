using Rotunda.Rotation.Catalog;

namespace Rotunda.CatalogFiles;

/// <summary>The place that a catalog's text comes from.</summary>
public interface ICatalogText
{
    /// <summary>The file or address, for messages.</summary>
    string Name { get; }

    /// <summary>What relative paths in the catalog are relative to; absolute.</summary>
    string Folder { get; }

    /// <summary>The text with the files that it includes, or null if all of it is still what was seen.</summary>
    /// <param name="seen"><see cref="CatalogText.Seen"/> of what was read last; null for none.</param>
    /// <exception cref="CatalogUnreadableException">It cannot be read now; the message says what to do.</exception>
    Task<CatalogText?> ReadAsync(string? seen, CancellationToken cancellationToken);
}

/// <param name="Text">Of the catalog's own file.</param>
/// <param name="Seen">What tells whether anything has changed since: an ETag, or the time of writing, and of the included files the
/// same.</param>
/// <param name="Id">What people call this version by, where that is something else: a blob's version id, or the newest time of writing
/// of several files.</param>
public sealed record CatalogText(string Text, string Seen, string? Id = null)
{
    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<CatalogFile> Included { get; init; } = [];

    /// <summary>What stood in the way of reading the included files.</summary>
    public IReadOnlyList<CatalogProblem> Troubles { get; init; } = [];

    /// <summary>What is recorded in the plans that are made from it.</summary>
    public string Version => Id ?? Seen;
}

public sealed class CatalogUnreadableException(string message, Exception? inner = null) : Exception(message, inner);
