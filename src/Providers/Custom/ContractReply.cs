using System.Globalization;
using System.Text.Json;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom;

/// <summary>What was answered to one request. Members that are not known are left alone; what is known must be right.</summary>
internal sealed class ContractReply : IDisposable
{
    private const int MostFacts = 20;
    private const int LongestName = 60;
    private const int LongestId = 200;
    private readonly ContractRequest _request;
    private readonly JsonDocument _document;

    private ContractReply(ContractRequest request, JsonDocument document) => (_request, _document) = (request, document);

    /// <exception cref="OutcomeException">It is no answer of the contract.</exception>
    public static ContractReply Parse(ContractRequest request, ReadOnlyMemory<byte> body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new(request, document)
                : throw request.Unclear("The answer is no JSON object.");
        }
        catch (JsonException)
        {
            throw request.Unclear(
                body.Length == 0 ? "There is no answer: it must be a JSON object." : "The answer is no JSON object, or more than one.");
        }
    }

    /// <summary>The outcome that it tells.</summary>
    /// <exception cref="OutcomeException">It tells none that is known.</exception>
    public StepOutcome Outcome()
    {
        if (ContractWords.OutcomeOf(Text("outcome")) is not { } kind)
        {
            throw _request.Unclear(
                "The answer has no \"outcome\" that is known: done, already-done, rejected, retry-later, new-value-needed or unknown.");
        }

        var succeeded = kind is StepOutcomeKind.Done or StepOutcomeKind.AlreadyDone;
        return new StepOutcome(
            kind,
            succeeded ? null : Shown("reason")
                ?? $"{_request.AskedOf ?? "It"} answered {Text("outcome")} to {_request.Operation} without a reason. See its log.",
            Member("retryAfterSeconds") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var seconds) && seconds > 0
                ? TimeSpan.FromSeconds(seconds)
                : null,
            Facts());
    }

    public string? Reason => Shown("reason");

    /// <summary>For people.</summary>
    public string? Detail => Shown("detail");

    /// <summary>One of the words.</summary>
    /// <exception cref="OutcomeException">It is none of them.</exception>
    public T Word<T>(string member, params ReadOnlySpan<(string Word, T Meaning)> words)
    {
        var told = Text(member);
        foreach (var (word, meaning) in words)
        {
            if (word == told)
            {
                return meaning;
            }
        }

        throw _request.Unclear($"The answer has no \"{member}\" that is known.");
    }

    /// <summary>The value; null if there is none. The caller disposes it.</summary>
    public SecretValue? Value(string member)
    {
        if (Member(member) is not { ValueKind: not JsonValueKind.Null } node)
        {
            return null;
        }

        var isBytes =
            node.ValueKind == JsonValueKind.Object && node.TryGetProperty("base64", out var base64) && base64.TryGetBytesFromBase64(out _);
        return isBytes ? _request.Register(SecretValue.FromBytes(node.GetProperty("base64").GetBytesFromBase64()))
            : node.ValueKind == JsonValueKind.String ? _request.Register(SecretValue.FromText(node.GetString()!))
            : throw _request.Unclear($"\"{member}\" must be a text, or an object with \"base64\".");
    }

    public CredentialHandle? Credential() => Member("credential") is { ValueKind: JsonValueKind.Object } node ? Handle(node) : null;

    public IReadOnlyList<ListedCredential> Credentials() =>
        Member("credentials") is { ValueKind: JsonValueKind.Array } list
            && list.EnumerateArray().All(e => e.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray()
                .Select(one => new ListedCredential(Handle(one), Moment(one, "createdAt"), Moment(one, "lastUsedAt"))
                {
                    ExpiresAt = Moment(one, "expiresAt"),
                    Hint = Id(one, "hint"),
                })]
            : throw _request.Unclear("The answer has no \"credentials\": a list of objects.");

    public DateTimeOffset? Moment(string member) => Moment(_document.RootElement, member);

    public void Dispose() => _document.Dispose();

    private Dictionary<string, string>? Facts()
    {
        if (Member("facts") is not { ValueKind: JsonValueKind.Object } facts)
        {
            return null;
        }

        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fact in facts.EnumerateObject().Take(MostFacts))
        {
            var value = fact.Value.ValueKind switch
            {
                JsonValueKind.String => fact.Value.GetString(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => fact.Value.GetRawText(),
                _ => null,
            };
            if (value is not null)
            {
                shown[_request.Clean(fact.Name, LongestName)] = _request.Clean(value);
            }
        }

        return shown.Count == 0 ? null : shown;
    }

    private CredentialHandle Handle(JsonElement node) => new(Id(node, "id"), Id(node, "account"), Id(node, "label"));

    private string? Id(JsonElement node, string member)
    {
        var text = node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is null || (text.Length is > 0 and <= LongestId && !text.Any(char.IsControl)) ? text
            : throw _request.Unclear(
                $"A credential's \"{member}\" must have 1 to {LongestId} characters, no control characters among them.");
    }

    private static DateTimeOffset? Moment(JsonElement node, string member) =>
        node.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? moment
                : null;

    private string? Shown(string member) => Text(member) is { Length: > 0 } text ? _request.Clean(text) : null;

    private string? Text(string member) => Member(member) is { ValueKind: JsonValueKind.String } node ? node.GetString() : null;

    private JsonElement? Member(string name) => _document.RootElement.TryGetProperty(name, out var node) ? node : null;
}
