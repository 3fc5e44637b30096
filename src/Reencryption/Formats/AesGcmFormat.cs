using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>AES-256-GCM with the key's id in front: bytes in a bytea column, base64 of them in a text column.</summary>
internal sealed class AesGcmFormat : IRowFormat
{
    private readonly List<AesGcmKey?> _keys = [];
    private readonly IReadOnlyList<bool> _texts;

    /// <summary>For each column, how its texts are written, as far as one that was opened has told: for those that do not tell
    /// themselves.</summary>
    private readonly Base64Ways?[] _alphabets;
    private byte[] _random = [];

    /// <param name="texts">For each column of a row, in turn: whether it is a text.</param>
    /// <exception cref="RowFormatException">A value is no AES-256 key.</exception>
    public AesGcmFormat(KeyRing ring, IReadOnlyList<bool> texts)
    {
        (_texts, _alphabets) = (texts, new Base64Ways?[texts.Count]);
        try
        {
            for (var key = 0; key < ring.Count; key++)
            {
                var isMissing = key == KeyRing.New && !ring.HasNew;
                _keys.Add(isMissing ? null : AesGcmKey.TryParse(ring.TextOf(key))
                    ?? throw new RowFormatException(
                        $"{ring.NameOf(key)} is no AES-256 key. Give 32 bytes as base64, base64url or hex (value: {{ format: "
                            + "base64, length: 32 })."));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Task OpenAsync(Cells cells, int key, CancellationToken cancellationToken)
    {
        var aes = _keys[key]!;
        for (var index = 0; index < cells.Count; index++)
        {
            if (cells.IsShut(index)
                && aes.Open(
                    cells.TokenOf(index),
                    IsText(index),
                    cells.Reserve(cells.TokenOf(index).Length),
                    out var ways) is >= 0 and var length)
            {
                cells.Open(index, key, length, (long)ways);
                if (!ways.HasFlag(Base64Ways.AnyAlphabet))
                {
                    _alphabets[index % _texts.Count] = ways & Base64Ways.Url;
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task SealAsync(Cells cells, int key, CancellationToken cancellationToken)
    {
        var aes = _keys[key]!;
        if (_random.Length < cells.Count * AesGcmKey.NonceLength)
        {
            _random = new byte[cells.Count * AesGcmKey.NonceLength];
        }

        RandomNumberGenerator.Fill(_random.AsSpan(0, cells.Count * AesGcmKey.NonceLength));
        for (var index = 0; index < cells.Count; index++)
        {
            if (cells[index].Wanted)
            {
                cells.Seal(index, aes.Seal(
                    cells.PlainOf(index),
                    IsText(index) ? WaysOf(index, (Base64Ways)cells[index].Stamp) : null,
                    _random.AsSpan(index * AesGcmKey.NonceLength, AesGcmKey.NonceLength)));
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _keys.ForEach(key => key?.Dispose());

    private Base64Ways WaysOf(int index, Base64Ways ways)
    {
        if (!ways.HasFlag(Base64Ways.AnyAlphabet))
        {
            return ways;
        }

        var unpadded = ways & Base64Ways.Unpadded;
        return unpadded | (_alphabets[index % _texts.Count] ?? (unpadded == Base64Ways.Unpadded ? Base64Ways.Url : Base64Ways.Standard));
    }

    private bool IsText(int index) => _texts[index % _texts.Count];
}
