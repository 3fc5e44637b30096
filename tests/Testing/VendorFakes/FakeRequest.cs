using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rotunda.Testing.VendorFakes;

/// <summary>A request as it arrived, with asserts that tell what was wrong with it.</summary>
public sealed class FakeRequest(
    string method,
    string path,
    IQueryCollection query,
    string rawQuery,
    IHeaderDictionary headers,
    byte[] body,
    IReadOnlyDictionary<string, string> parts)
{
    private static readonly string[] Everywhere =
        ["Host", "User-Agent", "Content-Length", "Content-Type", "Connection", "Accept-Encoding", "traceparent", "Transfer-Encoding"];
    private readonly HashSet<string> _seenQueries = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seenHeaders = new(Everywhere, StringComparer.OrdinalIgnoreCase);

    public string Method { get; } = method;

    /// <summary>As sent, escaped.</summary>
    public string Path { get; } = path;

    /// <summary>As sent, with its "?"; empty for none.</summary>
    public string RawQuery { get; } = rawQuery;

    public byte[] Body { get; } = body;

    public string Text => Encoding.UTF8.GetString(Body);

    public string? ContentType => headers.ContentType;

    /// <summary>A part of the path named in the route's pattern, unescaped.</summary>
    public string Part(string name) => parts[name];

    /// <summary>A query parameter, or null. Parameters that the handler never asked for are a fault of the request.</summary>
    public string? Query(string name)
    {
        _seenQueries.Add(name);
        return query.TryGetValue(name, out var value) ? (string?)value : null;
    }

    public string RequiredQuery(string name) =>
        Query(name) ?? throw new FakeVendorException($"{Method} {Path} has no query parameter '{name}'.");

    /// <summary>A header, or null. Headers that the handler never asked for are a fault of the request, apart from the
    /// transport's own.</summary>
    public string? Header(string name)
    {
        _seenHeaders.Add(name);
        return headers.TryGetValue(name, out var value) ? (string?)value : null;
    }

    public void RequireHeader(string name, string expected) =>
        Require(Header(name) == expected, $"the header {name} is '{Header(name)}', expected '{expected}'");

    /// <summary>The body as a JSON object with exactly these members (a "?" behind a name: may be left out).</summary>
    public JsonObject Json(params string[] members)
    {
        Require(
            ContentType?.Split(';')[0] is { } type
                && (type.EndsWith("/json", StringComparison.Ordinal)
                    || type.EndsWith("+json", StringComparison.Ordinal)
                    || type.Contains("json-1.", StringComparison.Ordinal)),
            $"the content type is '{ContentType}'");
        var json = JsonNode.Parse(Body) as JsonObject ?? throw new FakeVendorException($"{Method} {Path}: the body is no JSON object.");
        var allowed = members.Select(member => member.TrimEnd('?')).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in json.Select(pair => pair.Key).Where(key => !allowed.Contains(key)))
        {
            throw new FakeVendorException($"{Method} {Path}: the body has a member '{unknown}' that this vendor does not know.");
        }

        foreach (var missing in members.Where(member => !member.EndsWith('?') && !json.ContainsKey(member)))
        {
            throw new FakeVendorException($"{Method} {Path}: the body lacks '{missing}'.");
        }

        return json;
    }

    /// <summary>The body as a form with exactly these fields (a "?" behind a name: may be left out), as an object.</summary>
    public JsonObject Form(params string[] fields)
    {
        Require(ContentType?.Split(';')[0] == "application/x-www-form-urlencoded", $"the content type is '{ContentType}'");
        var form = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Text);
        var allowed = fields.Select(field => field.TrimEnd('?')).ToHashSet(StringComparer.Ordinal);
        Require(form.Keys.All(allowed.Contains), $"the form has fields that this vendor does not know: {string.Join(", ", form.Keys)}");
        Require(fields.All(field => field.EndsWith('?') || form.ContainsKey(field)), "the form lacks fields");
        return new(form.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)(string?)field.Value)));
    }

    /// <summary>It is refused before anything of it is looked at.</summary>
    public void LeaveUnread()
    {
        _seenQueries.UnionWith(query.Keys);
        _seenHeaders.UnionWith(headers.Keys);
    }

    public void RequireNoBody() => Require(Body.Length == 0, "there is a body, expected none");

    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FakeVendorException($"{Method} {Path}: {otherwise}.");
        }
    }

    /// <summary>What was sent that no handler looked at.</summary>
    internal IEnumerable<string> Unseen() =>
        query.Keys.Where(key => !_seenQueries.Contains(key)).Select(key => $"query parameter '{key}'")
            .Concat(headers.Keys.Where(key => !_seenHeaders.Contains(key)).Select(key => $"header '{key}'"));
}
