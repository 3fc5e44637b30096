using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Reencryption.Passes;

/// <summary>How far a rehearsal is, and what it has found. Holds keys of rows, never what they hold.</summary>
internal sealed class RehearsalState
{
    private const int MostKeysKept = 200;
    private readonly Lock _gate = new();

    public List<LanePlace> Lanes { get; set; } = [];

    /// <summary>Rows that no key opens.</summary>
    public long Unopened { get; set; }

    /// <summary>Of those, rows in which all that is unopened is empty.</summary>
    public long UnopenedEmpty { get; set; }

    /// <summary>The first of them, by table.</summary>
    public SortedDictionary<string, List<string>> UnopenedKeys { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How many, by table.</summary>
    public SortedDictionary<string, long> UnopenedRows { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Rows that are left out although a key opens what they hold.</summary>
    public long Lost { get; set; }

    public SortedDictionary<string, List<string>> LostKeys { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> LostRows { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Values that are empty, and stay so.</summary>
    public long Empty { get; set; }

    /// <summary>How long the list of rows is.</summary>
    public long Listed { get; set; }

    /// <summary>Seconds that its slices took together.</summary>
    public double Seconds { get; set; }

    public static RehearsalState Read(string cursor) => JsonSerializer.Deserialize(cursor, RehearsalJson.Default.RehearsalState)!;

    public string Write() => JsonSerializer.Serialize(this, RehearsalJson.Default.RehearsalState);

    /// <param name="isEmpty">What no key opens in it is empty.</param>
    public void NoteUnopened(string table, string key, bool isEmpty, RowsList? list)
    {
        lock (_gate)
        {
            Unopened++;
            UnopenedEmpty += isEmpty ? 1 : 0;
            Note(UnopenedKeys, UnopenedRows, table, key);
            list?.Add(table, isEmpty ? "empty" : "no key opens it", key);
        }
    }

    public void NoteLost(string table, string key, RowsList? list)
    {
        lock (_gate)
        {
            Lost++;
            Note(LostKeys, LostRows, table, key);
            list?.Add(table, "left out, but a key opens it", key);
        }
    }

    public void NoteEmpty(long values)
    {
        lock (_gate)
        {
            Empty += values;
        }
    }

    private static void Note(IDictionary<string, List<string>> first, SortedDictionary<string, long> rows, string table, string key)
    {
        rows[table] = (rows.TryGetValue(table, out var before) ? before : 0) + 1;
        if (!first.TryGetValue(table, out var keys))
        {
            first.Add(table, keys = []);
        }

        if (first.Values.Sum(all => all.Count) < MostKeysKept)
        {
            keys.Add(key);
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
