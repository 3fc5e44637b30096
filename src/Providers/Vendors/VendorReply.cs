using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// An answer, or a part of one. What it lacks is told by the member's name, never by what stands there; after a call that changes
/// something that means that nobody knows what happened.
/// </summary>
internal sealed class VendorReply(VendorCall call, WebReply web, JsonNode? node, string at = "")
{
    /// <summary>As seconds, it would be in the year 5138.</summary>
    private const long LeastMilliseconds = 100_000_000_000;

    public int Status => web.Status;

    /// <summary>False if the body could not be read.</summary>
    public bool IsRead => node is not null;

    /// <summary>True if it has the member, and not as null.</summary>
    public bool Has(string member) => Node(member) is not null;

    /// <summary>A text, or a number as text.</summary>
    public string Text(string member) => Maybe(member) ?? throw Lacks(member);

    /// <summary>As <see cref="Text"/>; null if it is not there.</summary>
    public string? Maybe(string member) => Node(member) switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => throw Lacks(member),
    };

    /// <summary>A value that must not be seen. The caller disposes it.</summary>
    public SecretValue Secret(string member) =>
        Maybe(member) is { Length: > 0 } text ? call.Register(SecretValue.FromText(text)) : throw Lacks(member);

    public bool Flag(string member) => Node(member) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>A moment as text, or as seconds or milliseconds since 1970 (0 and less: never); null if it is not there.</summary>
    public DateTimeOffset? Time(string member) => Maybe(member) switch
    {
        null or "" => null,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) =>
            count <= 0 ? null
            : count < LeastMilliseconds ? DateTimeOffset.FromUnixTimeSeconds(count)
            : DateTimeOffset.FromUnixTimeMilliseconds(count),
        var text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw Lacks(member),
    };

    public VendorReply At(string member) => new(call, web, Node(member) ?? throw Lacks(member), $"{at}{member}.");

    /// <summary>The entries of a list.</summary>
    /// <param name="member">Null: the answer is the list.</param>
    public IReadOnlyList<VendorReply> Items(string? member = null) =>
        (member is null ? node : Node(member)) switch
        {
            JsonArray items => [.. items.Select((item, index) => new VendorReply(call, web, item, $"{at}{member}[{index}]."))],
            // In XML, an empty list is an element without anything in it.
            JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length == 0 => [],
            _ => throw Lacks(member ?? "a list"),
        };

    /// <summary>True if it has the member, as a list.</summary>
    public bool IsList(string member) => Node(member) is JsonArray;

    /// <summary>Of a list: the entry with this number, as a text; null if there is none.</summary>
    public VendorReply? ItemAt(string index) =>
        node is JsonArray items
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < items.Count
            ? new(call, web, items[number], $"{at}{index}.")
            : null;

    /// <summary>Where the answer, or an entry of a list, is a text itself; null for anything else.</summary>
    public string? Own => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A copy of what stands there, to be sent again; null if there is nothing.</summary>
    public JsonNode? Copy(string member) => Node(member)?.DeepClone();

    /// <summary>The next page, as the header Link says; null at the last one.</summary>
    public VendorPath? Next()
    {
        // <https://…>; rel="next"; results="true", <https://…>; rel="prev"
        var next = web.Header("Link")?.Split(',').FirstOrDefault(link =>
            link.Contains("rel=\"next\"", StringComparison.Ordinal) && !link.Contains("results=\"false\"", StringComparison.Ordinal));
        return next is null ? null : call.Link(next.Split('<', '>').ElementAtOrDefault(1));
    }

    /// <summary>A copy of all that stands there, to be sent again.</summary>
    public JsonObject Whole() => node?.DeepClone() as JsonObject ?? throw Lacks("a map");

    /// <summary>A header of the answer.</summary>
    public string? Header(string name) => web.Header(name);

    private JsonNode? Node(string member) => (node as JsonObject)?[member];

    private WebFailureException Lacks(string member) => call.Garbled(web.Request, $"without a usable '{at}{member}'");
}
