using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.ApiContract;

/// <summary>
/// Makes requests from an OpenAPI document: right ones, nearly right ones and wrong ones. The same seed gives the same requests.
/// </summary>
/// <param name="names">What there is of that name, by the name of a part of the address, a parameter or a member; of other names, those
/// under an empty one. It may grow meanwhile.</param>
/// <param name="credentials">What stands in Authorization; null for none.</param>
public sealed class RequestFuzz(
    Contract contract, int seed, IReadOnlyDictionary<string, List<string>> names, IReadOnlyList<string?> credentials)
{
    private static readonly string[] Odd =
    [
        "", " ", "\0", "..", "../../etc/passwd", "%00", "%2e%2e%2f", "a/b", "ä", "🎉", "'; drop table secrets; --",
        "<script>alert(1)</script>",
        "null", "-1", "0", "9223372036854775807", "99999999999999999999", "1e9", "true", "{}", "[]", "\"", "\\", "\u202e", "\ud800",
        new('x', 600), new('9', 400), "30d", "2h", "-5m", "2020-01-01", "manual", "emergency", "open", "stuck", "kept", "revoke",
    ];

    /// <summary>Headers that servers, proxies and browsers give a meaning to.</summary>
    private static readonly string[] Headers =
    [
        "Accept: text/html", "Accept-Encoding: br;q=x, *", "Content-Encoding: gzip", "Expect: nothing", "If-None-Match: *",
        "Range: bytes=0-0",
        "Last-Event-ID: -1", "Last-Event-ID: 99999999999999999999", "Origin: null", "Origin: https://elsewhere.example", "Referer: \u00e4",
        "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: ::1, 1", "X-Forwarded-Host: elsewhere.example", "X-Forwarded-Proto: ftp",
        "X-MS-CLIENT-PRINCIPAL: e30=", "x-functions-key: x", "Rotunda-Background: 1", "traceparent: 00-zz-zz-01",
        "X-Long: " + new string('h', 9_000),
        "Cookie: __Host-rotunda=" + new string('y', 300), "Cookie: __Host-rotunda=x; __Host-rotunda=y", "Authorization: Bearer twice",
    ];

    private static readonly string[] Bodies =
    [
        "", "null", "[]", "{}", "{", "\"text\"", "12", "{\"reason\":null}", "{\"reason\":1}", "{\"reason\":\"a\",\"reason\":\"b\"}",
        "{\"unknown\":true}", "\uFEFF{}", "{\"reason\":\"\\ud800\"}", new('[', 200), "{\"a\":" + new string('[', 100), "{'reason':'x'}",
        "{\"reason\":\"" + new string('r', 70_000) + "\"}", "{\"reason\":\"x\"} trailing", "// comment\n{}",
        Deep(60), Deep(5_000), new(' ', 65_537), "\0", "{\"\\u0000\":1}", "{\"reason\":1e400}", "[" + new string('1', 300_000) + "]",
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
                address.Replace($"{{{name}}}", Escape(PathPart(name)));
            }
            else if (Chance(2))
            {
                var value = Value(parameter["schema"]!, name)?.ToString() ?? "";
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
        if (Chance(8) && Pick(Headers).Split(": ", 2) is [var header, var text])
        {
            request.Headers.TryAddWithoutValidation(header, text);
        }

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
        var body = schema is null ? Chance(2) ? "" : "{}"
            : Chance(5) ? Pick(Bodies)
            : (Value(schema, "") ?? new JsonObject()).ToJsonString();
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

    }

    private JsonNode? Value(JsonNode schema, string name)
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
            foreach (var (member, type) in members.Where(_ => !Chance(5)))
            {
                value[member] = Value(type!, member);
            }

            return value;
        }

        var kind = rules["type"] is JsonArray types ? (string?)Pick([.. types]) : (string?)rules["type"];
        return kind switch
        {
            "integer" => _random.NextInt64((long?)rules["minimum"] ?? 0, 2_000),
            "boolean" => Chance(2),
            "null" => null,
            "array" => new JsonArray(
                [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(rules["items"] ?? new JsonObject(), name))]),
            _ => !Chance(4) ? Known(name) : Chance(2) ? "because" : Pick(Odd),
        };
    }

    /// <summary>None that makes the address another route's: clients take ".." out before they send it.</summary>
    private string PathPart(string name) => Chance(4) && Pick(Odd) is var odd && odd is not ("" or "..") ? odd : Known(name);

    /// <summary>The newest ones most of all: older ones have ended.</summary>
    private string Known(string name)
    {
        var known = names.TryGetValue(name, out var own) && own.Count > 0 && !Chance(12) ? own : names[""];
        return Chance(2) ? known[^(1 + _random.Next(Math.Min(10, known.Count)))] : Pick(known);
    }

    private static string Deep(int levels) =>
        string.Concat(Enumerable.Repeat("{\"a\":[", levels)) + "1" + string.Concat(Enumerable.Repeat("]}", levels));

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    /// <summary>Half a pair of surrogates cannot be written in an address.</summary>
    private static string Escape(string text) => Uri.EscapeDataString(text.Replace("\ud800", "\ufffd", StringComparison.Ordinal));
}
