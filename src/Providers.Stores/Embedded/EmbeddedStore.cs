using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>The store that is always there: values encrypted one by one in a SQLite file, under a key from the environment or a
/// key file.</summary>
public sealed class EmbeddedStore : ISecretStore, IDisposable
{
    /// <summary>The file of the data directory that holds the values.</summary>
    public const string FileName = "secrets.db";

    public const string KeyVariable = "ROTUNDA_MASTER_KEY";

    /// <summary>While values are moved to the key in <see cref="KeyVariable"/>: the one that they were under.</summary>
    public const string PreviousKeyVariable = "ROTUNDA_MASTER_KEY_PREVIOUS";

    private readonly SqliteOwner _file;
    private readonly StoreKeys _keys;
    private readonly StoreRekeying _rekeying;
    private readonly TimeProvider _time;

    /// <param name="directory">Where secrets.db and, unless <paramref name="environmentKey"/> is set, master.key are.</param>
    /// <param name="environmentKey">The content of <see cref="KeyVariable"/>; null or empty for the key file.</param>
    /// <param name="previousKey">The content of <see cref="PreviousKeyVariable"/>; null or empty for none.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, or the key is missing, malformed, readable by
    /// others or another one.</exception>
    public EmbeddedStore(
        string directory,
        string? environmentKey,
        TimeProvider time,
        CrashPoints crashPoints,
        string? previousKey = null)
    {
        _time = time;
        _file = new SqliteOwner(
            Path.Combine(directory, FileName),
            "store",
            _ => StoreSql.Schema,
            StoreSql.SchemaVersion,
            "PRAGMA secure_delete=ON",
            crashPoints,
            (what, inner) => new StoreUnavailableException(what, inner));
        try
        {
            _keys = new StoreKeys(_file, new MasterKeyFile(directory), environmentKey, previousKey);
            _rekeying = new StoreRekeying(_file, _keys);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Name => StoreNames.Embedded;

    public string KeyId => _keys.KeyId;

    /// <summary>True where a re-keying was begun that has not come to its end: the values are under two keys.</summary>
    public bool IsRekeying => _keys.IsUnderWay;

    public Task<SecretRef> PutPendingAsync(
        string name,
        string owner,
        SecretValue value,
        string? fingerprint,
        CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                foreach (var (version, box) in connection.List(
                    StoreSql.OfOwner,
                    row => (row.GetInt64(0), Box(row, 1)),
                    ("$name", name),
                    ("$owner", owner)))
                {
                    using var known = _keys.Open(name, version, box);
                    if (known.ValueEquals(value))
                    {
                        return Ref(name, version);
                    }
                }

                var next = (long)connection.Scalar(StoreSql.NextVersion, ("$name", name))!;
                connection.Run(
                    StoreSql.Add,
                    ("$name", name),
                    ("$version", next),
                    ("$owner", owner),
                    ("$box", _keys.Sealer(connection).Seal(name, next, value.RevealBytes())),
                    ("$key", _keys.Sealer(connection).KeyId), ("$at", _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
                return Ref(name, next);
            },
            cancellationToken);

    public Task<SecretRef?> FindAsync(string name, string owner, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            connection => connection.Scalar(StoreSql.NewestOfOwner, ("$name", name), ("$owner", owner)) is long version
                ? Ref(name, version)
                : null, cancellationToken);

    public Task PromoteAsync(SecretRef version, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            connection =>
            {
                if (connection.Run(StoreSql.MarkPromoted, ("$name", version.Name), ("$version", Number(version))) == 0)
                {
                    throw new SecretNotFoundException(version.ToString());
                }

                connection.Run(StoreSql.SetCurrent, ("$name", version.Name), ("$version", Number(version)));
            },
            cancellationToken);

    public Task<SecretValue> GetAsync(SecretRef version, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            connection =>
            {
                var box = connection.First(StoreSql.GetBox, row => Box(row, 0), ("$name", version.Name), ("$version", Number(version)))
                    ?? throw new SecretNotFoundException(version.ToString());
                return _keys.Open(version.Name, Number(version), box);
            },
            cancellationToken);

    public Task<SecretRef?> CurrentAsync(string name, CancellationToken cancellationToken) =>
        _file.ReadAsync(
            connection => connection.Scalar(StoreSql.GetCurrent, ("$name", name)) is long version ? Ref(name, version) : null,
            cancellationToken);

    public async Task DiscardAsync(SecretRef version, CancellationToken cancellationToken)
    {
        if (await CurrentAsync(version.Name, cancellationToken) == version)
        {
            throw new InvalidOperationException($"{version} is the current version: it is not discarded.");
        }

        (string Name, object? Value)[] key = [("$name", version.Name), ("$version", Number(version))];
        if (await _file.ReadAsync(connection => connection.Scalar(StoreSql.GetBox, key) is null, cancellationToken))
        {
            return;
        }

        await _file.WriteAsync(
            connection =>
            {
                if (connection.Scalar(StoreSql.GetCurrent, ("$name", version.Name)) is long current && current == Number(version))
                {
                    throw new InvalidOperationException($"{version} is the current version: it is not discarded.");
                }

                connection.Run(StoreSql.Overwrite, key);
                connection.Run(StoreSql.Discard, key);
            },
            cancellationToken);
        // The write-ahead log still holds the page as it was.
        await _file.MaintainAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
    }

    public async Task DropAsync(SecretRef version, CancellationToken cancellationToken)
    {
        await DiscardAsync(version, cancellationToken);
        await _file.WriteAsync(connection => { connection.Run(StoreSql.Forget, ("$name", version.Name)); }, cancellationToken);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var probe = SecretValue.FromBytes(RandomNumberGenerator.GetBytes(MasterKey.Bytes));
        await _file.WriteAsync(
            connection => { connection.Run(
                StoreSql.SetProbe,
                ("$key", _keys.Sealer(connection).KeyId),
                ("$box", _keys.Sealer(connection).Seal(StoreKeys.CheckName, 1, probe.RevealBytes()))); }, cancellationToken);
        var box = await _file.ReadAsync(connection => connection.First(StoreSql.GetProbe, row => Box(row, 0))!, cancellationToken);
        using var back = _keys.Open(StoreKeys.CheckName, 1, box);
        if (back.Length != probe.Length)
        {
            throw new StoreUnavailableException("a value that was just stored does not read back. Check the disk.");
        }
    }

    /// <summary>
    /// Moves the next values to another master key, which is made where the key is a file. Repeat until it is done. Values are read and
    /// written meanwhile; the old key stays until every value is under the new one.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The key comes from the environment, and <see cref="PreviousKeyVariable"/> is not
    /// set.</exception>
    public Task<RekeyProgress> RekeyAsync(CancellationToken cancellationToken) => _rekeying.SliceAsync(cancellationToken);

    public void Dispose()
    {
        _file.Dispose();
        _keys.Dispose();
        _rekeying.Dispose();
    }

    private static byte[] Box(SqliteDataReader row, int column) => (byte[])row.GetValue(column);

    private static SecretRef Ref(string name, long version) =>
        new(StoreNames.Embedded, name, version.ToString(CultureInfo.InvariantCulture));

    private static long Number(SecretRef version) =>
        version.Store == StoreNames.Embedded
            && long.TryParse(version.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new SecretNotFoundException(version.ToString());
}
