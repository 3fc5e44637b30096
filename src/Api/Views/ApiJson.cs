using System.Text.Json.Serialization;
using Rotunda.Rotation.Planning;

namespace Rotunda.Api.Views;

/// <summary>Contracts of the answers. The command line reads them with the same.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StartBody))]
[JsonSerializable(typeof(ControlBody))]
[JsonSerializable(typeof(AdoptedView))]
[JsonSerializable(typeof(ReasonBody))]
[JsonSerializable(typeof(DriftView))]
[JsonSerializable(typeof(DriftList))]
[JsonSerializable(typeof(HandedOverView))]
[JsonSerializable(typeof(OrphanList))]
[JsonSerializable(typeof(SettleBody))]
[JsonSerializable(typeof(SettledView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(HomeView))]
[JsonSerializable(typeof(CalendarView))]
[JsonSerializable(typeof(SecretList))]
[JsonSerializable(typeof(SecretView))]
[JsonSerializable(typeof(RotationList))]
[JsonSerializable(typeof(RotationView))]
[JsonSerializable(typeof(StartedView))]
[JsonSerializable(typeof(ControlView))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(NewTokenView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(AuditRowView))]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ClockView))]
[JsonSerializable(typeof(RekeyView))]
[JsonSerializable(typeof(RotationPlan))]
public sealed partial class ApiJson : JsonSerializerContext;
