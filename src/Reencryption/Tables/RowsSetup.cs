using Npgsql;
using Rotunda.Postgres;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Reencryption.Formats;

namespace Rotunda.Reencryption.Tables;

/// <summary>The settings of one binding, read.</summary>
internal sealed record RowsSetup(
    NpgsqlConnectionStringBuilder Connection,
    IReadOnlyList<NamedTable> Tables,
    string Format,
    IReadOnlyList<string> Command,
    TimeSpan CommandTimeout,
    int Batch,
    int Connections,
    int? RowsPerSecond,
    TimeSpan LockTimeout,
    TimeSpan? Slice,
    string WorkSchema,
    string? DumpTo,
    string? ListTo,
    string? DiskPath)
{
    private const int LargestBatch = 10_000;
    private const int MostConnections = 32;
    private const int FewestTries = 4;
    private const int ReadBuffer = 128 * 1024;

    /// <summary>Below PostgreSQL's deadlock_timeout (1 s): where a batch and the application wait for each other, the batch gives
    /// way before the server ends one of them.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(500);

    /// <summary>A lock that the application holds for so long is no reason to give up, however short each wait for it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How often a batch is tried that comes upon locks.</summary>
    public int LockTries => Math.Max(FewestTries, (int)Math.Ceiling(Patience / LockTimeout));

    /// <exception cref="PostgresSetupException">The settings contradict each other, or lack something.</exception>
    public static async Task<RowsSetup> ReadAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        var connection = await PostgresSetup.AdminAsync(settings, cancellationToken);
        connection.ApplicationName = "rotunda re-encrypt";
        connection.KeepAlive = 30;
        // A batch that waits is bounded by lockTimeout; a large index may take longer than Npgsql's 30 s to read.
        connection.CommandTimeout = 0;
        // Pages of rows arrive in fewer pieces.
        connection.ReadBufferSize = Math.Max(connection.ReadBufferSize, ReadBuffer);
        var setup = new RowsSetup(
            connection,
            [.. settings.Maps(RowsDescriptor.Tables).Select(NamedTable.Read)],
            settings.Text(RowsDescriptor.Format) ?? RowsDescriptor.Fernet,
            settings.TextList(RowsDescriptor.Command),
            settings.Duration(RowsDescriptor.CommandTimeout, TimeSpan.FromMinutes(1)),
            settings.Number(RowsDescriptor.Batch, 1000),
            settings.Number(RowsDescriptor.Connections, 4),
            settings.Number(RowsDescriptor.RowsPerSecond, 0) is > 0 and var rate ? rate : null,
            settings.Duration(RowsDescriptor.LockTimeout, ShortWait),
            settings.Text(RowsDescriptor.Slice) is null ? null : settings.Duration(RowsDescriptor.Slice, TimeSpan.FromMinutes(1)),
            settings.Text(RowsDescriptor.WorkSchema) ?? "rotunda",
            settings.Text(RowsDescriptor.DumpTo),
            settings.Text(RowsDescriptor.ListTo) ?? settings.Text(RowsDescriptor.DumpTo),
            settings.Text(RowsDescriptor.DiskPath));
        return setup.Check();
    }

    /// <summary>How many rows a batch has: as set, but with a limit on their rate no more than a connection may do in a second,
    /// so that it keeps to the limit and is heard.</summary>
    public int BatchNow => RowsPerSecond is { } rate ? Math.Clamp(rate / Connections, 1, Batch) : Batch;

    /// <summary>The format with the ring's keys, for one connection's work on one table.</summary>
    /// <exception cref="RowFormatException">A key is not as the format wants it.</exception>
    public IRowFormat Open(KeyRing ring, IReadOnlyList<bool> texts) => Format switch
    {
        RowsDescriptor.AesGcm => new AesGcmFormat(ring, texts),
        RowsDescriptor.Exec => new ExecFormat(Command, ring, CommandTimeout),
        _ => new FernetFormat(ring),
    };

    public async Task<KeyRing> RingAsync(ProviderSettings settings, DataKeys keys, CancellationToken cancellationToken)
    {
        var older = await settings.SecretListAsync(RowsDescriptor.OlderKeys, cancellationToken);
        try
        {
            return KeyRing.Of(keys, older, lists: Format == RowsDescriptor.MultiFernet);
        }
        finally
        {
            foreach (var key in older)
            {
                key.Dispose();
            }
        }
    }

    private RowsSetup Check()
    {
        Require(Tables.Count > 0, "'tables' is empty. Name the tables with data under the key.");
        Require(
            Tables.Select(table => table.Name).Distinct(StringComparer.Ordinal).Count() == Tables.Count,
            "'tables' names a table twice: give all its columns in one place.");
        Require(Batch is >= 1 and <= LargestBatch, $"'batch' is out of range. Give 1 to {LargestBatch}.");
        Require(Connections is >= 1 and <= MostConnections, $"'connections' is out of range. Give 1 to {MostConnections}.");
        Require(SqlText.IsIdentifier(WorkSchema), "'workSchema' cannot be a schema. Write a name of PostgreSQL: 1 to 63 bytes and no NUL.");
        Require(LockTimeout >= TimeSpan.FromMilliseconds(1), "'lockTimeout' is zero. Give a time such as 2s.");
        Require(Format != RowsDescriptor.Exec || Command.Count > 0, "The format exec has no 'command'. Give the program and its "
            + "arguments.");
        Require(Format == RowsDescriptor.Exec || Command.Count == 0, "'command' is for the format exec only. Take it away, or set "
            + "format: exec.");
        return this;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new PostgresSetupException(otherwise);
        }
    }
}
