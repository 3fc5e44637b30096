using Npgsql;
using Rotunda.Reencryption.Formats;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;

namespace Rotunda.Reencryption;

/// <summary>What one call works with: the settings, the keys, the tables as they are, and a connection for all but the rows.</summary>
internal sealed class RowsWork : IAsyncDisposable
{
    private RowsWork(RowsSetup setup, KeyRing? ring, NpgsqlConnection connection, string rotation)
    {
        (Setup, Ring, Connection) = (setup, ring, connection);
        Lanes = new LaneTable(setup.WorkSchema, rotation);
        Sides = new SideTables(setup.WorkSchema, rotation);
    }

    public RowsSetup Setup { get; }

    public KeyRing? Ring { get; }

    public NpgsqlConnection Connection { get; }

    public LaneTable Lanes { get; }

    public SideTables Sides { get; }

    public IReadOnlyList<RowsTable> Tables { get; private set; } = [];

    /// <param name="ring">Disposed with this.</param>
    public static async Task<RowsWork> OpenAsync(RowsSetup setup, KeyRing? ring, string rotation, CancellationToken cancellationToken)
    {
        var work = new RowsWork(setup, ring, new NpgsqlConnection(setup.Connection.ConnectionString), rotation);
        try
        {
            if (ring is not null)
            {
                // A key that does not fit the format is told before anything is asked.
                setup.Open(ring, [true]).Dispose();
            }

            await work.Connection.OpenAsync(cancellationToken);
            await RowsServer.RequireOwnSessionsAsync(setup, work.Connection, cancellationToken);
            await SessionSettings.OrdinaryAsync(work.Connection, cancellationToken);
            return work;
        }
        catch
        {
            await work.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the tables.</summary>
    /// <exception cref="RowsStoppedException">One cannot be moved as it is; the message has everything that is wrong with any.</exception>
    public async Task LoadTablesAsync(CancellationToken cancellationToken)
    {
        var (tables, problems) = (new List<RowsTable>(), new List<string>());
        foreach (var (number, named) in Setup.Tables.Index())
        {
            if (await TableReader.ReadAsync(Connection, number, named, cancellationToken) is { } table)
            {
                tables.Add(table);
                problems.AddRange(table.Problems);
            }
            else
            {
                problems.Add($"There is no table {named.Name} in the database {Connection.Database}. Check 'tables' and 'database'.");
            }
        }

        Tables = problems.Count == 0 ? tables : throw new RowsStoppedException(string.Join(' ', problems));
    }

    /// <summary>The lanes of a pass, drawn if it has none yet.</summary>
    public async Task<List<Lane>> LanesOfAsync(string pass, CancellationToken cancellationToken)
    {
        await Lanes.EnsureAsync(Connection, cancellationToken);
        var lanes = await Lanes.LoadAsync(Connection, pass, cancellationToken);
        if (lanes.Count == 0)
        {
            await Lanes.InsertAsync(
                Connection,
                pass,
                await LanePlan.DrawAsync(Connection, Setup, Tables, cancellationToken),
                cancellationToken);
            lanes = await Lanes.LoadAsync(Connection, pass, cancellationToken);
        }

        return lanes;
    }

    /// <summary>What is done to the rows of each table, by the table's number.</summary>
    public async Task<IReadOnlyList<RowMover>> MoversAsync(Move move, string pass, CancellationToken cancellationToken)
    {
        var movers = new List<RowMover>();
        foreach (var table in Tables)
        {
            var withBackup = move == Move.Back && await Sides.ExistsAsync(Connection, table, cancellationToken);
            movers.Add(new RowMover(
                Setup,
                table,
                new TableSql(table, withBackup ? Sides.Of(table) : null),
                Ring!,
                move,
                withBackup,
                Lanes,
                pass));
        }

        return movers;
    }

    /// <summary>How many rows there are: as the backup counted them, else as the server believes.</summary>
    public async Task<long> TotalAsync(CancellationToken cancellationToken)
    {
        var kept = await Lanes.LoadAsync(Connection, "backup", cancellationToken);
        return kept.Count > 0 && kept.All(lane => lane.Done) ? kept.Sum(lane => lane.Rows) : Tables.Sum(table => table.Estimate);
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        Ring?.Dispose();
    }
}
