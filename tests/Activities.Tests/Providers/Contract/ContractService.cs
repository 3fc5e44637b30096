using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Contract;

/// <summary>
/// A web service written by docs/exec-contract.md alone: it checks the signature by itself, holds every request and every answer of
/// its own against the published schema, and can do all operations.
/// </summary>
internal sealed class ContractService(string audience, Func<DateTimeOffset> now)
{
    private const int Window = 300;
    private readonly List<(string Id, string? Label, string Value)> _tokens = [];
    private readonly HashSet<string> _disabled = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _passwords = new(StringComparer.Ordinal);
    private JsonNode? _delivered;
    private int _issued;

    /// <summary>When all that it issues ends.</summary>
    public const string Ends = "2027-01-31T12:00:00Z";

    /// <summary>The keys it accepts.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>What came last, and how it was signed.</summary>
    public (string Timestamp, string Signature, byte[] Body) Last { get; private set; }

    public string State => $"{string.Join(',', _tokens.Select(t => t.Label))} {string.Join(',', _disabled.Order())} {string.Join(',', _passwords)} {_delivered?.ToJsonString()}";

    /// <summary>Logins work, and may do nothing.</summary>
    public bool Powerless { get; set; }

    /// <summary>As somebody with a console does.</summary>
    public void Set(string account, string value) => _passwords[account] = value;

    public void Reset()
    {
        _tokens.Clear();
        _passwords.Clear();
        _disabled.Clear();
        (_delivered, _issued) = (null, 0);
    }

    public FakeReply Answer(FakeRequest request)
    {
        var (stamp, signature) = (request.Header("Rotunda-Timestamp") ?? "", request.Header("Rotunda-Signature") ?? "");
        Last = (stamp, signature, request.Body);
        if (!IsGenuine(stamp, signature, request.Body))
        {
            return FakeReply.Json(401, new JsonObject { ["error"] = "not genuine" });
        }

        var json = JsonNode.Parse(request.Text)!.AsObject();
        var wrong = ContractSchema.WhyNoRequest(json);
        request.Require(wrong is null, $"the published schema says: {wrong}");
        request.Require(request.ContentType == "application/json", $"the content type is {request.ContentType}");
        var answer = Do(json);
        answer["outcome"] ??= "done";
        request.Require(ContractSchema.WhyNoAnswer(answer) is null, $"the fake's own answer: {ContractSchema.WhyNoAnswer(answer)}");
        return FakeReply.Json(200, answer);
    }

    public bool IsGenuine(string stamp, string signature, byte[] body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes($"v1.{stamp}.{audience}\n"), .. body];
        var told = signature.Split(',');
        return Math.Abs(now().ToUnixTimeSeconds() - long.Parse(stamp)) <= Window
            && Keys.Any(key => told.Contains(
                "v1=" + Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed)).ToLowerInvariant()));
    }

    private JsonObject Do(JsonObject request) => (string)request["operation"]! switch
    {
        "validate" or "restart" or "check" => [],
        "issue" => Issue(request),
        "apply" => Apply(request),
        "verify" =>
            new()
            {
                ["validity"] = _tokens.Where(t => !_disabled.Contains(t.Id)).Select(t => t.Value).Concat(_passwords.Values).Contains((string)request["value"]!)
                    ? Powerless ? "lacks-rights" : "valid"
                    : "invalid",
                ["detail"] = "looked up",
            },
        "revoke" => Revoke(request["credential"]!),
        "list" => new()
        {
            ["credentials"] = new JsonArray([.. _tokens.Where(t => t.Label!.StartsWith(
                (string)request["labelPrefix"]!,
                StringComparison.Ordinal)).Select(t => new JsonObject
            {
                ["id"] = t.Id,
                ["label"] = t.Label,
                ["expiresAt"] = Ends,
                ["hint"] = $"issued-…{t.Value[^4..]}",
            })]),
        },
        "disable" => Enable((string?)request["credential"]!["id"], false),
        "enable" => Enable((string?)request["credential"]!["id"], true),
        "report-use" => new() { ["use"] = "not-used", ["detail"] = "no requests", ["lastUsedAt"] = "2026-01-31T12:00:00Z" },
        "capture" => new() { ["captured"] = _delivered?.ToJsonString() },
        "deliver" => Put(request["values"]),
        "restore" => Put(request["captured"] is { } captured ? JsonNode.Parse((string)captured!) : null),
        "confirm" =>
            JsonNode.DeepEquals(_delivered, request["values"]) ? [] : new() { ["outcome"] = "retry-later", ["reason"] = "not there yet" },
        _ => throw new InvalidOperationException("The schema knows an operation that this service does not."),
    };

    private JsonObject Issue(JsonObject request)
    {
        var (id, value) = ($"k-{++_issued}", $"issued-value-{_issued}-0123456789abcdef");
        _tokens.Add((id, (string?)request["label"], value));
        return new()
        {
            ["credential"] = new JsonObject { ["id"] = id },
            ["value"] = value,
            ["expiresAt"] = Ends,
            ["facts"] = new JsonObject { ["id"] = id, ["count"] = _tokens.Count },
        };
    }

    private JsonObject Apply(JsonObject request)
    {
        _passwords[(string)request["credential"]!["account"]!] = (string)request["value"]!;
        return [];
    }

    private JsonObject Revoke(JsonNode credential)
    {
        var gone =
            _tokens.RemoveAll(t => t.Id == (string?)credential["id"]) + (_passwords.Remove((string?)credential["account"] ?? "") ? 1 : 0);
        return gone > 0 ? [] : new() { ["outcome"] = "already-done" };
    }

    private JsonObject Enable(string? id, bool enabled)
    {
        if (!_tokens.Exists(token => token.Id == id))
        {
            return enabled ? new() { ["outcome"] = "rejected", ["reason"] = "it is gone" } : new() { ["outcome"] = "already-done" };
        }

        return (enabled ? _disabled.Remove(id!) : _disabled.Add(id!)) ? [] : new() { ["outcome"] = "already-done" };
    }

    private JsonObject Put(JsonNode? values)
    {
        var same = JsonNode.DeepEquals(_delivered, values);
        _delivered = values?.DeepClone();
        return new() { ["outcome"] = same ? "already-done" : "done" };
    }
}
