using Rotunda.Api.Desk;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Server.Hosting;

/// <summary>The catalog's file. A change is taken at the next sweep if it is valid; a broken one leaves the last good one in force.</summary>
internal sealed partial class FileCatalog(string path, RotationCatalog first, Func<string, CatalogReading> read, ILogger<FileCatalog> logger) : ICatalogSource
{
    private DateTime _seen = File.GetLastWriteTimeUtc(path);
    private volatile RotationCatalog _current = first;

    public RotationCatalog? Current => _current;

    /// <summary>True if the file on disk is not the catalog in force because it is broken.</summary>
    public bool IsBroken { get; private set; }

    public void RefreshIfChanged()
    {
        try
        {
            var written = File.GetLastWriteTimeUtc(path);
            if (written == _seen)
            {
                return;
            }

            _seen = written;
            var reading = read(path);
            IsBroken = reading.Catalog is null;
            if (reading.Catalog is { } catalog)
            {
                _current = catalog;
                LogTaken(catalog.Policies.Count, catalog.Hash);
            }
            else
            {
                LogBroken(string.Join(Environment.NewLine, reading.Problems));
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            IsBroken = true;
            LogBroken(problem.Message);
        }
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "The catalog has changed and is in force: {Count} secrets, hash {Hash}")]
    private partial void LogTaken(int count, string hash);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "The catalog has changed but is broken; the last good one stays in force.\n{Problems}")]
    private partial void LogBroken(string problems);
}

/// <param name="Catalog">Null if there is any problem.</param>
/// <param name="Problems">As file:line:column: message.</param>
internal sealed record CatalogReading(RotationCatalog? Catalog, IReadOnlyList<string> Problems);
