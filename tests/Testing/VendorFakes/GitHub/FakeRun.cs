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
}
