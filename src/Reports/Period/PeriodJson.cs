using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Words;

namespace Rotunda.Reports.Period;

/// <summary>The contract of the report as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(PeriodReport))]
[JsonSerializable(typeof(Strategy))]
internal sealed partial class PeriodJson : JsonSerializerContext;
