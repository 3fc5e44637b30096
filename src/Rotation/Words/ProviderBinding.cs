using System.Text.Json.Nodes;

namespace Rotunda.Rotation.Words;

/// <summary>A provider's id and settings, as in the catalog. Settings marked secret hold references.</summary>
public sealed record ProviderBinding(string Type, JsonObject Settings);
