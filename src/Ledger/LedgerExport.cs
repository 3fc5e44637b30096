using System.Data.Common;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotunda.Ledger;

/// <summary>
/// A ledger as one file of JSON lines: a line that says what it is, a line for each row, and a last line with the number of rows and the
/// SHA-256 of everything before it. It holds no secret value, as the ledger does not.
/// </summary>
internal static class LedgerExport
{
    public const string Format = "rotunda-ledger";
    public const int Version = 9;

    /// <summary>What earlier releases wrote has fewer columns: those that are not there are empty.</summary>
    private const int Oldest = 1;
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Head(string from, string at) => Line(json =>
    {
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteString("from", from);
        json.WriteString("at", at);
    });

    public static byte[] Row(LedgerTable table, DbDataReader row) => Line(json =>
    {
        json.WriteString("table", table.Name);
        json.WriteStartArray("row");
        for (var column = 0; column < table.Columns.Count; column++)
        {
            if (row.IsDBNull(column))
            {
                json.WriteNullValue();
            }
            else if (table.IsNumber(column))
            {
                json.WriteNumberValue(row.GetInt64(column));
            }
            else
            {
                json.WriteStringValue(row.GetString(column));
            }
        }

        json.WriteEndArray();
    });

    public static byte[] End(long rows, byte[] hash) => Line(json =>
    {
        json.WriteNumber("rows", rows);
        json.WriteString("sha256", Convert.ToHexStringLower(hash));
    });

    /// <exception cref="LedgerImportException">It is no export, or of a newer release.</exception>
    public static void CheckHead(JsonObject head)
    {
        if (Text(head["format"]) != Format)
        {
            throw new LedgerImportException(
                "This is no export of a Rotunda ledger: its first line does not say so. Give a file that "
                    + "'rotunda export' wrote.");
        }

        if (head["version"] is not JsonValue value || !value.TryGetValue<int>(out var version) || version is < Oldest or > Version)
        {
            throw new LedgerImportException(
                $"The export is of version {head["version"]}, and this release reads version {Oldest} to {Version}. Import it with the "
                    + "release that "
                    + "made it, or a newer one.");
        }
    }

    /// <exception cref="LedgerImportException">The row is not as the table has it.</exception>
    public static LedgerValue[] Values(LedgerTable table, JsonObject line, long number)
    {
        if (line["row"] is not JsonArray row || row.Count > table.Columns.Count || row.Count < table.Columns.Count - table.Added)
        {
            throw Damaged(number);
        }

        return
        [
            .. row.Select((value, column) => Value(table, value, column, number)),
            .. Enumerable.Repeat(LedgerValue.None, table.Columns.Count - row.Count),
        ];
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static LedgerImportException Damaged(long line) =>
        new($"Line {line} of the export is damaged. Nothing was imported. Take the export again, or fetch the file again.");

    private static LedgerValue Value(LedgerTable table, JsonNode? value, int column, long line) =>
        table.IsNumber(column)
            ? value is null
                ? (long?)null
                : value is JsonValue number && number.TryGetValue<long>(out var whole) ? whole : throw Damaged(line)
            : value is null ? LedgerValue.None : Text(value) ?? throw Damaged(line);

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, s_plain))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}

/// <summary>The file cannot be imported, or the ledger cannot take it. Nothing was imported.</summary>
public sealed class LedgerImportException(string message, Exception? inner = null) : Exception(message, inner);

/// <param name="Rows">Of all tables.</param>
/// <param name="Open">The rotations under way.</param>
/// <param name="Stores">The stores that the other head has to have under the same names: the live credentials' values are there.</param>
public sealed record LedgerMove(long Rows, IReadOnlyList<RotationRecord> Open, IReadOnlyList<string> Stores);
