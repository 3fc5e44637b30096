using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rotunda.Reports.Incident;

/// <summary>The contract of the report as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(IncidentReport))]
internal sealed partial class IncidentJson : JsonSerializerContext;
