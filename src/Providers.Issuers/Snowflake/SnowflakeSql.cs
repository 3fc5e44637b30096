using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Snowflake;

/// <summary>The SQL API: a login by key pair, statements, and their rows.</summary>
internal static class SnowflakeSql
{
    private const int StatementSeconds = 30;

    /// <summary>As a name in quotes: nothing in it is anything else.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Text(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A moment in a row: seconds since 1970 with a fraction, and perhaps a zone behind them.</summary>
    public static DateTimeOffset? When(string? cell) =>
        double.TryParse(cell?.Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>A statement that changes nothing.</summary>
    public static Task<VendorReply> AskAsync(VendorCall call, string statement) => call.AskAsync(Path(), Body(statement));

    /// <summary>A statement that takes longer than its answer has been taken on all the same: nobody knows what becomes of it.</summary>
    public static async Task<VendorReply> RunAsync(VendorCall call, string statement)
    {
        var reply = await call.PostAsync(Path(), Body(statement));
        return reply.Status == 200 ? reply : throw call.Failure(StepOutcome.Unknown(
            "Snowflake is still at the statement of this request."));
    }

    /// <summary>Every login may ask who it is.</summary>
    public static Probe WhoAmI() => Probe.Post(Path(), Body("SELECT CURRENT_USER()")).Means(valid: [200, 202, 422], invalid: [401]);

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
        using var text = await call.SecretAsync(SnowflakeTokenDescriptor.PrivateKey);
        using var key = SignedToken.Key(text.RevealText())
            ?? throw call.Rejected($"'{SnowflakeTokenDescriptor.PrivateKey}' is no private key in PEM without a passphrase. Give one.");
        return Bearer(call, call.Text(SnowflakeTokenDescriptor.Login), key);
    }

    /// <summary>What a user's key pair shows itself by.</summary>
    public static SecretValue Bearer(VendorCall call, string user, RSA key)
    {
        var name = $"{Account(call)}.{user.ToUpperInvariant()}";
        return SignedToken.Of(call, key, new JsonObject { ["iss"] = $"{name}.{Fingerprint(key)}", ["sub"] = name });
    }

    /// <summary>As DESCRIBE USER tells it.</summary>
    public static string Fingerprint(RSA key) =>
        "SHA256:" + Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static VendorPath Path() => VendorPath.Of($"api/v2/statements?async=false");

    private static JsonObject Body(string statement) => new() { ["statement"] = statement, ["timeout"] = StatementSeconds };

    /// <summary>As the issuer names it: in capitals, and of a locator without its region.</summary>
    private static string Account(VendorCall call) =>
        call.Text(SnowflakeTokenDescriptor.Account).Split('.')[0].ToUpper(CultureInfo.InvariantCulture);
}
