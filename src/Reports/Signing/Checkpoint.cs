using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Rotunda.Reports.Signing;

/// <summary>What is signed: how far the audit had come, its last hash, and the digest of each file of the report.</summary>
internal static class Checkpoint
{
    public const string Format = "rotunda-checkpoint";
    private const int Version = 1;

    public static string Text(long rows, string head, DateTimeOffset at, IReadOnlyList<ReportFile> files)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteNumber("rows", rows);
            json.WriteString("head", head);
            json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteStartObject("files");
            foreach (var file in files)
            {
                json.WriteString(file.Name, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text))));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }
}
