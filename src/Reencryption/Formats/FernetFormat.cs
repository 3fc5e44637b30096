using System.Security.Cryptography;

namespace Rotunda.Reencryption.Formats;

/// <summary>Fernet tokens. With several keys this is MultiFernet: the first writes, any of them reads.</summary>
internal sealed class FernetFormat : IRowFormat
{
    private readonly List<FernetKey?> _keys = [];
    private byte[] _random = [];

    /// <exception cref="RowFormatException">A value is no Fernet key.</exception>
    public FernetFormat(KeyRing ring)
    {
        try
        {
            for (var key = 0; key < ring.Count; key++)
            {
                var isMissing = key == KeyRing.New && !ring.HasNew;
                _keys.Add(isMissing ? null : FernetKey.TryParse(ring.TextOf(key))
                    ?? throw new RowFormatException(
                        $"{ring.NameOf(key)} is no Fernet key. Give base64url of 32 bytes, 44 characters (value: {{ format: "
                            + "fernet-key })."));
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
        _keys[key]!.Open(cells, key);
        return Task.CompletedTask;
    }

    public Task SealAsync(Cells cells, int key, CancellationToken cancellationToken)
    {
        if (_random.Length < cells.Count * FernetKey.IvLength)
        {
            _random = new byte[cells.Count * FernetKey.IvLength];
        }

        // All at once: asking for chance costs more than making a token.
        RandomNumberGenerator.Fill(_random.AsSpan(0, cells.Count * FernetKey.IvLength));
        _keys[key]!.Seal(cells, _random);
        return Task.CompletedTask;
    }

    public void Dispose() => _keys.ForEach(key => key?.Dispose());
}
