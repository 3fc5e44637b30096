using System.Security.Cryptography;
using System.Text;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Ssh;

/// <summary>A public key as authorized_keys has it.</summary>
/// <param name="Type">Such as ssh-ed25519.</param>
/// <param name="Blob">In base64.</param>
public sealed record SshPublicKey(string Type, string Blob)
{
    /// <summary>As ssh-keygen -l shows it.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Blob))).TrimEnd('=');

    /// <summary>True if it stands in a line as authorized_keys has them, whatever comment is behind it.</summary>
    public bool IsIn(string line) => line.Trim() is var text
        && (text == $"{Type} {Blob}" || text.StartsWith($"{Type} {Blob} ", StringComparison.Ordinal));
}

/// <summary>SSH private keys: made, and asked for the public one.</summary>
public static class OpenSshKey
{
    private const string EcdsaType = "ecdsa-sha2-nistp256";
    private const string EcdsaCurve = "nistp256";
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";
    private const int LineLength = 70;
    private const int Block = 8;
    private static readonly byte[] Magic = "openssh-key-v1\0"u8.ToArray();

    /// <summary>A new private key, without a passphrase.</summary>
    public static string NewEcdsa()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = pair.ExportParameters(includePrivateParameters: true);
        try
        {
            byte[] point = [4, .. parameters.Q.X!, .. parameters.Q.Y!];
            byte[] open = [.. SshWire.String(EcdsaType), .. SshWire.String(EcdsaCurve), .. SshWire.String(point)];
            var check = RandomNumberGenerator.GetBytes(4);
            var hidden = new List<byte>([.. check, .. check, .. open, .. SshWire.BigNumber(parameters.D), .. SshWire.String("rotunda")]);
            for (byte padding = 1; hidden.Count % Block != 0; padding++)
            {
                hidden.Add(padding);
            }

            return Pem(
            [
                .. Magic, .. SshWire.String("none"), .. SshWire.String("none"), .. SshWire.String(""), .. SshWire.Number(1),
                .. SshWire.String(open), .. SshWire.String([.. hidden]),
            ]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    /// <summary>The public key of a private one: in OpenSSH's form of any type, or in PEM (PKCS#8, PKCS#1, SEC 1) of ECDSA on
    /// P-256 and RSA.</summary>
    /// <returns>Null if it is none that can be read.</returns>
    public static SshPublicKey? PublicOf(SecretValue privateKey)
    {
        var text = privateKey.RevealText();
        try
        {
            return text.Contains(Begin, StringComparison.Ordinal) ? FromContainer(text) : FromPem(text);
        }
        catch (Exception problem) when (problem is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether it cannot be used without a passphrase, as far as its form tells.</summary>
    public static bool HasPassphrase(SecretValue privateKey)
    {
        var text = privateKey.RevealText();
        try
        {
            var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
            var to = text.IndexOf(End, StringComparison.Ordinal);
            if (from < Begin.Length || to < from)
            {
                return text.Contains("ENCRYPTED", StringComparison.Ordinal);
            }

            ReadOnlySpan<byte> rest = Convert.FromBase64String(text[from..to]);
            rest = rest.StartsWith(Magic) ? rest[Magic.Length..] : throw new FormatException("no magic");
            return !SshWire.TakeString(ref rest).SequenceEqual("none"u8);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The public key stands in the clear there, with a passphrase, too.</summary>
    private static SshPublicKey FromContainer(string text)
    {
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var to = text.IndexOf(End, from, StringComparison.Ordinal);
        ReadOnlySpan<byte> rest = Convert.FromBase64String(text[from..(to < 0 ? throw new FormatException("no end") : to)]);
        rest = rest.StartsWith(Magic) ? rest[Magic.Length..] : throw new FormatException("no magic");
        for (var skipped = 0; skipped < 3; skipped++)
        {
            SshWire.TakeString(ref rest);
        }

        rest = rest.Length > 4 ? rest[4..] : throw new FormatException("no key");
        return Of(SshWire.TakeString(ref rest));
    }

    private static SshPublicKey FromPem(string text)
    {
        if (text.Contains("EC PRIVATE KEY", StringComparison.Ordinal))
        {
            return OfEcdsa(text);
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(text);
            var parameters = rsa.ExportParameters(includePrivateParameters: false);
            return Of([.. SshWire.String("ssh-rsa"), .. SshWire.BigNumber(parameters.Exponent), .. SshWire.BigNumber(parameters.Modulus)]);
        }
        catch (CryptographicException)
        {
            return OfEcdsa(text);
        }
    }

    private static SshPublicKey OfEcdsa(string text)
    {
        using var pair = ECDsa.Create();
        pair.ImportFromPem(text);
        var parameters = pair.ExportParameters(includePrivateParameters: false);
        return parameters.Q.X!.Length == 32
            ? Of(
            [
                .. SshWire.String(EcdsaType), .. SshWire.String(EcdsaCurve),
                .. SshWire.String([4, .. parameters.Q.X!, .. parameters.Q.Y!]),
            ])
            : throw new FormatException("another curve");
    }

    private static SshPublicKey Of(ReadOnlySpan<byte> blob)
    {
        var rest = blob;
        return new(Encoding.ASCII.GetString(SshWire.TakeString(ref rest)), Convert.ToBase64String(blob));
    }

    private static string Pem(byte[] bytes)
    {
        var text = new StringBuilder(Begin).Append('\n');
        foreach (var line in Convert.ToBase64String(bytes).Chunk(LineLength))
        {
            text.Append(line).Append('\n');
        }

        CryptographicOperations.ZeroMemory(bytes);
        return text.Append(End).Append('\n').ToString();
    }
}
