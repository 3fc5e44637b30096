using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>Room for what rows hold in the clear. Cleared after each batch, and before it grows or goes.</summary>
internal sealed class Arena : IDisposable
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private int _used;

    public int Used => _used;

    /// <summary>Room at the end, at least so much. What is kept of it is said with <see cref="Keep"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            // Pinned, so that the garbage collector leaves no copies behind.
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_bytes.Length * 2, _used + length), pinned: true);
            _bytes.AsSpan(0, _used).CopyTo(larger);
            CryptographicOperations.ZeroMemory(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_used, length);
    }

    /// <returns>Where it starts.</returns>
    public int Keep(int length)
    {
        var start = _used;
        _used += length;
        return start;
    }

    public ReadOnlySpan<byte> Of(int start, int length) => _bytes.AsSpan(start, length);

    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _used = 0;
    }

    public void Dispose() => Clear();
}
