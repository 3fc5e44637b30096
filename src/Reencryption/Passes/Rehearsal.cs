using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>Plays the move of every row in memory, and looks whether those that are left out may be. How far it is, is a text that the
/// caller keeps.</summary>
internal sealed class Rehearsal(RowsSetup setup, IReadOnlyList<RowsTable> tables, KeyRing ring, RehearsalState state, RowsList? list)
{
    private readonly Dictionary<int, TableSql> _sql = tables.ToDictionary(table => table.Number, table => new TableSql(table, null));

    public async Task StepAsync(LaneSession session, Lane lane, CancellationToken cancellationToken)
    {
        var table = tables[lane.Table];
        var done =
            await PageReader.ReadPageAsync(session, table, _sql[lane.Table], lane, setup.BatchNow, withBackup: false, cancellationToken);
        var (cells, format) = (session.Cells, session.FormatOf(table));
        foreach (var key in ring.Before)
        {
            if (RowMover.HasUnopened(cells))
            {
                await format.OpenAsync(cells, key, cancellationToken);
            }
        }

        if (lane.IsOfLeftOut)
        {
            NoteLost(session, table);
        }
        else
        {
            NoteUnopened(session, table);
            await SealAndOpenAsync(session, table, format, cancellationToken);
        }

        var rows = session.Keys.Count;
        (lane.After, lane.Rows, lane.Done) = (rows == 0 ? lane.After : session.Keys[^1], lane.Rows + rows, done);
    }

    private static async Task SealAndOpenAsync(LaneSession session, RowsTable table, IRowFormat format, CancellationToken cancellationToken)
    {
        var (cells, again) = (session.Cells, session.Other);
        for (var index = 0; index < cells.Count; index++)
        {
            cells[index].Wanted = cells[index].Key >= 0;
        }

        await format.SealAsync(cells, KeyRing.New, cancellationToken);
        for (var index = 0; index < cells.Count; index++)
        {
            again.Add(cells[index].Sealed);
        }

        await format.OpenAsync(again, KeyRing.New, cancellationToken);
        for (var index = 0; index < cells.Count; index++)
        {
            if (cells[index].Wanted && (again[index].Key != KeyRing.New || !cells.PlainOf(index).SequenceEqual(again.PlainOf(index))))
            {
                throw new RowsStoppedException(
                    $"The row {session.Keys[index / table.Columns]} of {table.Name} does not come back as it was when it is sealed with "
                        + "a new key and opened again. Check the format.");
            }
        }
    }

    private void NoteUnopened(LaneSession session, RowsTable table)
    {
        var empty = 0;
        for (var row = 0; row < session.Keys.Count; row++)
        {
            var (shut, filled) = (0, 0);
            for (var index = row * table.Columns; index < (row + 1) * table.Columns; index++)
            {
                var cell = session.Cells[index];
                shut += cell.Key == Cells.Unopened ? 1 : 0;
                filled += cell is { Key: Cells.Unopened, Stored.Length: > 0 } ? 1 : 0;
                empty += cell is { Key: Cells.Nothing, Stored: not null } ? 1 : 0;
            }

            if (shut > 0)
            {
                state.NoteUnopened(table.Name, session.Keys[row], filled == 0, list);
            }
        }

        if (empty > 0)
        {
            state.NoteEmpty(empty);
        }
    }

    /// <summary>Once the old key is gone nobody could read them any more.</summary>
    private void NoteLost(LaneSession session, RowsTable table)
    {
        for (var row = 0; row < session.Keys.Count; row++)
        {
            if (Enumerable.Range(row * table.Columns, table.Columns).Any(index => session.Cells[index].Key >= 0))
            {
                state.NoteLost(table.Name, session.Keys[row], list);
            }
        }
    }
}
