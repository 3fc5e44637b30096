using Npgsql;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>What a pass does to the rows it reads.</summary>
internal enum Move
{
    /// <summary>Everything goes under the new key.</summary>
    Forward,
    /// <summary>As forward, but nearly everything is under the new key already.</summary>
    Verify,
    /// <summary>Everything that the application could not read before goes back under the key in use, or to what the side table
    /// has.</summary>
    Back,
}

/// <summary>Moves the rows of one table, a batch and its lane's place in each transaction.</summary>
internal sealed class RowMover(
    RowsSetup setup,
    RowsTable table,
    TableSql sql,
    KeyRing ring,
    Move move,
    bool withBackup,
    LaneTable lanes,
    string pass)
{
    private const int MostKeysTold = 20;
    private readonly int _to = move == Move.Back ? KeyRing.InUse : KeyRing.New;

    public async Task StepAsync(LaneSession session, Lane lane, CancellationToken cancellationToken)
    {
        var done = await PageReader.ReadPageAsync(session, table, sql, lane, setup.BatchNow, withBackup, cancellationToken);
        var rows = session.Keys.Count;
        var last = rows == 0 ? lane.After : session.Keys[^1];
        await SealAsync(session, cancellationToken);
        var changed = RowWriter.Changed(session, table.Columns);
        await session.BeginAsync(cancellationToken);
        var moved = changed.Count == 0 ? 0 : await WriteAsync(session, changed, cancellationToken);
        // A pass that proves something is through when a whole round finds nothing, not when it could write nothing.
        moved = move == Move.Forward ? moved : changed.Count;
        await lanes.AdvanceAsync(session, pass, lane, last, rows, moved, done, cancellationToken);
        await session.CommitAsync(cancellationToken);
        (lane.After, lane.Rows, lane.Moved, lane.Done) = (last, lane.Rows + rows, lane.Moved + moved, done);
    }

    /// <summary>Opens what was read and seals what is to go under another key.</summary>
    /// <exception cref="RowsStoppedException">No key opens a row.</exception>
    public async Task SealAsync(LaneSession session, CancellationToken cancellationToken)
    {
        var (cells, format) = (session.Cells, session.FormatOf(table));
        foreach (var key in ring.From(move == Move.Forward ? KeyRing.InUse : KeyRing.New))
        {
            if (!HasUnopened(cells))
            {
                break;
            }

            await format.OpenAsync(cells, key, cancellationToken);
        }

        if (withBackup)
        {
            await TakeKeptAsync(session, cancellationToken);
        }

        RequireOpened(session);
        var wanted = 0;
        for (var index = 0; index < cells.Count; index++)
        {
            ref var cell = ref cells[index];
            cell.Wanted = cell is { Key: >= 0, Sealed: null } && (move == Move.Back ? !ring.IsReadBefore(cell.Key) : cell.Key != _to);
            wanted += cell.Wanted ? 1 : 0;
        }

        if (wanted > 0)
        {
            await format.SealAsync(cells, _to, cancellationToken);
        }
    }

    /// <summary>Writes within the session's transaction. Returns how many rows.</summary>
    public async Task<int> WriteAsync(LaneSession session, IReadOnlyList<int> changed, CancellationToken cancellationToken)
    {
        var written = await WriteOrSayWhichAsync(session, changed, cancellationToken);
        return written == changed.Count
            ? written
            : written + await SettleAsync(session, [.. changed.Select(row => session.Keys[row])], cancellationToken);
    }

    /// <summary>The application has changed some of the rows since they were read: they are locked, read again, and moved as they
    /// are now.</summary>
    private async Task<int> SettleAsync(LaneSession session, IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        await PageReader.ReadLockedAsync(session, table, sql, keys, withBackup, cancellationToken);
        await SealAsync(session, cancellationToken);
        var changed = RowWriter.Changed(session, table.Columns);
        var written = changed.Count == 0 ? 0 : await WriteOrSayWhichAsync(session, changed, cancellationToken);
        return written == changed.Count ? written : throw new RowsStoppedException(
            $"An update of {table.Name} has no effect on some of the rows {Told(changed.Select(row => session.Keys[row]))}: a trigger or "
                + "rule swallows it. Disable it for this role while rows are moved.");
    }

    private async Task<int> WriteOrSayWhichAsync(LaneSession session, IReadOnlyList<int> rows, CancellationToken cancellationToken)
    {
        try
        {
            return await RowWriter.WriteAsync(session, table, sql, rows, cancellationToken);
        }
        catch (PostgresException refused) when (RowsFailures.IsRefusal(refused))
        {
            await session.RollBackAsync();
            throw await RefusedAsync(session, rows, refused, cancellationToken);
        }
    }

    /// <summary>One row after the other, all taken back, to tell the one that is refused.</summary>
    private async Task<RowsStoppedException> RefusedAsync(
        LaneSession session,
        IReadOnlyList<int> rows,
        PostgresException refused,
        CancellationToken cancellationToken)
    {
        if (RowsFailures.IsUnidentified(refused)
            && await Publications.ProblemAsync(session.Connection, table.Oid, table.Name, cancellationToken) is { } problem)
        {
            return new RowsStoppedException(problem);
        }

        foreach (var row in rows)
        {
            await session.BeginAsync(cancellationToken);
            try
            {
                await RowWriter.WriteAsync(session, table, sql, [row], cancellationToken);
            }
            catch (PostgresException one) when (RowsFailures.IsRefusal(one))
            {
                return new RowsStoppedException(RowsFailures.Refusal(table, $"the row {Told([session.Keys[row]])}", one));
            }
            finally
            {
                await session.RollBackAsync();
            }
        }

        return new RowsStoppedException(RowsFailures.Refusal(table, "a batch of rows", refused));
    }

    /// <summary>Where the side table's copy holds the same, the copy itself goes back; a row that stands as it was kept is left.</summary>
    private async Task TakeKeptAsync(LaneSession session, CancellationToken cancellationToken)
    {
        var (cells, kept) = (session.Cells, session.Other);
        foreach (var key in ring.Before.Where(ring.IsReadBefore))
        {
            if (HasUnopened(kept))
            {
                await session.FormatOf(table).OpenAsync(kept, key, cancellationToken);
            }
        }

        for (var index = 0; index < cells.Count; index++)
        {
            ref var cell = ref cells[index];
            ref var copy = ref kept[index];
            if (!session.Sums[index / table.Columns] || copy.Stored is null || cell.Stored is null)
            {
                continue;
            }

            if (cell.Key == Cells.Unopened && cell.Stored.AsSpan().SequenceEqual(copy.Stored))
            {
                cell.Key = Cells.Nothing;
            }
            else if (cell.Key >= 0
                && copy.Key >= 0
                && !ring.IsReadBefore(cell.Key)
                && cells.PlainOf(index).SequenceEqual(kept.PlainOf(index)))
            {
                cell.Sealed = copy.Stored;
            }
        }
    }

    private void RequireOpened(LaneSession session)
    {
        var shut = new List<string>();
        for (var index = 0; index < session.Cells.Count; index++)
        {
            if (session.Cells[index].Key == Cells.Unopened && (shut.Count == 0 || shut[^1] != session.Keys[index / table.Columns]))
            {
                shut.Add(session.Keys[index / table.Columns]);
            }
        }

        if (shut.Count > 0)
        {
            throw new RowsStoppedException(
                $"No key opens {(shut.Count == 1 ? "a row" : $"{shut.Count} rows")} of {table.Name}, by {table.Named.KeyName}: "
                    + $"{Told(shut)}. "
                    + $"Put {(shut.Count == 1 ? "it" : "them")} right, or delete {(shut.Count == 1 ? "it" : "them")}.");
        }
    }

    public static bool HasUnopened(Cells cells)
    {
        for (var index = 0; index < cells.Count; index++)
        {
            if (cells[index].Key == Cells.Unopened)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="count">How many there are, if not all of them are given.</param>
    public static string Told(IEnumerable<string> keys, long? count = null)
    {
        var all = keys.ToList();
        var more = (count ?? all.Count) - Math.Min(all.Count, MostKeysTold);
        return string.Join(", ", all.Take(MostKeysTold)) + (more > 0 ? $" and {PassRunner.Number(more)} more" : "");
    }
}
