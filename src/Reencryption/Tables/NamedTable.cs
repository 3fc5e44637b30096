using System.Text;
using System.Text.Json;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;

namespace Rotunda.Reencryption.Tables;

/// <summary>A table as the settings name it.</summary>
/// <param name="Keys">The columns of its key, one or several.</param>
/// <param name="Skip">Keys of rows that are left as they are: of several columns, each a JSON list of texts.</param>
internal sealed record NamedTable(
    string Schema,
    string Table,
    IReadOnlyList<string> Keys,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> Skip)
{
    /// <summary>What stands before each sealed value.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Empty values were never sealed, and stay.</summary>
    public bool KeepsEmpty { get; init; }

    /// <summary>A condition, as SQL: rows of which it is true are left as they are.</summary>
    public string? SkipWhere { get; init; }

    /// <summary>For people: "public.users".</summary>
    public string Name => $"{Schema}.{Table}";

    /// <summary>For people: "id", or "tenant, id".</summary>
    public string KeyName => string.Join(", ", Keys);

    public string Sql => $"{SqlText.Identifier(Schema)}.{SqlText.Identifier(Table)}";

    public bool LeavesRowsOut => Skip.Count > 0 || SkipWhere is not null;

    public static NamedTable Read(ProviderSettings settings)
    {
        var (schema, table) = Split(settings.RequiredText(RowsDescriptor.Table));
        var several = settings.TextList(RowsDescriptor.KeyColumns);
        var named = new NamedTable(
            schema,
            table,
            several.Count > 0 ? several : [settings.Text(RowsDescriptor.Key) ?? "id"],
            settings.TextList(RowsDescriptor.Columns),
            settings.TextList(RowsDescriptor.Skip))
        {
            Prefix = settings.Text(RowsDescriptor.Prefix) ?? "",
            KeepsEmpty = settings.Text(RowsDescriptor.Empty) == RowsDescriptor.Keep,
            SkipWhere = settings.Text(RowsDescriptor.SkipWhere),
        };
        named.Check();
        return named;
    }

    private void Check()
    {
        if (Columns.Concat(Keys).Append(Schema).Append(Table).FirstOrDefault(name => !SqlText.IsIdentifier(name)) is { } wrong)
        {
            throw new PostgresSetupException(
                $"'{wrong}' cannot be a name in 'tables'. Write names of PostgreSQL: 1 to 63 bytes and no "
                    + "NUL.");
        }

        if (Columns.Count == 0 || Columns.Intersect(Keys, StringComparer.Ordinal).Any())
        {
            throw new PostgresSetupException(
                $"'tables' gives no columns of {Name}, or one that is in the key of its rows. Name the columns that are under the key; "
                    + "none of them is in the key of its rows.");
        }

        if (Keys.Count > 1 && Skip.FirstOrDefault(key => !IsList(key, Keys.Count)) is { } unread)
        {
            throw new PostgresSetupException(
                $"'skip' of {Name} has '{unread}', which is no key of its {Keys.Count} columns ({KeyName}). Write each as a JSON list of "
                    + "texts: '[\"eu\", \"17\"]'.");
        }

        if (SkipWhere is not null && (string.IsNullOrWhiteSpace(SkipWhere) || SkipWhere.Contains('\0')))
        {
            throw new PostgresSetupException($"'skipWhere' of {Name} is empty. Give a condition, or leave it out.");
        }
    }

    private static bool IsList(string key, int length)
    {
        try
        {
            using var list = JsonDocument.Parse(Encoding.UTF8.GetBytes(key));
            return list.RootElement.ValueKind == JsonValueKind.Array
                && list.RootElement.GetArrayLength() == length
                && list.RootElement.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static (string Schema, string Table) Split(string name) =>
        name.IndexOf('.') is >= 0 and var dot ? (name[..dot], name[(dot + 1)..]) : ("public", name);
}
