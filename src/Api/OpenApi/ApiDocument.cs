using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Access;
using Rotunda.Api.Views;

namespace Rotunda.Api.OpenApi;

/// <summary>One route as the document needs it.</summary>
/// <param name="Permission">What the caller needs; null for anyone.</param>
internal sealed record DocumentedRoute(string Method, string Pattern, Permission? Permission, bool NeedsFreshSignIn);

/// <summary>Writes the OpenAPI document from the table of routes.</summary>
internal static partial class ApiDocument
{
    private static readonly (int, string)[] OfAll =
    [
        (400, "invalid-field"), (400, "host-unknown"), (400, "bad-request"), (403, "proxy-only"), (403, "tls-required"),
        (408, "bad-request"), (500, "internal"), (503, "starting"), (503, "unavailable"),
    ];

    private static readonly (int, string)[] OfKnown =
    [
        (401, "token-missing"), (401, "token-invalid"), (401, "session-ended"), (401, "sign-in-off"), (401, "sign-in-missing"),
        (401, "sign-in-invalid"), (403, "role-missing"), (403, "not-granted"), (403, "cross-site"), (429, "too-many-requests"),
    ];

    private static readonly (int, string)[] OfBodies =
        [(400, "malformed-json"), (413, "body-too-large"), (413, "bad-request"), (415, "not-json")];

    public static JsonObject Of(IEnumerable<DocumentedRoute> routes)
    {
        var schemas = new Schemas();
        schemas.ReferTo(typeof(ProblemView));
        var paths = new JsonObject();
        foreach (var route in routes)
        {
            var path = paths[route.Pattern] as JsonObject ?? [];
            path[route.Method.ToLowerInvariant()] = Operation(route, DocOf($"{route.Method} {route.Pattern}"), schemas);
            paths[route.Pattern] = path;
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Rotunda",
                ["description"] = "Rotates secrets without locking anyone out. No answer holds a secret value.",
                ["version"] = typeof(ApiDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                    .InformationalVersion.Split('+')[0],
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(
                new JsonObject { ["url"] = "/" },
                new JsonObject { ["url"] = "/machine", ["description"] = "In the Functions head, with a function key." }),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas.All, ["securitySchemes"] = SecuritySchemes() },
        };
    }

    private static RouteDoc DocOf(string route) =>
        CampaignDocs.All.GetValueOrDefault(route) ?? LeakDocs.All.GetValueOrDefault(route) ?? RouteDocs.All[route];

    private static JsonObject Operation(DocumentedRoute route, RouteDoc doc, Schemas schemas)
    {
        var operation = new JsonObject
        {
            ["operationId"] = Id(route),
            ["summary"] = doc.Summary,
            ["tags"] = new JsonArray(route.Pattern.Split('/') is [_, "api", var part, ..] ? part : "about"),
        };
        if (route.Permission is { } permission)
        {
            operation["description"] = $"Needs the role {Roles.Needed(permission)}.";
            operation["security"] = new JsonArray(
                new JsonObject { ["token"] = new JsonArray() },
                new JsonObject { ["session"] = new JsonArray() },
                new JsonObject { ["functionKey"] = new JsonArray() });
        }

        var parameters = Parameters(route, doc);
        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        if (doc.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true, ["content"] = Content("application/json", schemas.ReferTo(body, closed: true)),
            };
        }

        operation["responses"] = Responses(route, doc, schemas);
        return operation;
    }

    private static JsonArray Parameters(DocumentedRoute route, RouteDoc doc)
    {
        var parameters = new JsonArray();
        foreach (Match part in Part().Matches(route.Pattern))
        {
            parameters.Add(Parameter(part.Groups["name"].Value, "path", null, new JsonObject { ["type"] = "string" }, required: true));
        }

        foreach (var query in doc.Queries)
        {
            parameters.Add(Parameter(query.Name, "query", query.Description, SchemaOf(query), required: false));
        }

        if (doc.IsIdempotent)
        {
            parameters.Add(Parameter(
                "Idempotency-Key",
                "header",
                "The same request again, by the same subject, gives back what the first one started.",
                new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 128 },
                required: false));
        }

        return parameters;
    }

    private static JsonObject Parameter(string name, string place, string? description, JsonObject schema, bool required)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = schema };
        if (description is not null)
        {
            parameter["description"] = description;
        }

        return parameter;
    }

    private static JsonObject SchemaOf(QueryDoc query) => query switch
    {
        { Most: { } most } => new JsonObject { ["type"] = "integer", ["minimum"] = query.Least, ["maximum"] = most },
        { Words.Count: > 0 } => new JsonObject { ["type"] = "string", ["enum"] = Texts(query.Words) },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Responses(DocumentedRoute route, RouteDoc doc, Schemas schemas)
    {
        var responses = new JsonObject();
        foreach (var status in new[] { doc.Status, doc.OtherStatus ?? doc.Status }.Distinct())
        {
            responses[Text(status)] = new JsonObject
            {
                ["description"] = doc.Summary,
                ["content"] = Content(doc.ContentType, doc.Answer is { } answer ? schemas.ReferTo(answer) : new JsonObject()),
            };
        }

        foreach (var status in Refusals(route, doc).GroupBy(refusal => refusal.Status).OrderBy(group => group.Key))
        {
            var codes = status.Select(refusal => refusal.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            var response = responses[Text(status.Key)] as JsonObject ?? [];
            var refused = $"efused: {string.Join(", ", codes)}.";
            response["description"] = response["description"] is { } said ? $"{said} Or r{refused}" : $"R{refused}";
            var content = response["content"] as JsonObject ?? [];
            content["application/problem+json"] = new JsonObject
            {
                ["schema"] = new JsonObject
                {
                    ["allOf"] = new JsonArray(
                        schemas.ReferTo(typeof(ProblemView)),
                        new JsonObject
                        {
                            ["properties"] = new JsonObject
                            {
                                ["code"] = new JsonObject { ["enum"] = Texts(codes) },
                            },
                        }),
                },
            };
            response["content"] = content;
            responses[Text(status.Key)] = response;
        }

        return responses;
    }

    private static IEnumerable<(int Status, string Code)> Refusals(DocumentedRoute route, RouteDoc doc) =>
    [
        .. OfAll,
        .. doc.Refusals,
        .. route.Permission is null ? [] : OfKnown,
        .. route.NeedsFreshSignIn ? new[] { (403, "sign-in-again") } : [],
        .. doc.Body is null ? [] : OfBodies,
        .. route.Method == "GET" || doc.Body is not null ? [] : new[] { (415, "not-json") },
    ];

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static JsonObject Content(string type, JsonNode schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject SecuritySchemes() => new()
    {
        ["token"] = new JsonObject
        {
            ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A token of Rotunda, or of the platform.",
        },
        ["session"] = new JsonObject
        {
            ["type"] = "apiKey", ["in"] = "cookie", ["name"] = SessionCallers.Cookie,
            ["description"] = "A browser that is signed in; from the page itself only.",
        },
        ["functionKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
    };

    private static string Id(DocumentedRoute route) =>
        route.Method.ToLowerInvariant() + string.Concat(
            Word().Matches(route.Pattern).Select(word => char.ToUpperInvariant(word.Value[0]) + word.Value[1..]));

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"[A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
