using System.Text.Json.Serialization;
using Rotunda.Api.Views;
using Rotunda.Campaigns.Views;

namespace Rotunda.Api.Http;

[JsonSourceGenerationOptions(
    System.Text.Json.JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(StartBody))]
[JsonSerializable(typeof(CampaignBody))]
[JsonSerializable(typeof(ControlBody))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(PauseBody))]
[JsonSerializable(typeof(ResumeBody))]
[JsonSerializable(typeof(SettleBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(ProvideBody))]
[JsonSerializable(typeof(ProvideLinkBody))]
[JsonSerializable(typeof(FormBody))]
[JsonSerializable(typeof(FormLookBody))]
[JsonSerializable(typeof(DecideLinkBody))]
[JsonSerializable(typeof(DecideBody))]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(NoticeTestBody))]
internal sealed partial class BodyJson : JsonSerializerContext;
