using System.Security.Cryptography;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption.Formats;

/// <summary>All keys that a row may be under, as their bytes are written. Cleared when disposed.</summary>
internal sealed class KeyRing : IDisposable
{
    public const int InUse = 0;
    public const int New = 1;
    private readonly List<(string What, byte[] Text, bool ReadBefore)> _keys = [];

    public int Count => _keys.Count;

    /// <summary>False where the rotation has no new key (yet).</summary>
    public bool HasNew { get; private init; }

    /// <summary>The positions of all keys but the new one: what rows are under before a move. The one that most are under comes
    /// first.</summary>
    public IEnumerable<int> Before => Enumerable.Range(0, Count).Where(key => key != New);

    /// <summary>All positions, in the order that finds the key of most rows soonest.</summary>
    /// <param name="first">The key that most rows are under.</param>
    public IEnumerable<int> From(int first) => Enumerable.Range(0, Count).Where(key => key != New || HasNew).OrderBy(key => key != first);

    /// <param name="older">Keys that the policy names besides.</param>
    /// <param name="lists">Each value may be several keys, separated by commas, the first of which is written with.</param>
    public static KeyRing Of(DataKeys keys, IEnumerable<SecretValue> older, bool lists)
    {
        var ring = new KeyRing { HasNew = keys.New is not null };
        var inUse = Split(keys.InUse, lists);
        var fresh = keys.New is null ? [[]] : Split(keys.New, lists);
        ring._keys.Add(("The key in use", inUse[0], true));
        ring._keys.Add(("The new key", fresh[0], false));
        ring._keys.AddRange(inUse.Skip(1).Select(key => ("A further key in use", key, true)));
        ring._keys.AddRange(
            keys.Others.SelectMany(other => Split(other, lists)).Select(key => ("A key of an earlier rotation", key, false)));
        ring._keys.AddRange(older.SelectMany(other => Split(other, lists)).Select(key => ("A key of 'olderKeys'", key, true)));
        return ring;
    }

    public ReadOnlySpan<byte> TextOf(int key) => _keys[key].Text;

    /// <summary>The application reads with it before the rotation: what is under it needs no way back.</summary>
    public bool IsReadBefore(int key) => _keys[key].ReadBefore;

    /// <summary>For messages: which key it is.</summary>
    public string NameOf(int key) => _keys[key].What;

    public void Dispose() => _keys.ForEach(key => CryptographicOperations.ZeroMemory(key.Text));

    private static List<byte[]> Split(SecretValue value, bool lists)
    {
        var text = value.RevealBytes();
        if (!lists)
        {
            return [Pinned(text.Trim(" \r\n\t"u8))];
        }

        var parts = new List<byte[]>();
        foreach (var range in text.Split((byte)','))
        {
            if (text[range].Trim(" \r\n\t"u8) is { Length: > 0 } part)
            {
                parts.Add(Pinned(part));
            }
        }

        return parts.Count == 0 ? [[]] : parts;
    }

    /// <summary>A copy that the garbage collector leaves no copies of behind.</summary>
    private static byte[] Pinned(ReadOnlySpan<byte> key)
    {
        var copy = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(copy);
        return copy;
    }
}
