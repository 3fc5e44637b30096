namespace Rotunda.CatalogFiles;

/// <summary>A file that a pattern matched.</summary>
/// <param name="Name">Relative to the catalog's folder, with forward slashes.</param>
/// <param name="Stamp">What changes with its content: an ETag, or its time of writing and length.</param>
/// <param name="At">When it was written last.</param>
/// <param name="Length">In bytes.</param>
internal sealed record IncludedFile(string Name, string Stamp, DateTimeOffset At, long Length);
