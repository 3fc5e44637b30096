using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Testing.EngineConformance;

/// <summary>A payload with structure, for the cases that compare shapes.</summary>
public sealed record Order(string Item, int Count, IReadOnlyList<string>? Tags = null);

/// <summary>The same meaning with another shape.</summary>
public sealed record ChangedOrder(string Item, int Quantity);

/// <summary>What code saw of time and ids.</summary>
public sealed record Seen(DateTimeOffset Time, Guid Id);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(ChangedOrder))]
[JsonSerializable(typeof(Seen))]
[JsonSerializable(typeof(List<Seen>))]
public sealed partial class ConformancePayloads : JsonSerializerContext;
