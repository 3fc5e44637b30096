using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>
/// The keys of the embedded store: the one on record, which new values are sealed under, and while and after re-keying another one.
/// Values open under either, whichever of them a re-keying that was cut off has come to.
/// </summary>
internal sealed class StoreKeys : IDisposable
{
    /// <summary>What is sealed beside the values, to know the key again.</summary>
    public const string CheckName = "rotunda.check";

    private readonly SqliteOwner _file;
    private readonly MasterKeyFile _keyFile;
    private readonly bool _isFile;

    /// <summary>Of keys from the environment: the values are still under the one before.</summary>
    private bool _isWaiting;

    /// <summary>Both at once, so that no reader sees half of a change.</summary>
    private volatile Pair _pair;

    /// <param name="given">The key from the environment; null or empty for the key file.</param>
    /// <param name="before">With <paramref name="given"/>: the key that the values are under until they are re-keyed to it; null or
    /// empty for none.</param>
    /// <exception cref="StoreUnavailableException">The key is missing, malformed, readable by others or another one.</exception>
    public StoreKeys(SqliteOwner file, MasterKeyFile keyFile, string? given, string? before)
    {
        (_file, _keyFile, _isFile) = (file, keyFile, string.IsNullOrWhiteSpace(given));
        var recorded = Recorded();
        var (key, other) = _isFile ? FromFile(recorded) : FromEnvironment(given!, before, recorded);
        _pair = new Pair(new ValueCipher(key), other is null ? null : new ValueCipher(other));
        Check(recorded);
    }

    /// <summary>Of the key on record.</summary>
    public string KeyId => _pair.Cipher.KeyId;

    /// <summary>True where a re-keying was begun that has not come to its end.</summary>
    public bool IsUnderWay => _isFile ? _keyFile.ReadNext() is { } next && Disposed(next) != KeyId : _isWaiting;

    /// <summary>The cipher of the key on record, read in the transaction that seals: nothing is sealed under the old key once
    /// re-keying is committed.</summary>
    public ValueCipher Sealer(SqliteConnection connection)
    {
        var (cipher, other) = _pair;
        return other is not null && (string?)connection.Scalar(StoreSql.GetCheckKey) == other.KeyId ? other : cipher;
    }

    /// <exception cref="StoreUnavailableException">It opens under no key: it was changed or damaged.</exception>
    public SecretValue Open(string name, long version, byte[] box)
    {
        var (cipher, second) = _pair;
        try
        {
            return cipher.Open(name, version, box);
        }
        catch (CryptographicException) when (second is { } other && Opens(other, name, version, box) is { } value)
        {
            return value;
        }
        catch (CryptographicException exception)
        {
            throw new StoreUnavailableException(
                $"the value {name}@{version} does not open under key {cipher.KeyId}: it was changed or damaged. Restore secrets.db "
                    + "from a backup.",
                exception);
        }
    }

    /// <summary>The key that values are moved to: one that a re-keying before had begun with, else a new one, which is on disk before
    /// anything is sealed under it.</summary>
    /// <exception cref="StoreUnavailableException">The key comes from the environment, and no other is given there.</exception>
    public ValueCipher Next()
    {
        if (_isFile)
        {
            using var next = _keyFile.ReadNext() ?? _keyFile.MakeNext();
            if (_pair.Other?.KeyId != next.Id)
            {
                _pair = _pair with { Other = new ValueCipher(next) };
            }

            return _pair.Other!;
        }

        return _isWaiting
            ? _pair.Other!
            : throw new StoreUnavailableException(
                $"the master key comes from {EmbeddedStore.KeyVariable}, where the server cannot put another. Start it with the new key in "
                    + $"{EmbeddedStore.KeyVariable} and the one of now in {EmbeddedStore.PreviousKeyVariable}, and re-key again "
                    + "(docs/master-key.md).");
    }

    /// <summary>Every value is under the other key, and it is on record: from now on it is the one. The file with the old one is
    /// replaced.</summary>
    public void Turn()
    {
        _pair = new Pair(_pair.Other!, _pair.Cipher);
        _isWaiting = false;
        if (_isFile)
        {
            _keyFile.TakeNext();
        }
    }

    public void Dispose()
    {
        _pair.Cipher.Dispose();
        _pair.Other?.Dispose();
    }

    private static string Disposed(MasterKey key)
    {
        using (key)
        {
            return key.Id;
        }
    }

    private (MasterKey Key, MasterKey? Other) FromFile(string? recorded)
    {
        if (_keyFile.ReadNext() is { } next)
        {
            if (recorded == next.Id)
            {
                // A re-keying was cut off after its last commit.
                _keyFile.TakeNext();
                return (next, null);
            }

            return (ReadOrMake(recorded), next);
        }

        return (ReadOrMake(recorded), null);
    }

    private MasterKey ReadOrMake(string? recorded) =>
        _keyFile.Exists ? _keyFile.Read() : recorded is null ? _keyFile.Make() : throw Missing(recorded);

    private (MasterKey Key, MasterKey? Other) FromEnvironment(string given, string? before, string? recorded)
    {
        var key = MasterKey.Parse(given, $"the environment variable {EmbeddedStore.KeyVariable}");
        if (string.IsNullOrWhiteSpace(before))
        {
            return (key, null);
        }

        var old = MasterKey.Parse(before, $"the environment variable {EmbeddedStore.PreviousKeyVariable}");
        _isWaiting = recorded == old.Id && key.Id != old.Id;
        return _isWaiting ? (old, key) : (key, old);
    }

    private StoreUnavailableException Missing(string? recorded) => new(
        $"the key file '{_keyFile.Path}' is missing, but there are values under key {recorded}. Restore the file from a backup or "
            + $"set {EmbeddedStore.KeyVariable}; a new key could not read them.");

    private string? Recorded() =>
        _file.ReadAsync(connection => (string?)connection.Scalar(StoreSql.GetCheckKey), default).GetAwaiter().GetResult();

    private void Check(string? recorded)
    {
        if (recorded is null)
        {
            _file.WriteAsync(
                connection => { connection.Run(
                    StoreSql.SetCheck,
                    ("$key", KeyId),
                    ("$box", _pair.Cipher.Seal(CheckName, 0, "rotunda"u8))); }, default).GetAwaiter().GetResult();
            return;
        }

        if (recorded != KeyId)
        {
            throw new StoreUnavailableException(
                $"this is another master key: the values are under key {recorded}, the given key is {KeyId}. Give the right one "
                    + $"in {EmbeddedStore.KeyVariable} or in '{_keyFile.Path}'.");
        }

        var box = _file.ReadAsync(connection => connection.First(StoreSql.GetCheck, row => (byte[])row.GetValue(1))!, default)
            .GetAwaiter().GetResult();
        Open(CheckName, 0, box).Dispose();
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

    private sealed record Pair(ValueCipher Cipher, ValueCipher? Other);
}
