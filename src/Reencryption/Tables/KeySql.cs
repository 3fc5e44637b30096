using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>
/// The key of a table's rows in statements. It travels as one text: of one column as that column's text, of several as a JSON list of
/// their texts, which the server makes and reads itself. Its order is the server's: of several columns, row by row.
/// </summary>
internal sealed class KeySql(IReadOnlyList<string> columns, IReadOnlyList<string> types)
{
    private readonly IReadOnlyList<string> _names = [.. columns.Select(SqlText.Identifier)];

    private bool IsOne => _names.Count == 1;

    /// <summary>One of whole numbers is read as such, which is sooner.</summary>
    public string Read(string of) =>
        IsOne && types[0] is "smallint" or "integer" or "bigint" ? $"{Of(of, 0)}::bigint" : Text(Parts(of));

    public string Text(string of) => Text(Parts(of));

    public string Order(string of, string direction = "ASC") => string.Join(", ", Parts(of).Select(part => $"{part} {direction}"));

    /// <param name="comparison">"&gt;" or "&lt;=".</param>
    /// <param name="key">A parameter that is a key as text.</param>
    public string Compare(string of, string comparison, string key) => IsOne
        ? $"{Of(of, 0)} {comparison} {Value($"{key}::text", 0)}"
        : $"({string.Join(", ", Parts(of))}) {comparison} ({string.Join(", ", Values($"{key}::text"))})";

    /// <param name="keys">A parameter that is keys as texts.</param>
    public string IsAmong(string of, string keys) => IsOne
        ? $"{Of(of, 0)} = ANY ({keys}::text[]::{types[0]}[])"
        : $"({string.Join(", ", Parts(of))}) IN (SELECT {string.Join(", ", Values("u.k"))} FROM unnest({keys}::text[]) AS u(k))";

    /// <summary>Keys and values side by side, as a table v(k, …), and how a row of it finds its row of the table.</summary>
    public (string From, string Where) Joined(string of, string keys, string arrays, string names) => IsOne
        ? ($"unnest({keys}::text[]::{types[0]}[], {arrays}) AS v(k, {names})", $"{Of(of, 0)} = v.k")
        : (
            $"unnest({keys}::text[], {arrays}) AS v(k, {names})",
            string.Join(" AND ", Values("v.k").Select((value, index) => $"{Of(of, index)} = {value}")));

    /// <summary>True if a key does not come back from its text as it is.</summary>
    public string IsLost(string of) => string.Join(
        " OR ",
        types.Select((type, index) => $"{Of(of, index)}::text::{type} IS DISTINCT FROM {Of(of, index)}"));

    /// <summary>In the side table: "k", or "k0, k1".</summary>
    public string KeptNames => string.Join(", ", Kept(null));

    public string KeptColumns => string.Join(", ", Kept(null).Select((name, index) => $"{name} {types[index]}"));

    public string KeptOrder(string of) => string.Join(", ", Kept(of).Select(part => $"{part} DESC"));

    public string KeptText(string of) => Text(Kept(of));

    /// <summary>As a row of the side table names them.</summary>
    public string AsKept(string of) => string.Join(", ", Parts(of).Select((part, index) => $"{part} AS {Kept(null)[index]}"));

    public string IsKept(string of, string kept) =>
        string.Join(" AND ", Kept(kept).Select((part, index) => $"{part} = {Of(of, index)}"));

    private string Of(string of, int index) => of.Length == 0 ? _names[index] : $"{of}.{_names[index]}";

    private string[] Parts(string of) => [.. _names.Select((_, index) => Of(of, index))];

    private string[] Kept(string? of)
    {
        var before = of is null ? "" : $"{of}.";
        return IsOne ? [$"{before}k"] : [.. _names.Select((_, index) => $"{before}k{index}")];
    }

    private string Text(string[] parts) =>
        IsOne ? $"{parts[0]}::text" : $"json_build_array({string.Join(", ", parts.Select(part => $"{part}::text"))})::text";

    private string Value(string key, int index) => IsOne ? $"{key}::{types[0]}" : $"({key}::json->>{index})::{types[index]}";

    private IEnumerable<string> Values(string key) => types.Select((_, index) => Value(key, index));
}
