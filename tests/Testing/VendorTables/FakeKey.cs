using System.Text.Json.Nodes;

namespace Rotunda.Testing.VendorTables;

/// <summary>A key as a fake vendor keeps it.</summary>
public sealed record FakeKey(string Id, string Name, string Value)
{
    /// <summary>The path that it was made at.</summary>
    public string Place { get; set; } = "";

    public DateTimeOffset Created { get; } = TimeProvider.System.GetUtcNow();

    public DateTimeOffset? Used { get; set; }

    /// <summary>When it ends by itself; null: never.</summary>
    public DateTimeOffset? Ends { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>What else was asked for when it was made: scopes, limits.</summary>
    public JsonObject More { get; set; } = [];
}
