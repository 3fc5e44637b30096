using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Ledger;

namespace Rotunda.Reports.Folding;

/// <summary>How the details of the audit's rows are read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PlannedDetail))]
[JsonSerializable(typeof(CredentialDetail))]
[JsonSerializable(typeof(StateDetail))]
internal sealed partial class ReportRowJson : JsonSerializerContext;
