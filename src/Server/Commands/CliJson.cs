using System.Text.Json;
using System.Text.Json.Serialization;
using Rotunda.Api.Views;
using Rotunda.Calendar.Simulation;
using Rotunda.Ledger;

namespace Rotunda.Server.Commands;

internal sealed record CatalogCheckView(
    bool Valid,
    int? Secrets,
    string? Hash,
    int? Files,
    IReadOnlyList<string> Problems,
    IReadOnlyList<string> Warnings);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogCheckView))]
[JsonSerializable(typeof(IReadOnlyList<TokenView>))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSerializable(typeof(AuditVerification))]
[JsonSerializable(typeof(AuditRow))]
[JsonSerializable(typeof(FollowEvent))]
[JsonSerializable(typeof(AuditRowView))]
[JsonSerializable(typeof(SimulationReport))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Without escaping what only matters inside HTML: people read these lines too.</summary>
    public static CliJson Readable { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
