using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Rotunda.Ledger;

public abstract partial class SqlLedger
{
    private const int RowsAtOnce = 200;

    /// <summary>
    /// Writes the whole ledger to a file and marks it as moved, in one transaction: what is written is all there is, and nothing
    /// comes after it. The file is on disk before the mark is.
    /// </summary>
    /// <param name="to">A new file, at its beginning.</param>
    /// <param name="name">What the mark says.</param>
    public Task<LedgerMove> ExportAsync(FileStream to, string name, string actor, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                await AppendAsync(session, new AuditEntry(actor, AuditActions.LedgerExported, null, null, null, name));
                await session.RunAsync(LedgerSql.SetMeta, ("@key", MovedKey), ("@value", $"{name}, {Now()}"));
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var rows = 0L;
                Put(LedgerExport.Head(name, Now()));
                foreach (var table in LedgerTables.All)
                {
                    await session.EachAsync(table.Select, row =>
                    {
                        Put(LedgerExport.Row(table, row));
                        rows++;
                    });
                }

                to.Write(LedgerExport.End(rows, hash.GetHashAndReset()));
                to.Flush(flushToDisk: true);
                return await MoveAsync(session, rows);

                void Put(byte[] line)
                {
                    hash.AppendData(line);
                    to.Write(line);
                }
            },
            cancellationToken);

    /// <summary>Takes an export into this ledger, which has to be empty: all of it, or nothing. The chain of the audit is checked
    /// before it counts.</summary>
    /// <exception cref="LedgerImportException">The file is damaged, of a newer release, or the ledger is not empty.</exception>
    public Task<LedgerMove> ImportAsync(Stream from, string name, string actor, CancellationToken cancellationToken) =>
        WriteAsync(
            async session =>
            {
                if ((long)(await session.ScalarAsync(LedgerSql.CountAll))! != 0)
                {
                    throw new LedgerImportException(
                        "This ledger is not empty, and an import never mixes two. Give a new data directory, or a schema that was just "
                            + "made with 'rotunda ledger migrate'.");
                }

                var rows = await new LedgerImport(session).RunAsync(from);
                await session.RunAsync(_countOn);
                await CheckImportedAsync(session);
                await AppendAsync(session, new AuditEntry(actor, AuditActions.LedgerImported, null, null, null, name));
                return await MoveAsync(session, rows);
            },
            cancellationToken);

    private static async Task CheckImportedAsync(LedgerSession session)
    {
        var verified = await VerifyAsync(null, after => PageAsync(session, after));
        if (!verified.Intact)
        {
            throw new LedgerImportException(
                $"The export's audit is broken at row {verified.BrokenAt}: {verified.Problem} Nothing was imported. Look at the ledger "
                    + "it came from with 'rotunda audit verify'.");
        }

        if (verified.Rows > 0)
        {
            await session.RunAsync(LedgerSql.SetMeta, ("@key", ChainHeadKey), ("@value", HeadOf(verified.Rows, verified.HeadHash)));
        }
    }

    private static async Task<LedgerMove> MoveAsync(LedgerSession session, long rows) => new(
        rows,
        await session.ListAsync(LedgerSql.OpenRotations, row => LedgerRows.Rotation(row).Record),
        await session.ListAsync(LedgerSql.LiveStores, row => row.GetString(0)));

    /// <summary>Reads the lines into the tables, and checks that they are all of them, and unchanged.</summary>
    private sealed class LedgerImport(LedgerSession session)
    {
        private readonly List<LedgerValue[]> _waiting = [];
        private LedgerTable? _table;
        private long _rows;

        public async Task<long> RunAsync(Stream from)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var reader = new StreamReader(
                from,
                new UTF8Encoding(false, throwOnInvalidBytes: true),
                detectEncodingFromByteOrderMarks: false,
                leaveOpen: true);
            for (var number = 1L; ; number++)
            {
                var text = Read(reader, number);
                var line = Parse(text, number);
                if (number == 1)
                {
                    LedgerExport.CheckHead(line);
                }
                else if (line.ContainsKey("sha256"))
                {
                    await PutAsync();
                    return IsWhole(line, hash.GetHashAndReset()) && reader.Read() < 0 ? _rows : throw LedgerExport.Damaged(number);
                }
                else
                {
                    await TakeAsync(line, number);
                }

                hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
            }
        }

        private static string Read(StreamReader reader, long number)
        {
            try
            {
                return reader.ReadLine()
                    ?? throw new LedgerImportException(
                        $"The export ends at line {number}, before its last one. Nothing was imported. Fetch the file again.");
            }
            catch (DecoderFallbackException)
            {
                throw LedgerExport.Damaged(number);
            }
        }

        private static JsonObject Parse(string text, long number)
        {
            try
            {
                return JsonNode.Parse(text) as JsonObject ?? throw LedgerExport.Damaged(number);
            }
            catch (JsonException)
            {
                throw number == 1
                    ? new LedgerImportException(
                        "This is no export of a Rotunda ledger: its first line does not say so. Give a file that "
                            + "'rotunda export' wrote.")
                    : LedgerExport.Damaged(number);
            }
        }

        private bool IsWhole(JsonObject end, byte[] hash) =>
            LedgerExport.Text(end["sha256"]) == Convert.ToHexStringLower(hash)
                && end["rows"] is JsonValue value
                && value.TryGetValue<long>(out var rows)
                && rows == _rows;

        private async Task TakeAsync(JsonObject line, long number)
        {
            var name = LedgerExport.Text(line["table"]);
            var table = LedgerTables.All.FirstOrDefault(table => table.Name == name) ?? throw LedgerExport.Damaged(number);
            if (table != _table || _waiting.Count == RowsAtOnce)
            {
                await PutAsync();
            }

            _table = table;
            _waiting.Add(LedgerExport.Values(table, line, number));
            _rows++;
        }

        private async Task PutAsync()
        {
            if (_waiting.Count > 0)
            {
                try
                {
                    await session.RunAsync(
                        _table!.Insert(_waiting.Count),
                        [.. _waiting.SelectMany((values, row) => values.Select((value, column) => (
                            LedgerTable.Parameter(row, column),
                            value)))]);
                }
                catch (DbException problem) when (IsConstraint(problem))
                {
                    throw new LedgerImportException(
                        $"Rows of '{_table!.Name}' in the export do not fit those before them: the file is damaged. Nothing was "
                            + "imported. Take the export again, or fetch the file again.",
                        problem);
                }

                _waiting.Clear();
            }
        }

        private static bool IsConstraint(DbException problem) =>
            problem is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT }
                || problem.SqlState?.StartsWith("23", StringComparison.Ordinal) == true;
    }
}
