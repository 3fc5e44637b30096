using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Campaigns.Selection;

/// <summary>Which secrets a grant is for: <c>owner=platform</c>, <c>tag=payments</c>, <c>name=pay-*</c>, or several of these, separated by
/// commas, that all have to hold.</summary>
[JsonConverter(typeof(SelectorJson))]
public sealed class Selector
{
    private readonly IReadOnlyList<(string Key, string Value)> _parts;

    private Selector(IReadOnlyList<(string Key, string Value)> parts) => _parts = parts;

    /// <summary>Null for what is none.</summary>
    public static Selector? TryParse(string? text)
    {
        var parts = new List<(string, string)>();
        foreach (var part in (text ?? "").Split(','))
        {
            if (part.Split('=', 2) is not [("owner" or "tag" or "name") and var key, var value] || !NamePattern.IsPlain(value))
            {
                return null;
            }

            parts.Add((key, value));
        }

        return new Selector(parts);
    }

    public bool Matches(SecretMarks secret) => _parts.All(part => part.Key switch
    {
        "owner" => string.Equals(part.Value, secret.Owner, StringComparison.Ordinal),
        "tag" => secret.Tags.Contains(part.Value, StringComparer.Ordinal),
        _ => NamePattern.IsLike(secret.Name, part.Value),
    });

    public override string ToString() => string.Join(',', _parts.Select(part => $"{part.Key}={part.Value}"));

    /// <summary>A selector as its text.</summary>
    public sealed class SelectorJson : JsonConverter<Selector>
    {
        public override Selector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TryParse(reader.GetString()) ?? throw new JsonException("It is no selector.");

        public override void Write(Utf8JsonWriter writer, Selector value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
