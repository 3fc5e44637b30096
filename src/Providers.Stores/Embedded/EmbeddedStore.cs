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
    private const string CheckName = "rotunda.check";
    private readonly SqliteOwner _file;
    private readonly MasterKeyFile _keyFile;
    private readonly bool _keyIsFile;
    private readonly TimeProvider _time;
    private ValueCipher _cipher;

    /// <summary>While and after re-keying: the other one. A reader may still hold a box sealed under it.</summary>
    private ValueCipher? _other;

    /// <param name="directory">Where secrets.db and, unless <paramref name="environmentKey"/> is set, master.key are.</param>
    /// <param name="environmentKey">The content of <see cref="KeyVariable"/>; null or empty for the key file.</param>
    /// <exception cref="StoreUnavailableException">The file cannot be opened, or the key is missing, malformed, readable by
    /// others or another one.</exception>
    public EmbeddedStore(string directory, string? environmentKey, TimeProvider time, CrashPoints crashPoints)
    {
        _time = time;
        _keyFile = new MasterKeyFile(directory);
        _keyIsFile = string.IsNullOrWhiteSpace(environmentKey);
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
            _cipher = new ValueCipher(
                _keyIsFile ? FromFile() : MasterKey.Parse(environmentKey!, $"the environment variable {KeyVariable}"));
            CheckKey();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Name => StoreNames.Embedded;

    public string KeyId => _cipher.KeyId;

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
                    using var known = Open(name, version, box);
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
                    ("$box", Sealer(connection).Seal(name, next, value.RevealBytes())),
                    ("$key", Sealer(connection).KeyId), ("$at", _time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
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
                return Open(version.Name, Number(version), box);
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
                ("$key", Sealer(connection).KeyId),
                ("$box", Sealer(connection).Seal(CheckName, 1, probe.RevealBytes()))); }, cancellationToken);
        var box = await _file.ReadAsync(connection => connection.First(StoreSql.GetProbe, row => Box(row, 0))!, cancellationToken);
        using var back = Open(CheckName, 1, box);
        if (back.Length != probe.Length)
        {
            throw new StoreUnavailableException("a value that was just stored does not read back. Check the disk.");
        }
    }

    /// <summary>Re-encrypts everything under another key, in one transaction. With a key file, the file is replaced too; with
    /// <see cref="KeyVariable"/>, the caller puts the new key there before the next start.</summary>
    public async Task RekeyAsync(MasterKey newKey, CancellationToken cancellationToken)
    {
        var next = new ValueCipher(newKey);
        _other = next;
        if (_keyIsFile)
        {
            // Beside the old one first: whichever key the values are under after a crash, it is there.
            _keyFile.WriteNext(newKey);
        }

        await _file.WriteAsync(
            connection =>
            {
                foreach (var (name, version, box) in connection.List(
                    StoreSql.ListAll,
                    row => (row.GetString(0), row.GetInt64(1), Box(row, 2))))
                {
                    using var value = Open(name, version, box);
                    connection.Run(
                        StoreSql.Reseal,
                        ("$name", name),
                        ("$version", version),
                        ("$box", next.Seal(name, version, value.RevealBytes())),
                        ("$key", next.KeyId));
                }

                connection.Run(StoreSql.SetCheck, ("$key", next.KeyId), ("$box", next.Seal(CheckName, 0, "rotunda"u8)));
            },
            cancellationToken);
        (_cipher, _other) = (next, _cipher);
        if (_keyIsFile)
        {
            _keyFile.TakeNext();
        }

        await _file.MaintainAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
    }

    public void Dispose()
    {
        _file.Dispose();
        _cipher.Dispose();
        _other?.Dispose();
    }

    private MasterKey FromFile()
    {
        var expected = ExpectedKeyId();
        if (_keyFile.ReadNext() is { } next && expected == next.Id)
        {
            // A re-keying was cut off after its commit.
            _keyFile.TakeNext();
            return next;
        }

        if (_keyFile.Exists)
        {
            return _keyFile.Read();
        }

        return expected is null ? _keyFile.Make() : throw new StoreUnavailableException(
            $"the key file '{_keyFile.Path}' is missing, but there are values under key {expected}. Restore the file from a backup or "
                + $"set {KeyVariable}; a new key could not read them.");
    }

    private string? ExpectedKeyId() =>
        _file.ReadAsync(connection => (string?)connection.Scalar(StoreSql.GetCheckKey), default).GetAwaiter().GetResult();

    private void CheckKey()
    {
        var (expected, box) = _file.ReadAsync(
            connection => connection.List(StoreSql.GetCheck, row => (row.GetString(0), Box(row, 1))).FirstOrDefault(), default)
            .GetAwaiter()
            .GetResult();
        if (expected is null)
        {
            _file.WriteAsync(
                connection => { connection.Run(
                    StoreSql.SetCheck,
                    ("$key", _cipher.KeyId),
                    ("$box", _cipher.Seal(CheckName, 0, "rotunda"u8))); }, default).GetAwaiter().GetResult();
            return;
        }

        if (expected != _cipher.KeyId)
        {
            throw new StoreUnavailableException(
                $"this is another master key: the values are under key {expected}, the given key is {_cipher.KeyId}. Give the right one "
                    + $"in {KeyVariable} or in '{_keyFile.Path}'.");
        }

        Open(CheckName, 0, box).Dispose();
    }

    private SecretValue Open(string name, long version, byte[] box)
    {
        try
        {
            return _cipher.Open(name, version, box);
        }
        catch (CryptographicException) when (_other is { } other && Opens(other, name, version, box) is { } value)
        {
            return value;
        }
        catch (CryptographicException exception)
        {
            throw new StoreUnavailableException(
                $"the value {name}@{version} does not open under key {_cipher.KeyId}: it was changed or damaged. Restore secrets.db "
                    + "from a backup.",
                exception);
        }
    }

    private static SecretValue? Opens(ValueCipher cipher, string name, long version, byte[] box)
    {
        try
        {
            return cipher.Open(name, version, box);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The cipher of the key on record, read in the transaction that seals: nothing is sealed under the old key once
    /// re-keying is committed.</summary>
    private ValueCipher Sealer(SqliteConnection connection) =>
        _other is { } other && (string?)connection.Scalar(StoreSql.GetCheckKey) == other.KeyId ? other : _cipher;

    private static byte[] Box(SqliteDataReader row, int column) => (byte[])row.GetValue(column);

    private static SecretRef Ref(string name, long version) =>
        new(StoreNames.Embedded, name, version.ToString(CultureInfo.InvariantCulture));

    private static long Number(SecretRef version) =>
        version.Store == StoreNames.Embedded
            && long.TryParse(version.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new SecretNotFoundException(version.ToString());
}
