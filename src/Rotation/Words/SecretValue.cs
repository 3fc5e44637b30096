using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>
/// A secret's value, held for as long as one activity needs it. Masked wherever it could be printed, refused by the JSON
/// serializer, and cleared when disposed. It never crosses an activity boundary.
/// </summary>
[JsonConverter(typeof(RefusingConverter))]
public sealed class SecretValue : IDisposable
{
    private const string Mask = "***";
    private readonly byte[] _bytes;
    private bool _disposed;

    private SecretValue(byte[] bytes) => _bytes = bytes;

    /// <summary>Length in bytes.</summary>
    public int Length => _bytes.Length;

    public static SecretValue FromText(string text)
    {
        var bytes = Pinned(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
        return new(bytes);
    }

    /// <summary>Copies the bytes; the caller still clears its own.</summary>
    public static SecretValue FromBytes(ReadOnlySpan<byte> bytes)
    {
        var own = Pinned(bytes.Length);
        bytes.CopyTo(own);
        return new(own);
    }

    /// <summary>The value as text (UTF-8). The only way out besides <see cref="RevealBytes"/>; keep the result local.</summary>
    /// <exception cref="ObjectDisposedException">The value was cleared.</exception>
    public string RevealText() => Encoding.UTF8.GetString(RevealBytes());

    /// <summary>The value's bytes, valid until it is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The value was cleared.</exception>
    public ReadOnlySpan<byte> RevealBytes()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _bytes;
    }

    public SecretValue Copy() => FromBytes(RevealBytes());

    /// <summary>Equality in constant time.</summary>
    public bool ValueEquals(SecretValue other) => CryptographicOperations.FixedTimeEquals(RevealBytes(), other.RevealBytes());

    public override string ToString() => Mask;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _disposed = true;
    }

    /// <summary>The collector leaves it where it is: no copies of it stay behind uncleared.</summary>
    private static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    private sealed class RefusingConverter : JsonConverter<SecretValue>
    {
        public override SecretValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret value is never read from JSON.");

        public override void Write(Utf8JsonWriter writer, SecretValue value, JsonSerializerOptions options) =>
            throw new NotSupportedException("A secret value is never written as JSON.");
    }
}
