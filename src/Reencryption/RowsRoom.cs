using System.Globalization;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>Whether the database's disk has room for the move.</summary>
internal static class RowsRoom
{
    /// <returns>What is needed, for people.</returns>
    /// <exception cref="RowsStoppedException">There is less than that.</exception>
    public static string Check(RowsWork work, RowsServer server)
    {
        var needed = Needed(work.Tables, server);
        if (work.Setup.DiskPath is not { } path)
        {
            return $"about {Size(needed)} needed; not measured ('diskPath')";
        }

        var free = new DriveInfo(path).AvailableFreeSpace;
        return free >= needed ? $"about {Size(needed)} needed, {Size(free)} free" : throw new RowsStoppedException(
            $"The move needs about {Size(needed)} on the database's disk (new versions of all rows with their entries in the indexes, "
                + $"their copies, and the log of both), but at {path} only {Size(free)} are free. Make room first.");
    }

    /// <summary>
    /// A moved row is a new version in its table and, unless that fits beside the old one, a new entry in every index of it. The side
    /// table has each row once more, and an index on its keys, which is no larger than those of the table. All of this is written to
    /// the server's log (WAL) before: it keeps about max_wal_size of that, and more only where an archive or a replica lags behind.
    /// </summary>
    private static long Needed(IReadOnlyList<RowsTable> tables, RowsServer server)
    {
        var grown = 2 * tables.Sum(table => table.Bytes + table.IndexBytes);
        return grown + Math.Min(grown, server.LogBytes);
    }

    private static string Size(long bytes) => bytes < 1 << 20
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0} KB")
        : bytes < 1 << 30
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GB");
}
