using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>The calls of the Kubernetes API that rotation needs, in one namespace.</summary>
/// <remarks>https://kubernetes.io/docs/reference/using-api/api-concepts/ and, for refusals (objects of the kind Status),
/// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md</remarks>
internal sealed class KubernetesClient(WebSession session, Uri server, string @namespace, AuthenticationHeaderValue? authorization)
{
    public const string MergePatch = "application/merge-patch+json";
    public const string StrategicMergePatch = "application/strategic-merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";

    private const int PageSize = 500;

    private static readonly WebHints Hints = new(
        new Dictionary<int, string>
        {
            [401] = "The token or client certificate is unknown to the cluster, or has expired.",
            [403] = "The role of Rotunda's account lacks this right: see the provider's page for the role that it needs.",
            [404] = "Check the name, the namespace and the kubeconfig's context.",
            [409] = "Somebody else changed it at the same moment: it is read again.",
            [413] = "A Secret holds 1 MiB at most.",
            [415] = "The cluster is too old, or this kind does not take such a patch.",
        },
        "message");

    public string Namespace => @namespace;

    public TimeProvider Time => session.Time;

    /// <summary>The object; null if there is none of that name.</summary>
    public async Task<JsonObject?> FindAsync(KubernetesResource resource, string name, CancellationToken cancellationToken)
    {
        using var reply = await session.SendAsync(Request(HttpMethod.Get, At(resource, name), changes: false), cancellationToken);
        return reply.Status == 404 ? null : reply.IsSuccess ? Object(reply) : throw session.Refusal(reply, Hints);
    }

    /// <exception cref="WebFailureException">Rejected if there is none of that name.</exception>
    public async Task<JsonObject> GetAsync(KubernetesResource resource, string name, CancellationToken cancellationToken) =>
        await FindAsync(resource, name, cancellationToken)
        ?? throw Failure(
            StepOutcome.Rejected(
                $"Kubernetes has no {resource.Kind} '{name}' in the namespace '{@namespace}'. Check the name, the namespace and the "
                    + "kubeconfig's context."));

    /// <summary>All objects (of all pages).</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(
        KubernetesResource resource,
        string? labelSelector,
        CancellationToken cancellationToken) =>
        (await ListAsync(resource, labelSelector, mayBeDenied: false, cancellationToken))!;

    /// <summary>As <see cref="ListAsync(KubernetesResource, string?, CancellationToken)"/>, but null where the account may not
    /// list them, or the cluster does not know them.</summary>
    public async Task<IReadOnlyList<JsonObject>?> TryListAsync(
        KubernetesResource resource,
        string? labelSelector,
        CancellationToken cancellationToken) =>
        await ListAsync(resource, labelSelector, mayBeDenied: true, cancellationToken);

    /// <summary>The document at a path of the API, such as a group's versions; null if there is none.</summary>
    public async Task<JsonObject?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using var reply = await session.SendAsync(Request(HttpMethod.Get, new Uri(server, path), changes: false), cancellationToken);
        return reply.Status == 404 ? null : reply.IsSuccess ? Object(reply) : throw session.Refusal(reply, Hints);
    }

    /// <summary>Changes an object, which is returned as it is then.</summary>
    /// <param name="patch">With metadata.resourceVersion in it, nothing happens if the object is another by now (409).</param>
    public async Task<JsonObject> PatchAsync(
        KubernetesResource resource,
        string name,
        string contentType,
        JsonNode patch,
        bool carriesValue,
        CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Patch, At(resource, name, "fieldManager=rotunda"), changes: true, patch) with
        {
            ContentType = contentType,
            CarriesValue = carriesValue,
        };
        using var reply = await session.SucceedAsync(request, Hints, cancellationToken);
        return Object(reply);
    }

    /// <summary>Changes an object by operations, of which one replaces metadata.resourceVersion by the one that was read.</summary>
    public async Task PatchAsync(KubernetesResource resource, JsonObject read, JsonArray operations, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Patch, At(resource, read.Name(), "fieldManager=rotunda"), changes: true, operations) with
        {
            ContentType = JsonPatch,
        };
        using var reply = await session.SendAsync(request, cancellationToken);
        if (reply.IsSuccess)
        {
            return;
        }

        // Where a place that is to be changed was gone, the answer is 422: the operations fail before the version is looked at.
        var isStale = reply.Status == 422
            && (await FindAsync(resource, read.Name(), cancellationToken)).Text(
                "metadata",
                "resourceVersion") != read.Text("metadata", "resourceVersion");
        throw isStale
            ? Failure(
                StepOutcome.RetryLater(
                    $"Kubernetes: the {resource.Kind} '{read.Name()}' was changed by somebody else at the same moment: it is read again."))
            : session.Refusal(reply, Hints);
    }

    public async Task<JsonObject> CreateAsync(
        KubernetesResource resource,
        JsonObject body,
        bool carriesValue,
        CancellationToken cancellationToken)
    {
        var request =
            Request(HttpMethod.Post, At(resource, null, "fieldManager=rotunda"), changes: true, body) with { CarriesValue = carriesValue };
        using var reply = await session.SucceedAsync(request, Hints, cancellationToken);
        return Object(reply);
    }

    /// <summary>Deletes exactly the object that was read: none with its name that was changed or made since.</summary>
    public async Task DeleteAsync(KubernetesResource resource, JsonObject read, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["preconditions"] = new JsonObject
            {
                ["uid"] = read.Text("metadata", "uid"),
                ["resourceVersion"] = read.Text("metadata", "resourceVersion"),
            },
        };
        using var reply =
            await session.SendAsync(Request(HttpMethod.Delete, At(resource, read.Name()), changes: true, body), cancellationToken);
        if (!reply.IsSuccess && reply.Status != 404)
        {
            throw session.Refusal(reply, Hints);
        }
    }

    /// <summary>Whether the account may do that; null where the cluster does not tell.</summary>
    /// <remarks>https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/</remarks>
    public async Task<bool?> MayAsync(string verb, KubernetesResource resource, string? name, CancellationToken cancellationToken)
    {
        var attributes =
            new JsonObject { ["namespace"] = @namespace, ["verb"] = verb, ["group"] = resource.Group, ["resource"] = resource.Plural };
        if (name is not null)
        {
            attributes["name"] = name;
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        };
        using var reply = await session.SendAsync(
            Request(HttpMethod.Post, new Uri(server, "apis/authorization.k8s.io/v1/selfsubjectaccessreviews"), changes: false, body),
            cancellationToken);
        return reply.Status is 403 or 404
            ? null
            : reply.IsSuccess ? Object(reply)["status"]?["allowed"]?.GetValue<bool>() : throw session.Refusal(reply, Hints);
    }

    /// <exception cref="WebFailureException">The account may not; the reason names the missing right.</exception>
    public async Task RequireAsync(string verb, KubernetesResource resource, string? name, CancellationToken cancellationToken)
    {
        if (await MayAsync(verb, resource, name, cancellationToken) == false)
        {
            throw Failure(StepOutcome.Rejected(
                $"Rotunda's account may not {verb} "
                    + $"{resource.Plural}{(resource.Group.Length == 0 ? "" : "." + resource.Group)}{(name is null ? "" : $" '{name}'")} "
                    + $"in the namespace '{@namespace}'. Give its role that right: see the provider's page."));
        }
    }

    /// <summary>A failure found in an answer; one after a change becomes Unknown.</summary>
    public WebFailureException Failure(StepOutcome outcome) => session.Failure(outcome);

    private JsonObject Object(WebReply reply) => reply.Json() as JsonObject
        ?? throw Failure(reply.Request.Changes
            ? StepOutcome.Unknown($"Kubernetes: {reply.Request.What} answered with something that is no JSON object.")
            : StepOutcome.RetryLater($"Kubernetes: {reply.Request.What} answered with something that is no JSON object."));

    private Uri At(KubernetesResource resource, string? name, string? query = null)
    {
        var root = resource.Group.Length == 0 ? $"api/{resource.Version}" : $"apis/{resource.Group}/{resource.Version}";
        var all = $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{resource.Plural}";
        var path = name is null ? all : $"{all}/{Uri.EscapeDataString(name)}";
        return new Uri(server, query is null ? path : $"{path}?{query}");
    }

    private async Task<IReadOnlyList<JsonObject>?> ListAsync(
        KubernetesResource resource,
        string? labelSelector,
        bool mayBeDenied,
        CancellationToken cancellationToken)
    {
        var all = new List<JsonObject>();
        for (string? next = null; ;)
        {
            using var reply =
                await session.SendAsync(Request(HttpMethod.Get, Listed(resource, labelSelector, next), changes: false), cancellationToken);
            if (mayBeDenied && reply.Status is (403 or 404))
            {
                return null;
            }

            if (reply.Status == 410)
            {
                throw Failure(StepOutcome.RetryLater($"The list of {resource.Plural} took so long that the cluster forgot where it was."));
            }

            var page = reply.IsSuccess ? Object(reply) : throw session.Refusal(reply, Hints);
            all.AddRange(page.Items("items"));
            if (page.Text("metadata", "continue") is not { Length: > 0 } token)
            {
                return all;
            }

            next = token;
        }
    }

    private Uri Listed(KubernetesResource resource, string? labelSelector, string? next) => At(
        resource,
        null,
        $"limit={PageSize}"
            + (labelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}")
            + (next is null ? "" : $"&continue={Uri.EscapeDataString(next)}"));

    private WebRequest Request(HttpMethod method, Uri address, bool changes, JsonNode? body = null) => new(method, address, changes)
    {
        Authorization = authorization,
        Headers = [("Accept", "application/json")],
        Body = body is null ? null : Encoding.UTF8.GetBytes(body.ToJsonString()),
    };
}
