using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>A run of a workflow.</summary>
public sealed class FakeRun(long id, string title, string branch, JsonObject inputs, DateTimeOffset createdAt)
{
    public long Id { get; } = id;

    public string Title { get; } = title;

    public string Branch { get; } = branch;

    public JsonObject Inputs { get; } = inputs;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>As they were when the run was queued: what it is given, whatever is written later.</summary>
    public IReadOnlyDictionary<string, FakeSecret> Secrets { get; init; } = new Dictionary<string, FakeSecret>();

    public string Status { get; set; } = "queued";

    public string? Conclusion { get; set; }

    /// <summary>It was told to end.</summary>
    public bool IsCancelled { get; set; }

    public string Link => $"https://github.example/acme/platform/actions/runs/{Id}";

    /// <summary>As GitHub shows it, but for the links to other calls.</summary>
    internal JsonObject Shown() => new()
    {
        ["id"] = Id,
        ["name"] = "Sync",
        ["head_sha"] = "009b8a3a9ccbb128af87f9b1c0f4c62e8a304f6d",
        ["run_number"] = Id,
        ["run_attempt"] = 1,
        ["event"] = "workflow_dispatch",
        ["display_title"] = Title,
        ["head_branch"] = Branch,
        ["status"] = Status,
        ["conclusion"] = Conclusion,
        ["html_url"] = Link,
        ["pull_requests"] = new JsonArray(),
        ["created_at"] = FakeGitHub.Moment(CreatedAt),
        ["updated_at"] = FakeGitHub.Moment(CreatedAt),
        ["run_started_at"] = FakeGitHub.Moment(CreatedAt),
        ["actor"] = Account("rotunda[bot]", "Bot"),
        ["triggering_actor"] = Account("rotunda[bot]", "Bot"),
        ["referenced_workflows"] = new JsonArray(),
        ["previous_attempt_url"] = null,
        ["head_commit"] = new JsonObject
        {
            ["id"] = "009b8a3a9ccbb128af87f9b1c0f4c62e8a304f6d",
            ["message"] = "Sync",
            ["timestamp"] = FakeGitHub.Moment(CreatedAt),
            ["author"] = new JsonObject { ["name"] = "Octo Cat", ["email"] = "octocat@github.example" },
        },
        ["repository"] = new JsonObject
        {
            ["id"] = 1296269, ["name"] = "platform", ["private"] = true, ["description"] = null, ["owner"] = Account(
                "acme",
                "Organization"),
        },
    };

    private static JsonObject Account(string login, string type) =>
        new() { ["login"] = login, ["id"] = 1, ["type"] = type, ["site_admin"] = false };
}
