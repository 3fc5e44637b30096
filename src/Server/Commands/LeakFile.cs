using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Leaks.Views;

namespace Rotunda.Server.Commands;

/// <summary>Sends a scanner's file in parts that the server takes.</summary>
internal static class LeakFile
{
    private const int PerPart = 100;
    private const int LargestPart = 900 * 1024;

    /// <exception cref="CommandException">The file cannot be read, or is no JSON.</exception>
    public static async Task<IReadOnlyList<LeakAnswer>> SendAsync(
        ApiClient client, string path, string file, CancellationToken cancellationToken)
    {
        var answers = new List<LeakAnswer>();
        foreach (var part in Parts(await ReadAsync(file, cancellationToken), file))
        {
            var report = await client.PostAsync(path, part, ApiJson.Default.LeakReport, cancellationToken);
            answers.AddRange(report.Answers);
            Array.Clear(part);
        }

        return answers;
    }

    internal static IEnumerable<byte[]> Parts(byte[] text, string file)
    {
        var (part, count) = (new MemoryStream(), 0);
        foreach (var finding in Findings(text, file))
        {
            if (count > 0 && (count == PerPart || part.Length + finding.Length > LargestPart))
            {
                yield return End(part);
                (part, count) = (new MemoryStream(), 0);
            }

            part.Write(count == 0 ? "["u8 : ","u8);
            part.Write(finding);
            count++;
        }

        if (count > 0)
        {
            yield return End(part);
        }
    }

    private static byte[] End(MemoryStream part)
    {
        part.Write("]"u8);
        return part.ToArray();
    }

    private static List<byte[]> Findings(byte[] text, string file)
    {
        var findings = new List<byte[]>();
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                var root = value.RootElement;
                findings.AddRange(
                    (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
                        .Select(one => JsonSerializer.SerializeToUtf8Bytes(one, LeakFileJson.Default.JsonElement)));
            }

            return findings;
        }
        catch (JsonException problem)
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"{file}, line {(problem.LineNumber ?? 0) + 1}: that is no JSON. Give what 'trufflehog --json' or "
                    + "'gitleaks --report-format json' wrote.");
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }

        using var all = new MemoryStream();
#pragma warning disable RS0030 // A report on standard input.
        await using var input = Console.OpenStandardInput();
#pragma warning restore RS0030
        await input.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class LeakFileJson : System.Text.Json.Serialization.JsonSerializerContext;
