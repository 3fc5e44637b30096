using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>JSON web tokens that a private key signs (RS256): how some vendors want a login.</summary>
internal static class SignedToken
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>The key of a text in PEM; null if it is none. The caller disposes it.</summary>
    public static RSA? Key(string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <param name="claims">The times are added.</param>
    /// <param name="keyId">In the header; null for none.</param>
    public static SecretValue Of(VendorCall call, RSA key, JsonObject claims, string? keyId = null)
    {
        var header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        claims["iat"] = call.Now.ToUnixTimeSeconds();
        claims["exp"] = (call.Now + Lifetime).ToUnixTimeSeconds();
        var text = $"{Part(header)}.{Part(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return call.Register(SecretValue.FromText($"{text}.{Base64Url.EncodeToString(signature)}"));
    }

    private static string Part(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(JsonSerializerOptions.Default)));
}
