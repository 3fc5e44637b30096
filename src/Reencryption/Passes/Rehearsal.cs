using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>Plays the move of every row in memory. How far it is, is a text that the caller keeps.</summary>
internal sealed class Rehearsal(RowsSetup setup, IReadOnlyList<RowsTable> tables, KeyRing ring, RehearsalState state)
{
    private const int MostKeysKept = 200;
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

        NoteUnopened(session, table);
        for (var index = 0; index < cells.Count; index++)
        {
            cells[index].Wanted = cells[index].Key >= 0;
        }

        await format.SealAsync(cells, KeyRing.New, cancellationToken);
        await OpenAgainAsync(session, table, format, cancellationToken);
        var rows = session.Keys.Count;
        (lane.After, lane.Rows, lane.Done) = (rows == 0 ? lane.After : session.Keys[^1], lane.Rows + rows, done);
    }

    private static async Task OpenAgainAsync(LaneSession session, RowsTable table, IRowFormat format, CancellationToken cancellationToken)
    {
        var (cells, again) = (session.Cells, session.Other);
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
        var last = -1;
        for (var index = 0; index < session.Cells.Count; index++)
        {
            var row = index / table.Columns;
            if (session.Cells[index].Key == Cells.Unopened && row != last)
            {
                last = row;
                state.Note(table.Name, session.Keys[row], MostKeysKept);
            }
        }
    }
}

/// <summary>How far a rehearsal is, and what it has found. Holds keys of rows, never what they hold.</summary>
internal sealed class RehearsalState
{
    private readonly Lock _gate = new();

    public List<LanePlace> Lanes { get; set; } = [];

    /// <summary>Rows that no key opens.</summary>
    public long Unopened { get; set; }

    /// <summary>The first of them, by table.</summary>
    public SortedDictionary<string, List<string>> UnopenedKeys { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Seconds that its slices took together.</summary>
    public double Seconds { get; set; }

    public static RehearsalState Read(string cursor) => JsonSerializer.Deserialize(cursor, RehearsalJson.Default.RehearsalState)!;

    public string Write() => JsonSerializer.Serialize(this, RehearsalJson.Default.RehearsalState);

    public void Note(string table, string key, int most)
    {
        lock (_gate)
        {
            Unopened++;
            if (!UnopenedKeys.TryGetValue(table, out var keys))
            {
                UnopenedKeys.Add(table, keys = []);
            }

            if (UnopenedKeys.Values.Sum(all => all.Count) < most)
            {
                keys.Add(key);
            }
        }
    }
}

/// <summary>A lane as text.</summary>
internal sealed record LanePlace(int Table, int Number, string? Lower, string? UpTo, string? After, long Rows, bool Done)
{
    public static LanePlace Of(Lane lane) => new(lane.Table, lane.Number, lane.Lower, lane.UpTo, lane.After, lane.Rows, lane.Done);

    public Lane ToLane() => new(Table, Number, Lower, UpTo) { After = After, Rows = Rows, Done = Done };
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RehearsalState))]
internal sealed partial class RehearsalJson : JsonSerializerContext;
