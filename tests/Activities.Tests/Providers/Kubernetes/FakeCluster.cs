using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Files;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>
/// A strict stand-in for the API server of a cluster: https, bearer tokens, rights, resource versions, generations, the three
/// kinds of patches, and refusals as objects of the kind Status.
/// </summary>
/// <remarks>
/// https://kubernetes.io/docs/reference/using-api/api-concepts/,
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md,
/// https://github.com/kubernetes/kubernetes/blob/master/api/openapi-spec/swagger.json
/// </remarks>
internal sealed partial class FakeCluster : IAsyncDisposable
{
    public const string Namespace = "shop";
    public const string Token = "kube-token-5d1f72c9";

    private static readonly (string Kind, string Root, string Plural)[] Kinds =
    [
        ("Secret", "api/v1", "secrets"), ("Pod", "api/v1", "pods"),
        ("Deployment", "apis/apps/v1", "deployments"), ("StatefulSet", "apis/apps/v1", "statefulsets"),
        ("DaemonSet", "apis/apps/v1", "daemonsets"), ("ReplicaSet", "apis/apps/v1", "replicasets"),
        ("ReplicationController", "api/v1", "replicationcontrollers"),
        ("Rollout", "apis/argoproj.io/v1alpha1", "rollouts"),
        ("DeploymentConfig", "apis/apps.openshift.io/v1", "deploymentconfigs"),
        ("Job", "apis/batch/v1", "jobs"), ("CronJob", "apis/batch/v1", "cronjobs"),
        ("ExternalSecret", "apis/external-secrets.io/v1", "externalsecrets"),
        ("PushSecret", "apis/external-secrets.io/v1alpha1", "pushsecrets"),
    ];

    private static readonly string[] WithGeneration =
        [
            "deployments", "statefulsets", "daemonsets", "replicasets", "rollouts", "deploymentconfigs", "jobs", "cronjobs",
            "externalsecrets", "pushsecrets",
        ];
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private long _version = 1000;
    private int _uid;

    private FakeCluster(FakeVendor vendor) => Vendor = vendor;

    public FakeVendor Vendor { get; }

    /// <summary>"verb plural" that the account may not do.</summary>
    public HashSet<string> Denied { get; } = new(StringComparer.Ordinal);

    /// <summary>The versions of external-secrets.io that are served; none: it is not installed.</summary>
    public List<string> OperatorVersions { get; } = ["v1", "v1beta1"];

    /// <summary>Called after each change, with plural and object: the controllers.</summary>
    public Action<string, JsonObject> Changed { get; set; } = (_, _) => { };

    /// <summary>Called with path, content type and body of each patch, before anything else is done with it: a test looks, or
    /// somebody else is quicker.</summary>
    public Action<string, string, JsonNode> Sent { get; set; } = (_, _, _) => { };

    public string AcceptedToken { get; set; } = Token;

    /// <summary>How many objects a page of a list has.</summary>
    public int PageSize { get; set; } = 500;

    public static async Task<FakeCluster> StartAsync(FakeVendor? vendor = null)
    {
        var cluster = new FakeCluster(vendor ?? await FakeVendor.StartAsync(https: true));
        foreach (var (kind, root, plural) in Kinds)
        {
            var roots = kind == "ExternalSecret" ? new[] { root, "apis/external-secrets.io/v1beta1" } : [root];
            foreach (var path in roots.Select(served => $"/{served}/namespaces/{{ns}}/{plural}"))
            {
                cluster.Serve(kind, path, plural);
            }
        }

        cluster.Vendor.On(
            "GET",
            "/apis/external-secrets.io",
            request => cluster.Guarded(request, "get", "", _ => cluster.OperatorGroup()));
        cluster.Vendor.On(
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            request => cluster.Guarded(request, "create", "", cluster.Review));
        return cluster;
    }

    /// <summary>Puts an object there as its YAML would be, without being asked for anything.</summary>
    public JsonObject Put(string plural, string json)
    {
        var item = JsonNode.Parse(json)!.AsObject();
        var kind = Kinds.First(known => known.Plural == plural);
        item["apiVersion"] ??= kind.Root.Split('/', 2)[1];
        item["kind"] ??= kind.Kind;
        Created(plural, item);
        _objects[Key(plural, item.Name())] = item;
        return item;
    }

    /// <summary>The object; a change of it is seen by all.</summary>
    public JsonObject this[string plural, string name] => _objects[Key(plural, name)];

    public bool Has(string plural, string name) => _objects.ContainsKey(Key(plural, name));

    public IEnumerable<JsonObject> All(string plural) =>
        _objects.Where(pair => pair.Key.StartsWith(plural + "/", StringComparison.Ordinal)).Select(pair => pair.Value);

    public void Remove(string plural, string name) => _objects.Remove(Key(plural, name));

    public void Clear() => _objects.Clear();

    /// <summary>Changes an object behind everybody's back; its version is another then.</summary>
    public void Touch(string plural, string name, Action<JsonObject> change)
    {
        var item = this[plural, name];
        change(item);
        item["metadata"]!["resourceVersion"] = $"{++_version}";
    }

    public string Value(string secret, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)this["secrets", secret]["data"]![key]!));

    /// <summary>A kubeconfig that logs in with the token.</summary>
    public string Kubeconfig(string user = $"token: {Token}") => $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{ name: test, context: { cluster: fake, user: rotunda, namespace: {{Namespace}} } }]
        clusters: [{ name: fake, cluster: { server: "{{Vendor.Address}}", certificate-authority: "{{Vendor.AuthorityFile}}" } }]
        users: [{ name: rotunda, user: { {{user}} } }]
        """;

    public ValueTask DisposeAsync() => Vendor.DisposeAsync();

    private static string Key(string plural, string name) => $"{plural}/{name}";

    private void Serve(string kind, string path, string plural)
    {
        Vendor.On("GET", path, request => Guarded(request, "list", plural, r => List(r, kind, plural)));
        Vendor.On("POST", path, request => Guarded(request, "create", plural, r => Create(r, kind, plural)));
        Vendor.On(
            "GET",
            path + "/{name}",
            request => Guarded(
                request,
                "get",
                plural,
                r => Find(r, plural) is { } item ? FakeReply.Json(200, item) : NotFound(plural, r.Part("name"))));
        Vendor.On("PATCH", path + "/{name}", request => Guarded(request, "patch", plural, r => Patch(r, plural)));
        Vendor.On("DELETE", path + "/{name}", request => Guarded(request, "delete", plural, r => Delete(r, plural)));
    }

    private FakeReply Guarded(FakeRequest request, string verb, string plural, Func<FakeRequest, FakeReply> answer)
    {
        request.RequireHeader("Accept", "application/json");
        if (request.Header("Authorization") != $"Bearer {AcceptedToken}")
        {
            return Status(401, "Unauthorized", "Unauthorized");
        }

        if (Denied.Contains($"{verb} {plural}"))
        {
            // Looked at, so that they are no surprise.
            _ = (request.Query("limit"), request.Query("labelSelector"), request.Query("fieldManager"), request.Query("continue"));
            return Status(
                403,
                "Forbidden",
                $"{plural} is forbidden: User \"rotunda\" cannot {verb} resource \"{plural}\" in the namespace \"{Namespace}\"");
        }

        return answer(request);
    }

    /// <summary>The API group of the External Secrets Operator; not found where it is not installed.</summary>
    private FakeReply OperatorGroup() => OperatorVersions.Count == 0
        ? FakeReply.Text(404, "404 page not found\n")
        : FakeReply.Json(200, new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = "external-secrets.io",
            ["versions"] = new JsonArray([.. OperatorVersions.Select(version => new JsonObject
            {
                ["groupVersion"] = $"external-secrets.io/{version}",
                ["version"] = version,
            })]),
        });

    private JsonObject? Find(FakeRequest request, string plural)
    {
        request.Require(request.Part("ns") == Namespace, $"the namespace is '{request.Part("ns")}'");
        return _objects.GetValueOrDefault(Key(plural, request.Part("name")));
    }

    private FakeReply List(FakeRequest request, string kind, string plural)
    {
        request.Require(request.Part("ns") == Namespace, $"the namespace is '{request.Part("ns")}'");
        var limit = Math.Min(PageSize, int.Parse(request.RequiredQuery("limit")));
        var selector = request.Query("labelSelector") ?? "";
        var matching = All(plural).Where(item => LabelSelector.Matches(item, selector)).ToList();
        var from = request.Query("continue") is { } token ? int.Parse(token) : 0;
        var page = matching.Skip(from).Take(limit).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = $"{_version}" };
        if (from + page.Count < matching.Count)
        {
            metadata["continue"] = $"{from + page.Count}";
        }

        return FakeReply.Json(
            200,
            new JsonObject
            {
                ["kind"] = kind + "List",
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. page.Select(item => item.DeepClone())]),
            });
    }

    private FakeReply Create(FakeRequest request, string kind, string plural)
    {
        request.Require(request.RequiredQuery("fieldManager") == "rotunda", "the field manager is another");
        var item = request.Json("apiVersion", "kind", "metadata", "type?", "data?", "immutable?");
        request.Require(
            (string?)item["kind"] == kind && item.Text("metadata", "namespace") == Namespace,
            "kind or namespace do not fit the path");
        if (Has(plural, item.Name()))
        {
            return Status(409, "AlreadyExists", $"{plural} \"{item.Name()}\" already exists");
        }

        if (Invalid(plural, item) is { } invalid)
        {
            return invalid;
        }

        Created(plural, item);
        _objects[Key(plural, item.Name())] = item;
        Changed(plural, item);
        return FakeReply.Json(201, item);
    }

    private FakeReply Patch(FakeRequest request, string plural)
    {
        request.Require(request.RequiredQuery("fieldManager") == "rotunda", "the field manager is another");
        Sent(request.Path, request.ContentType ?? "", JsonNode.Parse(request.Body)!);
        if (Find(request, plural) is not { } item)
        {
            return NotFound(plural, request.Part("name"));
        }

        JsonObject changed;
        try
        {
            changed = FakePatch.Apply(item, request, isCustom: plural is "externalsecrets" or "pushsecrets" or "rollouts");
        }
        catch (FakePatchException refusal)
        {
            return Status(refusal.Status, refusal.Reason, refusal.Message);
        }

        if (changed.Text("metadata", "resourceVersion") != item.Text("metadata", "resourceVersion"))
        {
            return Status(
                409,
                "Conflict",
                $"Operation cannot be fulfilled on {plural} \"{item.Name()}\": the object has been modified; please apply your changes "
                    + "to the latest version and try again");
        }

        return Refused(plural, item, changed) ?? Accept(plural, item, changed);
    }

    private static FakeReply? Refused(string plural, JsonObject before, JsonObject after)
    {
        if (before.Name() != after.Name() || before.Text("metadata", "uid") != after.Text("metadata", "uid"))
        {
            return Status(422, "Invalid", "metadata: field is immutable");
        }

        return plural == "secrets" && before.Flag("immutable") && !JsonNode.DeepEquals(before["data"], after["data"])
            ? Status(422, "Invalid", $"Secret \"{before.Name()}\" is invalid: data: Forbidden: field is immutable when `immutable` is set")
            : Invalid(plural, after);
    }

    private FakeReply Accept(string plural, JsonObject before, JsonObject after)
    {
        if (!JsonNode.DeepEquals(before, after))
        {
            if (WithGeneration.Contains(plural) && !JsonNode.DeepEquals(before["spec"], after["spec"]))
            {
                after["metadata"]!["generation"] = before.Number("metadata", "generation") + 1;
            }

            after["metadata"]!["resourceVersion"] = $"{++_version}";
            _objects[Key(plural, after.Name())] = after;
            Changed(plural, after);
        }

        return FakeReply.Json(200, after);
    }

    private static FakeReply? Invalid(string plural, JsonObject item)
    {
        foreach (var (key, value) in plural == "secrets" ? item["data"]?.AsObject() ?? [] : [])
        {
            if (!SecretKey().IsMatch(key))
            {
                return Status(422, "Invalid", $"Secret \"{item.Name()}\" is invalid: data[{key}]: Invalid value");
            }

            if (!Convert.TryFromBase64String((string?)value ?? "", new byte[((string?)value)?.Length ?? 0], out _))
            {
                return Status(400, "BadRequest", "Secret in version \"v1\" cannot be handled as a Secret: illegal base64 data");
            }
        }

        return item["metadata"]?["annotations"]?.AsObject().Any(pair => !QualifiedName().IsMatch(pair.Key)) == true
            ? Status(422, "Invalid", "metadata.annotations: Invalid value: name part must consist of alphanumeric characters") : null;
    }

    private FakeReply Delete(FakeRequest request, string plural)
    {
        var body = request.Json("apiVersion", "kind", "preconditions?");
        request.Require((string?)body["kind"] == "DeleteOptions" && (string?)body["apiVersion"] == "v1", "the body is no DeleteOptions");
        if (Find(request, plural) is not { } item)
        {
            return NotFound(plural, request.Part("name"));
        }

        var fits = (body.Text("preconditions", "uid") ?? item.Text("metadata", "uid")) == item.Text("metadata", "uid")
            && (body.Text("preconditions", "resourceVersion")
                ?? item.Text("metadata", "resourceVersion")) == item.Text("metadata", "resourceVersion");
        if (!fits)
        {
            return Status(409, "Conflict", "Precondition failed");
        }

        Remove(plural, item.Name());
        return FakeReply.Json(200, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Success" });
    }

    private FakeReply Review(FakeRequest request)
    {
        var body = request.Json("apiVersion", "kind", "spec");
        var asked = body["spec"]!["resourceAttributes"]!;
        request.Require(asked.Text("namespace") == Namespace
            && Kinds.Any(known => known.Plural == asked.Text("resource") && known.Root.Split('/') is var root
            && asked.Text("group") == (root[0] == "api" ? "" : root[1])), $"the review asks for {asked.ToJsonString()}");
        body["status"] = new JsonObject { ["allowed"] = !Denied.Contains($"{asked.Text("verb")} {asked.Text("resource")}") };
        return FakeReply.Json(201, body);
    }

    private void Created(string plural, JsonObject item)
    {
        var metadata = item["metadata"]!.AsObject();
        metadata["namespace"] = Namespace;
        metadata["uid"] = $"uid-{++_uid}";
        metadata["resourceVersion"] = $"{++_version}";
        if (WithGeneration.Contains(plural))
        {
            metadata["generation"] ??= 1;
        }
    }

    private static FakeReply NotFound(string plural, string name) => Status(404, "NotFound", $"{plural} \"{name}\" not found");

    private static FakeReply Status(int code, string reason, string message) => FakeReply.Json(code, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message,
        ["reason"] = reason,
        ["code"] = code,
    });

    [GeneratedRegex("^[-._a-zA-Z0-9]{1,253}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretKey();

    [GeneratedRegex(
        "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex QualifiedName();
}
