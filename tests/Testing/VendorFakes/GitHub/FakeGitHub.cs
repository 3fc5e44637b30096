using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>
/// The part of GitHub's REST API that deals with secrets and workflow runs, by
/// https://docs.github.com/en/rest/actions/secrets, …/actions/workflows, …/actions/workflow-runs, …/rest/apps/apps.
/// </summary>
public sealed class FakeGitHub
{
    private static readonly string[] ListFilters = ["event", "branch", "created", "status", "per_page", "page"];
    private static readonly string[] Statuses = ["queued", "in_progress", "waiting", "pending", "requested", "completed"];
    public const string Token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
    private readonly SealedBoxKeys _keys = new();
    private readonly string _prefix;
    private long _lastRun;

    /// <param name="prefix">"/api/v3" for an Enterprise Server.</param>
    public FakeGitHub(FakeVendor vendor, string prefix = "")
    {
        _prefix = prefix;
        Apps = new FakeGitHubApps();
        On(vendor, "POST", "/app/installations/{installation}/access_tokens", Apps.Issue);
        foreach (var place in (string[])
        [
            "/orgs/{org}/{area}/secrets", "/repos/{owner}/{repo}/{area}/secrets",
            "/repos/{owner}/{repo}/environments/{environment}/secrets",
        ])
        {
            On(vendor, "GET", place + "/public-key", request => Secrets(request, _ => PublicKey()));
            On(
                vendor,
                "GET",
                place + "/{name}",
                request => Secrets(
                    request,
                    key => Stands.TryGetValue(key, out var secret) ? Shown(request.Part("name"), secret) : NotFound()));
            On(vendor, "PUT", place + "/{name}", request => Secrets(request, key => Put(request, key), body: true));
        }

        On(
            vendor,
            "GET",
            "/orgs/{org}/{area}/secrets/{name}/repositories",
            request => Secrets(request, key => Repositories(request, Stands[key])));
        const string actions = "/repos/{owner}/{repo}/actions";
        On(vendor, "GET", actions + "/workflows/{file}", request => Actions(request, () => Workflow(request.Part("file"))));
        On(vendor, "POST", actions + "/workflows/{file}/dispatches", request => Actions(request, () => Dispatch(request), body: true));
        On(vendor, "GET", actions + "/workflows/{file}/runs", request =>
        {
            // Known, also where they are not looked at because the caller is.
            _ = ListFilters.Select(request.Query).ToList();
            return Actions(request, () => List(request));
        });
        On(vendor, "GET", actions + "/runs/{id}", request => Actions(request, () => Look(request.Part("id"))));
        On(vendor, "POST", actions + "/runs/{id}/cancel", request => Actions(request, () => Cancel(request.Part("id"), force: false)));
        On(vendor, "POST", actions + "/runs/{id}/force-cancel", request => Actions(request, () => Cancel(request.Part("id"), force: true)));
    }

    public FakeGitHubApps Apps { get; }

    /// <summary>By "orgs/acme/actions/secrets/NAME".</summary>
    public Dictionary<string, FakeSecret> Stands { get; } = new(StringComparer.Ordinal);

    public List<FakeRun> Runs { get; } = [];

    public string WorkflowState { get; set; } = "active";

    /// <summary>An Enterprise Server of before 2026: it tells no run's id, and refuses to be asked.</summary>
    public bool IsOld { get; set; }

    /// <summary>The branches and tags with the workflow.</summary>
    public HashSet<string> Refs { get; } = ["main"];

    /// <summary>The workflow's inputs.</summary>
    public HashSet<string> Inputs { get; } = ["rotunda", "stack"];

    /// <summary>How the workflow names its runs.</summary>
    public Func<JsonObject, string> RunName { get; set; } = inputs => $"Sync {inputs["rotunda"]}";

    /// <summary>How often a run is looked at before it has ended.</summary>
    public int LooksUntilEnd { get; set; }

    /// <summary>A run without a runner waits.</summary>
    public Func<FakeRun, bool> HasRunner { get; set; } = _ => true;

    /// <summary>What a run does, and how it ends.</summary>
    public Func<FakeRun, string> Work { get; set; } = _ => "success";

    /// <summary>How often a run that was cancelled is looked at before it has ended. By force it ends at once.</summary>
    public int LooksUntilCancelled { get; set; }

    /// <summary>Runs that were started and are not shown yet.</summary>
    public HashSet<long> Unseen { get; } = [];

    /// <summary>Answers the next calls in place of the real answers.</summary>
    public Queue<FakeReply?> Instead { get; } = new();

    /// <summary>Answers calls to secrets and runs in place of the real answers; null where it does not.</summary>
    public Func<FakeRequest, FakeReply?> InsteadOf { get; set; } = _ => null;

    /// <summary>Fewer than there are, as for a token that does not see all repositories.</summary>
    public int VisibleRepositories { get; set; } = int.MaxValue;

    public FakeSecret Stand(string key, string value, string? visibility = null, IReadOnlyList<long>? repositories = null) =>
        Stands[key] = new FakeSecret(value, visibility, repositories ?? [], 0);

    /// <summary>A run that somebody else started.</summary>
    public FakeRun StartElsewhere(string title, string branch = "main", DateTimeOffset? at = null)
    {
        var run = new FakeRun(++_lastRun, title, branch, [], at ?? TimeProvider.System.GetUtcNow());
        Runs.Add(run);
        return run;
    }

    public void Reset()
    {
        Stands.Clear();
        Runs.Clear();
        Apps.Reset();
        _lastRun = 9000;
        Unseen.Clear();
        (LooksUntilEnd, LooksUntilCancelled, IsOld, VisibleRepositories) = (0, 0, false, int.MaxValue);
    }

    public string State() =>
        string.Join(
            '\n',
            Stands.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{pair.Key}={pair.Value.Value} {pair.Value.Visibility} {string.Join(',', pair.Value.Repositories)}"));

    internal static FakeReply NotFound() =>
        FakeReply.Json(404, new JsonObject { ["message"] = "Not Found", ["documentation_url"] = "https://docs.github.com/rest" });

    private void On(FakeVendor vendor, string method, string pattern, Func<FakeRequest, FakeReply> answer) =>
        vendor.On(method, _prefix + pattern, request =>
        {
            request.RequireHeader("Accept", "application/vnd.github+json");
            request.RequireHeader("X-GitHub-Api-Version", "2022-11-28");
            var reply = answer(request);
            return reply.ContentType == "application/json" ? reply with { ContentType = "application/json; charset=utf-8" } : reply;
        });

    private FakeReply Secrets(FakeRequest request, Func<string, FakeReply> answer, bool body = false)
    {
        var path = request.Path[(_prefix.Length + 1)..].Split('/');
        var (isOrganization, isEnvironment) = (path[0] == "orgs", path.Contains("environments"));
        var area = isEnvironment ? "" : request.Part("area");
        var permission =
            isEnvironment ? "environments" : (isOrganization ? "organization_" : "") + (area == "actions" ? "secrets" : area + "_secrets");
        return Authorized(
            request,
            permission,
            isOrganization ? null : path[2],
            () => answer(string.Join('/', path.TakeWhile(part => part != "repositories").Select(Uri.UnescapeDataString))),
            body);
    }

    private FakeReply Actions(FakeRequest request, Func<FakeReply> answer, bool body = false) =>
        Authorized(request, "actions", request.Part("repo"), answer, body);

    private FakeReply Authorized(FakeRequest request, string permission, string? repository, Func<FakeReply> answer, bool body)
    {
        if (!body)
        {
            request.RequireNoBody();
        }

        var authorization = request.Header("Authorization");
        if (Instead.TryDequeue(out var instead) && instead is not null)
        {
            return instead;
        }

        if (InsteadOf(request) is { } other)
        {
            return other;
        }

        return authorization == "Bearer " + Token || Apps.Allows(authorization, permission, repository) ? answer()
            : FakeReply.Json(401, new JsonObject { ["message"] = "Bad credentials" });
    }

    private FakeReply PublicKey() =>
        FakeReply.Json(200, new JsonObject { ["key_id"] = "568250167242549743", ["key"] = Convert.ToBase64String(_keys.Public) });

    private static FakeReply Shown(string name, FakeSecret secret)
    {
        var json = new JsonObject { ["name"] = name, ["created_at"] = "2026-01-02T03:04:05Z", ["updated_at"] = Moment(secret.UpdatedAt) };
        if (secret.Visibility is not null)
        {
            json["visibility"] = secret.Visibility;
        }

        return FakeReply.Json(200, json);
    }

    private FakeReply Put(FakeRequest request, string key)
    {
        var isOrganization = key.StartsWith("orgs/", StringComparison.Ordinal);
        var body = isOrganization
            ? request.Json("encrypted_value", "key_id", "visibility", "selected_repository_ids?")
            : request.Json("encrypted_value", "key_id");
        request.Require(body["key_id"]!.GetValue<string>() == "568250167242549743", "the key's id is not that of the public key");
        var visibility = body["visibility"]?.GetValue<string>();
        request.Require(!isOrganization || visibility is "all" or "private" or "selected", $"the visibility is '{visibility}'");
        var ids = body["selected_repository_ids"]?.AsArray().Select(id => id!.GetValue<long>()).ToList();
        request.Require((visibility == "selected") == (ids is not null), "repositories are for the visibility 'selected'");
        var value = Encoding.UTF8.GetString(_keys.Unseal(Convert.FromBase64String(body["encrypted_value"]!.GetValue<string>())));
        var before = Stands.GetValueOrDefault(key);
        Stands[key] = new FakeSecret(
            value,
            visibility,
            ids ?? [],
            (before?.Writes ?? 0) + 1) { UpdatedAt = TimeProvider.System.GetUtcNow() };
        return before is null ? FakeReply.Json(201, new JsonObject()) : FakeReply.Empty(204);
    }

    private FakeReply Repositories(FakeRequest request, FakeSecret secret)
    {
        var (size, page) = (Number(request, "per_page"), Number(request, "page"));
        request.Require(size is >= 1 and <= 100, "a page has 1 to 100 entries");
        var seen = secret.Repositories.Take(VisibleRepositories).Skip((page - 1) * size).Take(size);
        return FakeReply.Json(200, new JsonObject
        {
            ["total_count"] = secret.Repositories.Count,
            ["repositories"] = new JsonArray([.. seen.Select(id => (JsonNode)new JsonObject
            {
                ["id"] = id,
                ["name"] = $"repository-{id}",
            })]),
        });
    }

    private FakeReply Workflow(string file) => FakeReply.Json(200, new JsonObject
    {
        ["id"] = 1, ["name"] = "Sync", ["path"] = ".github/workflows/" + file, ["state"] = WorkflowState,
        ["created_at"] = "2020-01-08T23:48:37.000-08:00", ["updated_at"] = "2020-01-08T23:50:21.000-08:00",
    });

    private FakeReply Dispatch(FakeRequest request)
    {
        var body = request.Json("ref", "inputs?", "return_run_details?");
        var inputs = body["inputs"]?.DeepClone().AsObject() ?? [];
        request.Require(body["return_run_details"] is null or JsonValue, "return_run_details is true or false");
        if (IsOld && body.ContainsKey("return_run_details"))
        {
            return Unprocessable("Invalid request.\n\n\"return_run_details\" is not a permitted key.");
        }

        if (!Refs.Contains(body["ref"]!.GetValue<string>()))
        {
            return Unprocessable($"No ref found for: {body["ref"]}");
        }

        if (inputs.FirstOrDefault(pair => !Inputs.Contains(pair.Key)).Key is { } unknown)
        {
            return Unprocessable($"Unexpected inputs provided: [\"{unknown}\"]");
        }

        var run = new FakeRun(
            ++_lastRun,
            RunName(inputs),
            body["ref"]!.GetValue<string>(),
            inputs,
            TimeProvider.System.GetUtcNow()) { Secrets = new Dictionary<string, FakeSecret>(Stands) };
        Runs.Add(run);
        return body["return_run_details"]?.GetValue<bool>() != true ? FakeReply.Empty(204) : FakeReply.Json(200, new JsonObject
        {
            ["workflow_run_id"] = run.Id,
            ["run_url"] = $"https://api.github.example/repos/acme/platform/actions/runs/{run.Id}",
            ["html_url"] = run.Link,
        });
    }

    private FakeReply List(FakeRequest request)
    {
        request.Require(request.RequiredQuery("event") == "workflow_dispatch", "the event is another one");
        if (request.Query("status") is { } status)
        {
            request.Require(Statuses.Contains(status), $"there is no status '{status}'");
            return Page(request, [.. Runs.Where(run => run.Status == status)]);
        }

        var (branch, created) = (request.RequiredQuery("branch"), request.RequiredQuery("created"));
        request.Require(created.StartsWith(">=", StringComparison.Ordinal), "created is no lower bound");
        var since = DateTimeOffset.Parse(created[2..], CultureInfo.InvariantCulture);
        return Page(request, [.. Runs.Where(run => run.Branch == branch && run.CreatedAt >= since)], Advance);
    }

    private FakeReply Page(FakeRequest request, List<FakeRun> all, Func<FakeRun, FakeRun>? advance = null)
    {
        var (size, page) = (Number(request, "per_page"), Number(request, "page"));
        request.Require(size is >= 1 and <= 100, "a page has 1 to 100 entries");
        var runs = all.Where(run => !Unseen.Contains(run.Id)).OrderByDescending(run => run.Id).Skip((page - 1) * size).Take(size);
        var body = new JsonObject
        {
            ["total_count"] = all.Count,
            ["workflow_runs"] = new JsonArray([.. runs.Select(run => (JsonNode)(advance?.Invoke(run) ?? run).Shown())]),
        };

        // It leads elsewhere, as a proxy's or a liar's would: who follows it carries the token there.
        return FakeReply.Json(200, body, ("Link", $"<http://127.0.0.1:1/runs?page={page + 1}>; rel=\"next\""));
    }

    /// <summary>A run that has waited so far goes on to its end, unless it has ended.</summary>
    public void GiveRunner(FakeRun run)
    {
        if (run.Status != "completed")
        {
            (run.Conclusion, run.Status) = (Work(run), "completed");
        }
    }

    private FakeReply Look(string id) => Seen(id) is { } run ? FakeReply.Json(200, Advance(run).Shown()) : NotFound();

    private FakeRun? Seen(string id) =>
        Runs.Find(run => run.Id == long.Parse(id, CultureInfo.InvariantCulture) && !Unseen.Contains(run.Id));

    private FakeReply Cancel(string id, bool force)
    {
        if (Seen(id) is not { } run)
        {
            return NotFound();
        }

        if (run.Status == "completed")
        {
            return FakeReply.Json(409, new JsonObject { ["message"] = "Cannot cancel a workflow run that is completed." });
        }

        run.IsCancelled = true;
        if (force || LooksUntilCancelled == 0)
        {
            (run.Status, run.Conclusion) = ("completed", "cancelled");
        }

        return FakeReply.Json(202, new JsonObject());
    }

    private FakeRun Advance(FakeRun run)
    {
        if (run.IsCancelled)
        {
            if (run.Status != "completed" && --LooksUntilCancelled < 0)
            {
                (LooksUntilCancelled, run.Status, run.Conclusion) = (0, "completed", "cancelled");
            }
        }
        else if (!HasRunner(run))
        {
            return run;
        }
        else if (run.Status != "completed" && LooksUntilEnd-- <= 0)
        {
            (LooksUntilEnd, run.Status) = (0, "completed");
            run.Conclusion = Work(run);
        }
        else if (run.Status == "queued")
        {
            run.Status = "in_progress";
        }

        return run;
    }

    internal static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static FakeReply Unprocessable(string message) => FakeReply.Json(422, new JsonObject { ["message"] = message });

    private static int Number(FakeRequest request, string name) => int.Parse(request.RequiredQuery(name), CultureInfo.InvariantCulture);
}
