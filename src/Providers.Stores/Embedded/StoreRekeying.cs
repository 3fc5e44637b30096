using Microsoft.Data.Sqlite;
using Rotunda.Files;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>
/// Moves the values of the embedded store to another master key, a few at a time, while they are read and written. The old key stays
/// until every value is under the new one; cut off anywhere, it goes on where it was.
/// </summary>
internal sealed class StoreRekeying(SqliteOwner file, StoreKeys keys) : IDisposable
{
    private const int ValuesAtOnce = 50;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>Moves the next values.</summary>
    public async Task<RekeyProgress> SliceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var next = keys.Next();
            var progress = await file.WriteAsync(connection => Slice(connection, next), cancellationToken);
            if (progress.IsDone)
            {
                keys.Turn();
                // The write-ahead log still holds pages with what was sealed under the old key.
                await file.MaintainAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
            }

            return progress;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private RekeyProgress Slice(SqliteConnection connection, ValueCipher next)
    {
        foreach (var (name, version, box) in connection.List(
            StoreSql.NotUnderKey,
            row => (row.GetString(0), row.GetInt64(1), (byte[])row.GetValue(2)),
            ("$key", next.KeyId),
            ("$limit", (long)ValuesAtOnce)))
        {
            using var value = keys.Open(name, version, box);
            connection.Run(
                StoreSql.Reseal,
                ("$name", name),
                ("$version", version),
                ("$box", next.Seal(name, version, value.RevealBytes())),
                ("$key", next.KeyId));
        }

        var (left, total) = (
            (long)connection.Scalar(StoreSql.CountNotUnderKey, ("$key", next.KeyId))!,
            (long)connection.Scalar(StoreSql.CountAll)!);
        if (left == 0)
        {
            // In the transaction that moves the last value: from here on new values are sealed under the new key.
            connection.Run(StoreSql.SetCheck, ("$key", next.KeyId), ("$box", next.Seal(StoreKeys.CheckName, 0, "rotunda"u8)));
        }

        return new RekeyProgress(keys.KeyId, next.KeyId, total - left, total);
    }
}
