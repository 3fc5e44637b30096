using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

/// <summary>The SQL API: a login by key pair, statements, and their rows.</summary>
internal static class SnowflakeSql
{
    private const int StatementSeconds = 30;
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(10);

    /// <summary>As a name in quotes: nothing in it is anything else.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Text(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A moment in a row: seconds since 1970 with a fraction, and perhaps a zone behind them.</summary>
    public static DateTimeOffset? When(string? cell) =>
        double.TryParse(cell?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    public static JsonObject Body(string statement) => new() { ["statement"] = statement, ["timeout"] = StatementSeconds };

    /// <summary>The rows of an answer, each a lookup by the column's name.</summary>
    public static IEnumerable<Func<string, string?>> Rows(VendorReply reply)
    {
        var columns = reply.At("resultSetMetaData").Items("rowType").Select(column => column.Text("name").ToLowerInvariant()).ToList();
        foreach (var row in reply.Items("data"))
        {
            var cells = row.Items().ToList();
            yield return column => columns.IndexOf(column) is >= 0 and var index && index < cells.Count ? cells[index].Own : null;
        }
    }

    /// <summary>A bearer token that the login's private key signs.</summary>
    public static async Task<SecretValue> LogInAsync(VendorCall call)
    {
        using var key = await call.SecretAsync(SnowflakeTokenDescriptor.PrivateKey);
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(key.RevealText());
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            throw call.Rejected($"'{SnowflakeTokenDescriptor.PrivateKey}' is no private key in PEM without a passphrase. Give one.");
        }

        var print = "SHA256:" + Convert.ToBase64String(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()));
        var name = $"{Account(call)}.{call.Text(SnowflakeTokenDescriptor.Login).ToUpperInvariant()}";
        var claims = new JsonObject
        {
            ["iss"] = $"{name}.{print}",
            ["sub"] = name,
            ["iat"] = call.Now.ToUnixTimeSeconds(),
            ["exp"] = (call.Now + TokenLifetime).ToUnixTimeSeconds(),
        };
        var payload = Encoding.UTF8.GetBytes(claims.ToJsonString(JsonSerializerOptions.Default));
        var text = $"{Encoded("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encoded(payload)}";
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return call.Register(SecretValue.FromText($"{text}.{Encoded(signature)}"));
    }

    /// <summary>As the issuer names it: in capitals, and of a locator without its region.</summary>
    private static string Account(VendorCall call) =>
        call.Text(SnowflakeTokenDescriptor.Account).Split('.')[0].ToUpper(CultureInfo.InvariantCulture);

    private static string Encoded(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
