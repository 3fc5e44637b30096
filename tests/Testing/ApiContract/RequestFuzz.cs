using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.ApiContract;

/// <summary>
/// Makes requests from an OpenAPI document: right ones, nearly right ones and wrong ones. The same seed gives the same requests.
/// </summary>
public sealed class RequestFuzz(Contract contract, int seed, IReadOnlyList<string> names, IReadOnlyList<string?> credentials)
{
    private static readonly string[] Odd =
    [
        "", " ", "\0", "..", "../../etc/passwd", "%00", "%2e%2e%2f", "a/b", "ä", "🎉", "'; drop table secrets; --",
        "<script>alert(1)</script>",
        "null", "-1", "0", "9223372036854775807", "99999999999999999999", "1e9", "true", "{}", "[]", "\"", "\\", "\u202e", "\ud800",
        new('x', 600), new('9', 400), "30d", "2h", "-5m", "2020-01-01", "manual", "emergency", "open", "stuck", "kept", "revoke", "admin",
    ];

    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", "{", "\"text\"", "12", "{\"reason\":null}", "{\"reason\":1}", "{\"reason\":\"a\",\"reason\":\"b\"}",
        "{\"unknown\":true}", "\uFEFF{}", "{\"reason\":\"\\ud800\"}", new('[', 200), "{\"a\":" + new string('[', 100), "{'reason':'x'}",
        "{\"reason\":\"" + new string('r', 70_000) + "\"}", "{\"reason\":\"x\"} trailing", "// comment\n{}",
    ];

    private readonly Random _random = new(seed);
    private readonly IReadOnlyList<(string Method, string Pattern)> _routes = [.. contract.Routes];

    /// <summary>The next request, and the route that it is for.</summary>
    public (HttpRequestMessage Request, string Method, string Pattern) Next()
    {
        var (method, pattern) = Pick(_routes);
        var operation = contract.Operation(method, pattern);
        var address = new StringBuilder(pattern);
        var query = new List<string>();
        var request = new HttpRequestMessage(new HttpMethod(method), (string?)null);
        foreach (var parameter in operation["parameters"] as JsonArray ?? [])
        {
            var (name, place) = ((string)parameter!["name"]!, (string)parameter["in"]!);
            if (place == "path")
            {
                address.Replace($"{{{name}}}", Escape(PathPart()));
            }
            else if (Chance(2))
            {
                var value = Value(parameter["schema"]!)?.ToString() ?? "";
                Add(request, query, name, place, value);
            }
        }

        if (Chance(20))
        {
            query.Add($"{Escape(Pick(Odd))}={Escape(Pick(Odd))}");
        }

        request.RequestUri = new Uri(address + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        Content(request, operation);
        Credentials(request);
        return (request, method, pattern);
    }

    private void Add(HttpRequestMessage request, List<string> query, string name, string place, string value)
    {
        if (place == "query")
        {
            query.AddRange(Enumerable.Repeat($"{name}={Escape(value)}", Chance(30) ? 2 : 1));
        }
        else if (value.Length > 0 && value.All(c => c is > ' ' and < (char)127))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private void Content(HttpRequestMessage request, JsonNode operation)
    {
        if (request.Method == HttpMethod.Get)
        {
            return;
        }

        var schema = operation["requestBody"]?["content"]?["application/json"]?["schema"];
        var body = schema is null ? Chance(2) ? "" : "{}" : Chance(5) ? Pick(Bodies) : (Value(schema) ?? new JsonObject()).ToJsonString();
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        var type = Chance(15) ? Pick(["text/plain", "application/xml", "application/json; charset=utf-16", ""]) : "application/json";
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    }

    private void Credentials(HttpRequestMessage request)
    {
        if (Pick(credentials) is { } credential)
        {
            request.Headers.TryAddWithoutValidation("Authorization", credential);
        }

        if (Chance(4))
        {
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", Pick(["same-origin", "same-site", "cross-site", "none", "?"]));
        }

        if (Chance(10))
        {
            request.Headers.TryAddWithoutValidation("Cookie", "__Host-rotunda=" + Pick(["", "x", new string('y', 300)]));
        }
    }

    private JsonNode? Value(JsonNode schema)
    {
        var rules = contract.Resolve(schema);
        if (Chance(25))
        {
            return Pick<JsonNode?>([null, Pick(Odd), 5, -1.5, true, new JsonArray(), new JsonObject { ["a"] = "b" }]);
        }

        if (rules["enum"] is JsonArray words)
        {
            return Pick([.. words])?.DeepClone();
        }

        if (rules["properties"] is JsonObject members)
        {
            var value = new JsonObject();
            foreach (var (name, member) in members.Where(_ => !Chance(3)))
            {
                value[name] = Value(member!);
            }

            return value;
        }

        var type = rules["type"] is JsonArray types ? (string?)Pick([.. types]) : (string?)rules["type"];
        return type switch
        {
            "integer" => _random.NextInt64((long?)rules["minimum"] ?? 0, 2_000),
            "boolean" => Chance(2),
            "null" => null,
            _ => Chance(2) ? Pick(names) : Chance(2) ? "because" : Pick(Odd),
        };
    }

    private string PathPart() => Chance(4) ? Pick(Odd) : Pick(names);

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    /// <summary>Half a pair of surrogates cannot be written in an address.</summary>
    private static string Escape(string text) => Uri.EscapeDataString(text.Replace("\ud800", "\ufffd", StringComparison.Ordinal));
}
