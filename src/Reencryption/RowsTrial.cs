using Npgsql;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>
/// Seals a few rows with the key that is made for this, writes them, looks what stands there then, and takes it all back: what would
/// refuse the move, or change or swallow what it writes, is found before anything is kept.
/// </summary>
internal sealed class RowsTrial(RowsWork work, LaneSession session, RowsTable table)
{
    private const int Rows = 5;

    /// <summary>The application may write the same rows meanwhile.</summary>
    private const int MostTries = 3;
    private readonly TableSql _sql = new(table, null);

    /// <exception cref="RowsStoppedException">The table does not take the rows.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MostTries; attempt++)
        {
            await SealAsync(cancellationToken);
            if (RowWriter.Changed(session, table.Columns) is not { Count: > 0 } changed || await TryAsync(changed, cancellationToken))
            {
                return;
            }
        }

        throw new RowsStoppedException(
            $"The application writes the rows of {table.Name} that an update is tried on as fast as they are read. It is tried again; if "
                + "this stays, let the application rest for a moment.",
            mayPass: true);
    }

    private async Task SealAsync(CancellationToken cancellationToken)
    {
        await RowsPreflight.ReadAsync(session, table, "DESC", Rows, cancellationToken);
        foreach (var key in work.Ring!.Before)
        {
            await session.FormatOf(table).OpenAsync(session.Cells, key, cancellationToken);
        }

        for (var index = 0; index < session.Cells.Count; index++)
        {
            session.Cells[index].Wanted = session.Cells[index].Key >= 0;
        }

        await session.FormatOf(table).SealAsync(session.Cells, KeyRing.New, cancellationToken);
    }

    /// <returns>False if rows were changed by someone else, so that it shows nothing.</returns>
    private async Task<bool> TryAsync(List<int> changed, CancellationToken cancellationToken)
    {
        var tried = changed.ToDictionary(row => session.Keys[row], Written, StringComparer.Ordinal);
        await session.BeginAsync(cancellationToken);
        try
        {
            var written = await RowWriter.WriteAsync(session, table, _sql, changed, cancellationToken);

            // What is put off to the end of a transaction would never come, as this one has none.
            await session.RunAsync(session.Command("SET CONSTRAINTS ALL IMMEDIATE"), cancellationToken);
            await PageReader.ReadLockedAsync(session, table, _sql, [.. tried.Keys], withBackup: false, cancellationToken);
            return Compare(tried, written);
        }
        catch (PostgresException refused) when (RowsFailures.IsRefusal(refused))
        {
            throw new RowsStoppedException(RowsFailures.Refusal(table, "sampled rows", refused));
        }
        finally
        {
            await session.RollBackAsync();
        }
    }

    /// <summary>What stands in each column, and what is to.</summary>
    private List<(byte[]? Before, byte[]? After)> Written(int row) =>
        [.. Enumerable.Range(row * table.Columns, table.Columns)
            .Select(index => (session.Cells[index].Stored, session.Cells[index].Sealed ?? session.Cells[index].Stored))];

    private bool Compare(Dictionary<string, List<(byte[]? Before, byte[]? After)>> tried, int written)
    {
        var (swallowed, altered) = (0, tried.Count - session.Keys.Count);
        for (var row = 0; row < session.Keys.Count; row++)
        {
            var now = Written(row).ConvertAll(cell => cell.Before);
            var columns = tried[session.Keys[row]];
            if (!Same(now, columns.Select(column => column.After)))
            {
                (swallowed, altered) = Same(now, columns.Select(column => column.Before))
                    ? (swallowed + 1, altered)
                    : (swallowed, altered + 1);
            }
        }

        var by = table.OnUpdate ?? "a trigger or rule";
        if (swallowed > 0)
        {
            throw new RowsStoppedException(
                $"A tried update of {tried.Count} rows of {table.Name} (taken back) has no effect on {swallowed} of them: {by} swallows "
                    + "it. Disable it for this role while rows are moved.");
        }

        return (altered, written == tried.Count) switch
        {
            (0, true) => true,
            (_, false) => false,
            _ => throw new RowsStoppedException(
                $"After a tried update of {tried.Count} rows of {table.Name} (taken back), {altered} of them do not hold what was "
                    + $"written to {string.Join(", ", table.Named.Columns)}: {by} changes it. Disable it for this role while rows are "
                    + "moved, or the rows could not be read afterwards."),
        };
    }

    private static bool Same(IEnumerable<byte[]?> one, IEnumerable<byte[]?> other) =>
        one.Zip(other)
            .All(pair => pair.First is null
                ? pair.Second is null
                : pair.Second is not null && pair.First.AsSpan().SequenceEqual(pair.Second));
}
