using Npgsql;
using Rotunda.Postgres;

namespace Rotunda.Reencryption.Tables;

/// <summary>Reads a table from the server's catalogs, and says what keeps its rows from being moved.</summary>
internal static class TableReader
{
    /// <summary>Problems and all. Null if there is no such table.</summary>
    public static async Task<RowsTable?> ReadAsync(
        NpgsqlConnection connection,
        int number,
        NamedTable named,
        CancellationToken cancellationToken)
    {
        if (await TableCatalog.ReadAsync(connection, named, cancellationToken) is not { } found)
        {
            return null;
        }

        var onUpdate = NamesOf(found);
        var problems = ProblemsOf(named, found).ToList();
        if (await Publications.ProblemAsync(connection, found.Oid, named.Name, cancellationToken) is { } unidentified)
        {
            problems.Add(unidentified);
        }

        return new(
            number,
            named,
            found.Oid,
            [.. found.KeyTypes.Select(type => type ?? "")],
            [.. found.BaseTypes.Select(type => type != "bytea")],
            [.. found.BaseTypes.Zip(found.ColumnTypes, KeptType)],
            found.Estimate,
            found.Bytes,
            problems,
            [.. NotesOf(named, onUpdate, found.Indexed)])
        {
            IndexBytes = found.IndexBytes,
            OnUpdate = onUpdate,
        };
    }

    /// <summary>A domain's condition and a type's own way to compare are the table's business, not its copy's.</summary>
    private static string KeptType(string? baseType, string? type) => baseType switch
    {
        "varchar" when type is not null && type.StartsWith("character varying", StringComparison.Ordinal) => type,
        "bytea" => "bytea",
        _ => "text",
    };

    private static string? NamesOf(TableCatalog found) =>
        found.Triggers.Length + found.Rules.Length == 0 ? null
        : string.Join(
            "; ",
            new[]
            {
                found.Triggers.Length == 0 ? null : $"triggers {string.Join(", ", found.Triggers)}",
                found.Rules.Length == 0 ? null : $"rules {string.Join(", ", found.Rules)}",
            }.OfType<string>());

    private static IEnumerable<string> ProblemsOf(NamedTable named, TableCatalog found)
    {
        if (found.Kind is not ('r' or 'p') || found.HasChildren)
        {
            return
            [
                $"{named.Name} is no plain or partitioned table{(found.HasChildren ? " (tables inherit from it)" : "")}: name the tables "
                    + "that hold the rows.",
            ];
        }

        return [.. KeyProblems(named, found), .. ColumnProblems(named, found), .. SightProblems(named, found)];
    }

    private static IEnumerable<string> KeyProblems(NamedTable named, TableCatalog found)
    {
        if (named.Keys.Where((_, index) => found.KeyTypes[index] is null).FirstOrDefault() is { } missing)
        {
            yield return $"{named.Name} has no column {missing}: set 'key' to the column that tells its rows apart, or 'keyColumns' to "
                + "those that do.";
        }
        else if (!found.KeyIsUnique && found.KeyInOtherOrder is { } order)
        {
            yield return $"{named.Name} has its unique index on ({string.Join(", ", order)}), in this order. Write keyColumns: "
                + $"[{string.Join(", ", order)}], so that pages are read by it.";
        }
        else if (!found.KeyIsUnique || found.KeyNotNull.Contains(false))
        {
            yield return WithoutKey(named, found);
        }
    }

    private static string WithoutKey(NamedTable named, TableCatalog found)
    {
        var lacking = found.PartitionColumns.Except(named.Keys, StringComparer.Ordinal).ToList();
        var columns = named.Keys.Concat(lacking).ToList();
        var nullable = named.Keys.Where((_, index) => !found.KeyNotNull[index]).Concat(lacking).ToList();
        var it = columns.Count == 1 ? "it" : "them";
        return $"{named.Name} has no usable key: {named.KeyName} must be NOT NULL and have a unique index on {it} alone. "
            + (lacking.Count == 0 ? "" : $"On a partitioned table every unique index has its partition columns too: write keyColumns: "
                + $"[{string.Join(", ", columns)}], ")
            + (lacking.Count == 0
                ? "Give another column as 'key' (or several as 'keyColumns'), or run: "
                : "and, if it is not there, run: ")
            + string.Concat(nullable.Select(column => AdvisedSql.RequireValue(named.Sql, column) + " "))
            + AdvisedSql.MakeUnique(named.Sql, columns, found.IsPartitioned)
            + (found.IsPartitioned ? " (writers wait until that index is made)" : "");
    }

    private static IEnumerable<string> ColumnProblems(NamedTable named, TableCatalog found)
    {
        foreach (var (index, name) in named.Columns.Index())
        {
            if (found.ColumnTypes[index] is not { } type)
            {
                yield return $"{named.Name} has no column {name}.";
            }
            else if (found.BaseTypes[index] is not ("text" or "varchar" or "bytea" or "citext"))
            {
                yield return $"{named.Name}.{name} is of type {type}: only text, varchar, citext and bytea can be moved, and domains "
                    + "over them.";
            }
            else if (found.MayUpdate[index] != true)
            {
                yield return $"The role may not read and update {named.Name}.{name}. Run: "
                    + AdvisedSql.LetReadAndUpdate(found.Role, named.Sql, name);
            }
            else if (found.BaseTypes[index] == "bytea" && named.Prefix.Length > 0)
            {
                yield return $"{named.Name}.{name} is bytea, and 'prefix' stands before texts. Leave it out for this table.";
            }
        }
    }

    private static IEnumerable<string> SightProblems(NamedTable named, TableCatalog found)
    {
        if (!found.MayReadKey)
        {
            yield return $"The role may not read {named.Name}.{named.KeyName}. Run: {AdvisedSql.LetUseSchema(found.Role, named.Schema)} "
                + AdvisedSql.LetRead(found.Role, named.Sql, named.Keys);
        }

        if (found.IsFiltered)
        {
            yield return $"Row-level security applies to the role at {named.Name} and could hide rows from the move. Use the table's "
                + $"owner, or as a superuser run: {AdvisedSql.LetSeeAllRows(found.Role)}";
        }

        if (found.HasForeignPartitions)
        {
            yield return $"Partitions of {named.Name} are foreign tables. Their rows cannot be moved from here: name the tables that "
                + "hold rows on this server, and those of the other server in a policy of its own.";
        }
    }

    private static IEnumerable<string> NotesOf(NamedTable named, string? onUpdate, string[] indexed)
    {
        if (onUpdate is not null)
        {
            yield return $"each update of {named.Name} runs {onUpdate}: what one of them copies elsewhere stays under the old key";
        }

        if (indexed.Length > 0)
        {
            yield return $"columns of {named.Name} that an index has too: {string.Join(", ", indexed)}";
        }
    }
}
