using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Issuers.Tests;

/// <summary>JSON web tokens as vendors look at them.</summary>
internal static class FakeTokens
{
    /// <summary>Null if the key did not sign it, or it lives too long.</summary>
    public static JsonNode? Claims(string token, RSA key)
    {
        if (token.Split('.') is not [var header, var payload, var signature]
            || !key.VerifyData(
                Encoding.ASCII.GetBytes($"{header}.{payload}"),
                Base64Url.DecodeFromChars(signature),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1))
        {
            return null;
        }

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(payload))!;
        return (long)claims["exp"]! - (long)claims["iat"]! <= 3600 ? claims : null;
    }

    /// <summary>As Snowflake tells it.</summary>
    public static string Fingerprint(RSA key) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
}
