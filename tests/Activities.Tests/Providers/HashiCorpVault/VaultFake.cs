using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Files;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.HashiCorpVault;

/// <summary>
/// A Vault with one KV version 2 engine at "team/kv", written from https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2,
/// …/api-docs/auth/approle, …/api-docs/auth/kubernetes and …/api-docs/system/capabilities-self.
/// </summary>
internal sealed class VaultFake
{
    public const string Mount = "team/kv";
    public const string Token = "hvs.static-token-5f2d77";
    public const string RoleId = "59d6d1ca-47bb-4e7e-a40b-8be3bc5a0ba8";
    public const string SecretId = "84896a0c-1347-aa90-a4f6-aca8b7558780";
    public const string Jwt = "eyJhbGciOi.service-account.c2lnbmF0dXJl";
    private static readonly string[] All = ["create", "delete", "list", "patch", "read", "update"];
    private readonly FakeVendor _vendor;
    private readonly HashSet<string> _tokens = new(StringComparer.Ordinal);
    private int _index;

    public VaultFake(FakeVendor vendor, string? space = null)
    {
        (_vendor, Namespace) = (vendor, space);
        On("GET", "data", Read).On("POST", "data", Write).On("GET", "metadata", Metadata).On("PATCH", "metadata", Describe).On(
            "DELETE",
            "metadata",
            Forget)
            .On("PUT", "destroy", request => End(request, one => one.Destroyed = true))
            .On("POST", "delete", request => End(request, one => one.DeletedAt ??= "2026-01-02T03:04:05.678901234Z"));
        vendor.On(
            "GET",
            $"/v1/{Mount}/config",
            request => Allowed(
                request,
                () => Data(new JsonObject
                {
                    ["max_versions"] = MaxVersions,
                    ["cas_required"] = true,
                    ["delete_version_after"] = DeleteVersionAfter,
                })));
        // https://github.com/hashicorp/vault/blob/main/command/kv_helpers.go asks this way.
        vendor.On(
            "GET",
            $"/v1/sys/internal/ui/mounts/{Mount}",
            request => Allowed(request, () => Data(new JsonObject
            {
                ["path"] = MountedAt + "/", ["type"] = Engine, ["options"] = new JsonObject { ["version"] = EngineVersion },
            })));
        vendor.On("POST", "/v1/sys/capabilities-self", request => Allowed(request, () => Capabilities(request)));
        vendor.On("POST", "/v1/auth/approle/login", request => LogIn(request, "role_id", RoleId, "secret_id", SecretId));
        vendor.On("POST", "/v1/auth/cluster/login", request => LogIn(request, "role", "rotunda", "jwt", Jwt));
        Reset();
    }

    public string? Namespace { get; }

    public SortedDictionary<string, KvSecret> Secrets { get; } = new(StringComparer.Ordinal);

    public int MaxVersions { get; set; }

    public string MountedAt { get; set; } = Mount;

    public string Engine { get; set; } = "kv";

    public string EngineVersion { get; set; } = "2";

    public string DeleteVersionAfter { get; set; } = "0s";

    /// <summary>Of client tokens, in seconds.</summary>
    public int Lease { get; set; } = 3600;

    public int Logins { get; private set; }

    /// <summary>What the token may not do, as "capability path".</summary>
    public HashSet<string> Forbidden { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers with how far the storage was written, as Vault Enterprise does.</summary>
    public bool TellsIndex { get; set; }

    /// <summary>A standby that has not caught up: it answers only who does not ask for more than it has.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Runs before a write is looked at: another client.</summary>
    public Action<string> BeforeWrite { get; set; } = _ => { };

    public void Reset()
    {
        Secrets.Clear();
        Forbidden.Clear();
        (MountedAt, Engine, EngineVersion) = (Mount, "kv", "2");
        _tokens.Clear();
        _tokens.Add(Token);
        (
            MaxVersions,
            DeleteVersionAfter,
            Lease,
            Logins,
            _index,
            TellsIndex,
            IsBehind,
            BeforeWrite) = (0, "0s", 3600, 0, 0, false, false, _ => { });
    }

    /// <summary>Ends every client token that was given.</summary>
    public void RevokeTokens() => _tokens.RemoveWhere(token => token != Token);

    /// <summary>Another client's write.</summary>
    public KvSecret Put(string path, JsonObject data)
    {
        if (!Secrets.TryGetValue(path, out var secret))
        {
            Secrets[path] = secret = new KvSecret();
        }

        secret.Add(data, MaxVersions == 0 ? 10 : MaxVersions, DeleteVersionAfter == "0s" ? null : "2031-02-03T04:05:06.7Z");
        return secret;
    }

    /// <summary>What a reader of the path gets; null for nothing.</summary>
    public JsonObject? Reader(string path) =>
        Secrets.TryGetValue(path, out var secret) && secret.Newest.IsReadable ? secret.Newest.Data : null;

    /// <summary>All values that can still be read, or brought back.</summary>
    public string Kept() =>
        string.Join(
            '\n',
            Secrets.SelectMany(pair => pair.Value.Versions.Where(v => !v.Value.Destroyed)
                .Select(v => $"{pair.Key} {v.Value.Data.ToJsonString()}")));

    private VaultFake On(string method, string verb, Func<FakeRequest, FakeReply> answer)
    {
        _vendor.On(method, $"/v1/{Mount}/{verb}/{{*path}}", request => Allowed(request, () => answer(request)));
        return this;
    }

    private FakeReply Allowed(FakeRequest request, Func<FakeReply> answer)
    {
        RequireNamespace(request);
        request.RequireHeader("X-Vault-Request", "true");
        var asked = request.Header("X-Vault-Index");
        if (request.Header("X-Vault-Token") is not { } token
            || !_tokens.Contains(token)
            || Forbidden.Contains($"{request.Method} {request.Path}"))
        {
            return Errors(403, "permission denied");
        }

        if (asked is not null && IsBehind)
        {
            return Errors(412, "required index state not present");
        }

        request.Require(!TellsIndex || _index == 0 || asked == $"index-{_index}", $"asks for '{asked}' after 'index-{_index}'");
        var reply = answer();
        if (request.Method != "GET" && TellsIndex && reply.Status < 300)
        {
            reply = reply with { Headers = [("X-Vault-Index", $"index-{++_index}")] };
        }

        return reply;
    }

    private FakeReply Read(FakeRequest request)
    {
        var number = request.Query("version") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        request.RequireNoBody();
        if (!Secrets.TryGetValue(PathOf(request), out var secret) || (number != 0 && !secret.Versions.ContainsKey(number)))
        {
            return Errors(404);
        }

        number = number == 0 ? secret.Last : number;
        var version = secret.Versions[number];
        var body =
            new JsonObject { ["data"] = version.IsReadable ? version.Data.DeepClone() : null, ["metadata"] = Of(number, version, secret) };
        return version.IsReadable ? Data(body) : FakeReply.Json(404, new JsonObject { ["data"] = body });
    }

    private FakeReply Write(FakeRequest request)
    {
        var body = request.Json("options", "data");
        var (path, options) = (PathOf(request), (JsonObject)body["options"]!);
        request.Require(options.Count == 1 && options["cas"] is not null, "a write without check-and-set");
        BeforeWrite(path);
        var last = Secrets.TryGetValue(path, out var there) ? there.Last : 0;
        if ((int)options["cas"]! != last)
        {
            return Errors(400, "check-and-set parameter did not match the current version");
        }

        var secret = Put(path, (JsonObject)body["data"]!.DeepClone());
        return Data(Of(secret.Last, secret.Newest, secret));
    }

    private FakeReply Metadata(FakeRequest request)
    {
        request.RequireNoBody();
        if (!Secrets.TryGetValue(PathOf(request), out var secret))
        {
            return Errors(404);
        }

        var versions = new JsonObject(secret.Versions.Select(pair => KeyValuePair.Create(
            pair.Key.ToString(CultureInfo.InvariantCulture),
            (JsonNode?)new JsonObject
            {
                ["created_time"] = "2026-01-02T03:04:05Z",
                ["deletion_time"] = pair.Value.DeletedAt ?? "",
                ["destroyed"] = pair.Value.Destroyed,
            })));
        return Data(new JsonObject
        {
            ["cas_required"] = false,
            ["current_version"] = secret.Last,
            ["delete_version_after"] = "0s",
            ["max_versions"] = 0,
            ["oldest_version"] = secret.Versions.Keys.First(),
            ["custom_metadata"] = secret.Custom?.DeepClone(),
            ["versions"] = versions,
        });
    }

    private FakeReply Describe(FakeRequest request)
    {
        request.Require(request.ContentType == "application/merge-patch+json", $"the content type is '{request.ContentType}'");
        var custom = (JsonObject)request.Json("custom_metadata")["custom_metadata"]!;
        if (!Secrets.TryGetValue(PathOf(request), out var secret))
        {
            return Errors(404);
        }

        secret.Custom ??= [];
        foreach (var (name, value) in custom)
        {
            request.Require(name.Length <= 128 && ((string)value!).Length is > 0 and <= 512, "custom metadata is too long");
            secret.Custom[name] = value!.DeepClone();
        }

        return FakeReply.Empty(204);
    }

    private FakeReply Forget(FakeRequest request)
    {
        request.RequireNoBody();
        Secrets.Remove(PathOf(request));
        return FakeReply.Empty(204);
    }

    private FakeReply End(FakeRequest request, Action<KvVersion> end)
    {
        foreach (var number in ((JsonArray)request.Json("versions")["versions"]!).Select(number => (int)number!))
        {
            if (Secrets.TryGetValue(PathOf(request), out var secret) && secret.Versions.TryGetValue(number, out var version))
            {
                end(version);
            }
        }

        return FakeReply.Empty(204);
    }

    private FakeReply Capabilities(FakeRequest request)
    {
        var answer = new JsonObject();
        foreach (var path in ((JsonArray)request.Json("paths")["paths"]!).Select(path => (string)path!))
        {
            answer[path] = new JsonArray([.. All.Where(one => !Forbidden.Contains($"{one} {path}")).Select(one => (JsonNode)one)]);
        }

        answer["data"] = answer.DeepClone();
        return FakeReply.Json(200, answer);
    }

    private FakeReply LogIn(FakeRequest request, string idName, string id, string secretName, string secret)
    {
        RequireNamespace(request);
        var body = request.Json(idName, secretName);
        if ((string?)body[idName] != id || (string?)body[secretName] != secret)
        {
            return Errors(400, $"invalid {secretName} {body[secretName]}");
        }

        var token = $"hvs.client-token-{++Logins}-b81c";
        _tokens.Add(token);
        return FakeReply.Json(
            200,
            new JsonObject { ["auth"] = new JsonObject { ["client_token"] = token, ["lease_duration"] = Lease, ["renewable"] = true } });
    }

    private void RequireNamespace(FakeRequest request) =>
        request.Require(request.Header("X-Vault-Namespace") == Namespace, "another namespace");

    private static string PathOf(FakeRequest request) => Uri.UnescapeDataString(request.Part("path"));

    private static JsonObject Of(int number, KvVersion version, KvSecret secret) => new()
    {
        ["created_time"] = "2026-01-02T03:04:05Z", ["custom_metadata"] = secret.Custom?.DeepClone(), ["deletion_time"] = version.DeletedAt
            ?? "",
        ["destroyed"] = version.Destroyed, ["version"] = number,
    };

    private static FakeReply Data(JsonObject data) => FakeReply.Json(200, new JsonObject { ["request_id"] = "d2b8a0a4", ["data"] = data });

    private static FakeReply Errors(int status, params string[] errors) =>
        FakeReply.Json(status, new JsonObject { ["errors"] = new JsonArray([.. errors.Select(error => (JsonNode)error)]) });
}

internal sealed class KvSecret
{
    public SortedDictionary<int, KvVersion> Versions { get; } = [];

    public JsonObject? Custom { get; set; }

    public int Last => Versions.Keys.Last();

    public KvVersion Newest => Versions[Last];

    public void Add(JsonObject data, int keep, string? deletedAt)
    {
        Versions[Versions.Count == 0 ? 1 : Last + 1] = new KvVersion(data) { DeletedAt = deletedAt };
        while (Versions.Count > keep)
        {
            Versions.Remove(Versions.Keys.First());
        }
    }
}

internal sealed class KvVersion(JsonObject data)
{
    public JsonObject Data { get; } = data;

    /// <summary>A year that begins with 203 is yet to come.</summary>
    public string? DeletedAt { get; set; }

    public bool Destroyed { get; set; }

    public bool IsReadable => !Destroyed && DeletedAt?.StartsWith("203", StringComparison.Ordinal) != false;
}
