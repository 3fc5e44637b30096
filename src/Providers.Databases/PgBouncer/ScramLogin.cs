using System.Security.Cryptography;
using System.Text;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>A client's side of SCRAM-SHA-256 (RFC 5802 and 7677), without channel binding.</summary>
internal sealed class ScramLogin(string password)
{
    private const string Header = "n,,";
    private readonly string _first = "n=,r=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] _serverSignature = [];

    public byte[] First => Encoding.UTF8.GetBytes(Header + _first);

    /// <summary>Proves the password.</summary>
    /// <exception cref="FormatException">The server's message is none.</exception>
    public byte[] Answer(byte[] challenge)
    {
        var text = Encoding.UTF8.GetString(challenge);
        var parts = text.Split(',');
        var (nonce, salt, iterations) = (Part(parts, "r="), Convert.FromBase64String(Part(parts, "s=")), int.Parse(Part(parts, "i=")));
        if (!nonce.StartsWith(_first["n=,r=".Length..], StringComparison.Ordinal) || iterations is < 1 or > 10_000_000)
        {
            throw new FormatException("no answer to our own challenge");
        }

        var salted =
            Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        var last = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(Header))},r={nonce}";
        var message = Encoding.UTF8.GetBytes($"{_first},{text},{last}");
        var proof = HMACSHA256.HashData(SHA256.HashData(clientKey), message);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), message);
        return Encoding.UTF8.GetBytes($"{last},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>True if the server knows the password's verifier, too.</summary>
    public bool IsServer(byte[] final) =>
        CryptographicOperations.FixedTimeEquals(final, Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(_serverSignature)));

    private static string Part(string[] parts, string name) =>
        parts.FirstOrDefault(part => part.StartsWith(name, StringComparison.Ordinal))?[name.Length..]
            ?? throw new FormatException("a part is missing");
}
