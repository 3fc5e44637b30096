using System.Text.Json;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>
/// What a deployment of one parameter file puts into an empty resource group, with its expressions worked out as far as can be before.
/// </summary>
internal sealed record Deployment(string Name, IReadOnlyList<AzureResource> Resources)
{
    public IEnumerable<AzureResource> Of(string type) => Resources.Where(r => r.Type == type);

    /// <summary>The settings of the function app.</summary>
    public IReadOnlyDictionary<string, string> Settings => Of("Microsoft.Web/sites").Single()["properties", "siteConfig", "appSettings"]
        .EnumerateArray()
        .ToDictionary(s => s.GetProperty("name").GetString()!, s => s.GetProperty("value").GetString()!, StringComparer.Ordinal);

    /// <summary>The queries of the log alerts.</summary>
    public IEnumerable<string> Queries => Of("Microsoft.Insights/scheduledQueryRules")
        .SelectMany(rule => rule["properties", "criteria", "allOf"].EnumerateArray().Select(c => c.GetProperty("query").GetString()!));
}

/// <summary>A resource of a deployment.</summary>
internal sealed record AzureResource(JsonElement Json)
{
    public string Id => this["id"].GetString()!;

    /// <summary>Full type without the version, that of a nested resource included: <c>Microsoft.Web/sites/config</c>.</summary>
    public string Type => this["type"].GetString()!;

    public string Name => this["name"].GetString()!;

    public JsonElement this[params ReadOnlySpan<string> path]
    {
        get
        {
            var at = Json;
            foreach (var step in path)
            {
                at = at.GetProperty(step);
            }

            return at;
        }
    }

    /// <summary>What a role assignment is for.</summary>
    public string Scope() => Id[..Id.LastIndexOf("/providers/", StringComparison.Ordinal)];

    public override string ToString() => $"{Type} {Name}";
}
