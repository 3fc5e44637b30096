using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Api.Views;
using Rotunda.Leaks.Reading;
using Rotunda.Leaks.Views;

namespace Rotunda.Server.Commands;

/// <summary>Sends a scanner's file in parts that the server takes.</summary>
internal static class LeakFile
{
    private const int PerPart = 100;
    private const int LargestPart = 900 * 1024;

    /// <param name="answers">Gets those of each part as it is answered: they hold, also where a later part fails.</param>
    /// <exception cref="CommandException">The file cannot be read, or is no JSON.</exception>
    public static async Task SendAsync(
        ApiClient client, string path, string file, ICollection<LeakAnswer> answers, Terminal terminal,
        CancellationToken cancellationToken) =>
        await SendAsync(client, path, Parts(await ReadAsync(file, cancellationToken), file), answers, terminal, cancellationToken);

    /// <summary>What a person gave by hand.</summary>
    /// <inheritdoc cref="SendAsync(ApiClient, string, string, ICollection{LeakAnswer}, Terminal, CancellationToken)"/>
    public static Task SendAsync(
        ApiClient client, string path, IReadOnlyList<LeakBody> given, ICollection<LeakAnswer> answers, Terminal terminal,
        CancellationToken cancellationToken)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(given, LeakFileJson.Default.IReadOnlyListLeakBody);
        return SendAsync(client, path, Parts(text, "standard input"), answers, terminal, cancellationToken);
    }

    /// <summary>Where the server takes no more for a while, it is waited for: what was sent before has been acted on.</summary>
    private static async Task SendAsync(
        ApiClient client, string path, IEnumerable<byte[]> parts, ICollection<LeakAnswer> answers, Terminal terminal,
        CancellationToken cancellationToken)
    {
        foreach (var part in parts)
        {
            for (LeakReport? report = null; report is null;)
            {
                try
                {
                    report = await client.PostAsync(path, part, ApiJson.Default.LeakReport, cancellationToken);
                }
                catch (ServerBusyException busy)
                {
                    await terminal.Errors.WriteLineAsync(
                        $"{busy.Message} Waiting {busy.Wait.TotalSeconds:F0} s, then the rest is sent; {answers.Count} answers so far.");
                    await Task.Delay(busy.Wait, TimeProvider.System, cancellationToken);
                    continue;
                }

                foreach (var answer in report.Answers)
                {
                    answers.Add(answer);
                }
            }

            Array.Clear(part);
        }
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
            var reader = new Utf8JsonReader(ScannerText.Utf8(text).Span, new JsonReaderOptions { AllowMultipleValues = true });
            while (reader.Read())
            {
                using var value = JsonDocument.ParseValue(ref reader);
                var root = value.RootElement;
                findings.AddRange(
                    (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
                        .Select(one => Encoding.UTF8.GetBytes(one.GetRawText())));
            }

            return findings;
        }
        catch (JsonException problem)
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"In {file}, line {(problem.LineNumber ?? 0) + 1} is no JSON. Give what 'trufflehog --json' or "
                    + "'gitleaks --report-format json' wrote.");
        }
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            try
            {
                return await File.ReadAllBytesAsync(file, cancellationToken);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new CommandException(ExitCodes.CannotWork, $"{file} cannot be read, and nothing was sent: {problem.Message}");
            }
        }

        using var all = new MemoryStream();
#pragma warning disable RS0030 // A report on standard input.
        await using var input = Console.OpenStandardInput();
#pragma warning restore RS0030
        await input.CopyToAsync(all, cancellationToken);
        return all.ToArray();
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<LeakBody>))]
internal sealed partial class LeakFileJson : JsonSerializerContext;
