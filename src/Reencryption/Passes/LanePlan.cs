using Npgsql;
using NpgsqlTypes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption.Passes;

/// <summary>Parts tables into lanes of about the same number of rows.</summary>
internal static class LanePlan
{
    /// <summary>More than connections, so that none is idle for long at the end.</summary>
    private const int LanesPerConnection = 8;
    private const int SmallTable = 20_000;
    private const int Sample = 20_000;

    public static async Task<List<Lane>> DrawAsync(
        NpgsqlConnection connection,
        RowsSetup setup,
        IEnumerable<RowsTable> tables,
        CancellationToken cancellationToken)
    {
        var lanes = new List<Lane>();
        foreach (var table in tables)
        {
            var bounds = setup.Connections == 1 || table.Estimate < SmallTable
                ? []
                : await BoundsAsync(connection, table, setup.Connections * LanesPerConnection, cancellationToken);
            for (var number = 0; number <= bounds.Count; number++)
            {
                lanes.Add(new Lane(
                    table.Number,
                    number,
                    number == 0 ? null : bounds[number - 1],
                    number == bounds.Count ? null : bounds[number]));
            }
        }

        return lanes;
    }

    private static async Task<IReadOnlyList<string>> BoundsAsync(
        NpgsqlConnection connection,
        RowsTable table,
        int lanes,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(new TableSql(table, null).Bounds(), connection);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Real,
            Value = (float)Math.Clamp(100.0 * Sample / table.Estimate, 0.01, 100),
        });
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Double,
            Value = Enumerable.Range(1, lanes - 1).Select(n => (double)n / lanes).ToArray(),
        });

        // No sample, no lanes: the table is worked through in one.
        return await command.ExecuteScalarAsync(cancellationToken) is string[] bounds ? [.. bounds.Distinct(StringComparer.Ordinal)] : [];
    }
}
