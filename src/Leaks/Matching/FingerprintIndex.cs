using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Ledger;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Matching;

/// <summary>
/// All fingerprints in memory, to tell which credentials a value is behind. The credentials of one secret share its salt, so a look takes
/// one hash for each secret, however many credentials it has had.
/// </summary>
public sealed class FingerprintIndex
{
    private readonly List<Salted> _secrets = [];
    private readonly List<(ulong Print, long Credential)> _prints = [];
    private int _longest;

    /// <param name="known">Those of one secret side by side.</param>
    public FingerprintIndex(IEnumerable<KnownFingerprint> known)
    {
        foreach (var one in known)
        {
            // What no release has written can match nothing.
            if (one.Fingerprint.Length == Fingerprint.HexDigits
                && ulong.TryParse(one.Fingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var print))
            {
                Add(one, print);
            }
        }
    }

    public int Secrets => _secrets.Count;

    public int Fingerprints => _prints.Count;

    /// <summary>The credentials that have this value. The bytes are used here only; what they were copied to is cleared.</summary>
    public IReadOnlyList<(string Secret, long Credential)> Find(ReadOnlySpan<byte> value)
    {
        var salted = GC.AllocateUninitializedArray<byte>(_longest + value.Length, pinned: true);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        List<(string, long)>? found = null;
        try
        {
            value.CopyTo(salted.AsSpan(_longest));
            for (var at = 0; at < _secrets.Count; at++)
            {
                var secret = _secrets[at];
                var start = _longest - secret.Salt.Length;
                secret.Salt.CopyTo(salted.AsSpan(start));
                SHA256.HashData(salted.AsSpan(start), hash);
                var print = BinaryPrimitives.ReadUInt64BigEndian(hash) >> (64 - (Fingerprint.HexDigits * 4));
                var end = at + 1 < _secrets.Count ? _secrets[at + 1].First : _prints.Count;
                for (var one = secret.First; one < end; one++)
                {
                    if (_prints[one].Print == print)
                    {
                        (found ??= []).Add((secret.Name, _prints[one].Credential));
                    }
                }
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(salted);
        }

        return found ?? [];
    }

    private void Add(KnownFingerprint one, ulong print)
    {
        if (_secrets.Count == 0 || _secrets[^1].Name != one.Secret)
        {
            var salt = Encoding.UTF8.GetBytes(one.Salt);
            _longest = Math.Max(_longest, salt.Length);
            _secrets.Add(new Salted(one.Secret, salt, _prints.Count));
        }

        _prints.Add((print, one.CredentialId));
    }

    /// <param name="First">The place of its first fingerprint.</param>
    private readonly record struct Salted(string Name, byte[] Salt, int First);
}
