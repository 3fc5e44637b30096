using System.Globalization;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes.Pulumi;

/// <summary>
/// One environment of Pulumi ESC with its revisions and tags, by https://www.pulumi.com/docs/reference/cloud-rest-api/environments/ and
/// https://github.com/pulumi/esc-sdk/blob/main/sdk/swagger.yaml (the ETag of an update as the vendor's own client sends it).
/// </summary>
public sealed class FakeEsc
{
    public const string Token = "pul-0123456789abcdef0123456789abcdef01234567";
    private const string Environment = "/api/esc/environments/{organization}/{project}/{environment}";
    private readonly Lock _gate = new();
    private readonly List<string> _revisions = [];
    private readonly Dictionary<string, int> _opened = new(StringComparer.Ordinal);

    public FakeEsc(FakeVendor vendor)
    {
        On(vendor, "GET", Environment, _ => Definition(_revisions[^1]));
        On(vendor, "GET", Environment + "/decrypt", _ => Definition(FakeEscYaml.Decrypt(_revisions[^1])));
        On(
            vendor,
            "GET",
            Environment + "/versions/{version}/decrypt",
            request => RevisionOf(request.Part("version")) is { } revision ? Definition(FakeEscYaml.Decrypt(At(revision))) : NotFound());
        On(vendor, "PATCH", Environment, Update);
        On(vendor, "POST", Environment + "/versions/{version}/open", Open);
        On(vendor, "GET", Environment + "/open/{id}", request => _opened.TryGetValue(request.Part("id"), out var revision)
            ? FakeReply.Json(200, new JsonObject { ["exprs"] = new JsonObject(), ["properties"] = FakeEscYaml.Evaluate(At(revision)) })
                : NotFound());
        On(
            vendor,
            "GET",
            Environment + "/versions/tags/{tag}",
            request => RevisionOf(request.Part("tag")) is { } revision ? Tag(request.Part("tag"), revision) : NotFound());
        On(vendor, "POST", Environment + "/versions/tags", request => MakeTag(request.Json("name", "revision")));
        On(vendor, "PATCH", Environment + "/versions/tags/{tag}", request => MoveTag(request.Part("tag"), request.Json("revision")));
        On(
            vendor,
            "DELETE",
            Environment + "/versions/tags/{tag}",
            request => Tags.Remove(request.Part("tag")) ? FakeReply.Empty(204) : NotFound());
    }

    public Dictionary<string, int> Tags { get; } = new(StringComparer.Ordinal);

    public int Revision => _revisions.Count;

    /// <summary>The newest definition as it is stored.</summary>
    public string Text => _revisions[^1];

    /// <summary>Runs before the next updates, as if someone else were at it too.</summary>
    public Queue<Action> Meanwhile { get; } = new();

    public void Reset(string text)
    {
        _revisions.Clear();
        _opened.Clear();
        Tags.Clear();
        Write(text);
    }

    /// <summary>Makes a revision, as someone else may.</summary>
    public void Write(string text)
    {
        lock (_gate)
        {
            _revisions.Add(FakeEscYaml.Encrypt(text));
        }
    }

    /// <summary>The newest definition with its secrets in the clear.</summary>
    public string Plain => FakeEscYaml.Decrypt(Text);

    /// <summary>The value that consumers get, by names.</summary>
    public string? Value(int? revision, params string[] names)
    {
        string text;
        lock (_gate)
        {
            text = At(revision ?? Revision);
        }

        JsonNode? node = new JsonObject { ["value"] = FakeEscYaml.Evaluate(text) };
        foreach (var name in names)
        {
            node = node?["value"]?[name];
        }

        return node?["value"]?.GetValue<string>();
    }

    /// <summary>What consumers get, by tag: the numbers of revisions do not matter.</summary>
    public string State() =>
        string.Join(
            '\n',
            Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .Select(tag => $"{tag.Key}:\n{FakeEscYaml.Decrypt(At(tag.Value))}")
                .Append(Plain));

    private string At(int revision) => _revisions[revision - 1];

    private void On(FakeVendor vendor, string method, string pattern, Func<FakeRequest, FakeReply> answer) =>
        vendor.On(method, pattern, request =>
        {
            request.RequireHeader("Accept", "application/vnd.pulumi+8");
            if (method is "GET" or "DELETE")
            {
                request.RequireNoBody();
            }

            lock (_gate)
            {
                return request.Header("Authorization") == "token " + Token ? answer(request) : Refusal();
            }
        });

    private static FakeReply Refusal() =>
        FakeReply.Json(401, new JsonObject { ["code"] = 401, ["message"] = "Unauthorized: No credentials provided or are invalid." });

    private FakeReply Definition(string text) =>
        FakeReply.Text(200, text, "application/x-yaml", ("ETag", ETag()), ("Pulumi-ESC-Revision", Number(Revision)));

    private FakeReply Update(FakeRequest request)
    {
        request.Require(request.ContentType == "application/x-yaml", $"the content type is '{request.ContentType}'");
        if (Meanwhile.TryDequeue(out var other))
        {
            other();
        }

        if (request.Header("ETag") != ETag())
        {
            return FakeReply.Json(409, new JsonObject { ["code"] = 409, ["message"] = "Conflict: the environment was changed." });
        }

        Write(request.Text);
        return FakeReply.Json(200, new JsonObject(), ("Pulumi-ESC-Revision", Number(Revision)));
    }

    private FakeReply Open(FakeRequest request)
    {
        request.RequireNoBody();
        request.Require(request.RequiredQuery("duration") == "5m", "the duration is another one");
        if (RevisionOf(request.Part("version")) is not { } revision)
        {
            return NotFound();
        }

        var id = $"open-{_opened.Count + 1}";
        _opened[id] = revision;
        return FakeReply.Json(200, new JsonObject { ["id"] = id });
    }

    private FakeReply MakeTag(JsonObject body) => Tags.TryAdd(body["name"]!.GetValue<string>(), Existing(body)) ? FakeReply.Empty(204)
        : FakeReply.Json(409, new JsonObject { ["code"] = 409, ["message"] = "Conflict: revision tag already exists" });

    private FakeReply MoveTag(string tag, JsonObject body)
    {
        if (!Tags.ContainsKey(tag))
        {
            return NotFound();
        }

        Tags[tag] = Existing(body);
        return FakeReply.Empty(204);
    }

    private int Existing(JsonObject body) =>
        body["revision"]!.GetValue<int>() is var revision && revision >= 1 && revision <= Revision
            ? revision
            : throw new FakeVendorException($"There is no revision {revision}.");

    private int? RevisionOf(string version) => version == "latest" ? Revision
        : int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number <= Revision ? number : null
        : Tags.TryGetValue(version, out var tagged) ? tagged : null;

    private static FakeReply Tag(string name, int revision) =>
        FakeReply.Json(200, new JsonObject { ["name"] = name, ["revision"] = revision, ["editorLogin"] = "ada" });

    private string ETag() => $"\"etag-{Revision}\"";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static FakeReply NotFound() => FakeReply.Json(404, new JsonObject { ["code"] = 404, ["message"] = "Not Found" });
}
