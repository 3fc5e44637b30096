using System.Text;

namespace Rotunda.Reencryption.Tables;

/// <summary>A table as it is in the database.</summary>
/// <param name="Number">Its place in the settings; part of what is kept of a pass.</param>
/// <param name="KeyTypes">Of each column of the key, as SQL writes it.</param>
/// <param name="Texts">For each column: whether it is a text; else it is bytea. Domains and citext are what they are made of.</param>
/// <param name="ColumnTypes">As a side table has them.</param>
/// <param name="Estimate">How many rows the server believes it has.</param>
/// <param name="Bytes">Of the rows alone, without indexes.</param>
internal sealed record RowsTable(
    int Number,
    NamedTable Named,
    uint Oid,
    IReadOnlyList<string> KeyTypes,
    IReadOnlyList<bool> Texts,
    IReadOnlyList<string> ColumnTypes,
    long Estimate,
    long Bytes,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Notes)
{
    public string Name => Named.Name;

    public int Columns => Texts.Count;

    /// <summary>Of all its indexes.</summary>
    public long IndexBytes { get; init; }

    /// <summary>Triggers and rules that an update runs, by name; null if there are none.</summary>
    public string? OnUpdate { get; init; }

    public byte[] Prefix { get; } = Encoding.UTF8.GetBytes(Named.Prefix);
}
