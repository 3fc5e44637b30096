using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Activities.Orphans;

/// <summary>The contracts of what histories hold of orphans.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrphanSettling))]
[JsonSerializable(typeof(OrphanStatus))]
public sealed partial class OrphanJson : JsonSerializerContext;
