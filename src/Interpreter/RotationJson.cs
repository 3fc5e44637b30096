using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Interpreter;

/// <summary>The contracts of everything the domain persists or sends: histories, plans, statuses.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RotationInput))]
[JsonSerializable(typeof(RotationResult))]
[JsonSerializable(typeof(RotationPlan))]
[JsonSerializable(typeof(RotationStatus))]
[JsonSerializable(typeof(StepInput))]
[JsonSerializable(typeof(StepOutcome))]
[JsonSerializable(typeof(RecordInput))]
[JsonSerializable(typeof(ControlMessage))]
[JsonSerializable(typeof(CredentialRecord))]
[JsonSerializable(typeof(NoticeDelivery))]
[JsonSerializable(typeof(NoticeAttempt))]
[JsonSerializable(typeof(NoticeStatus))]
[JsonSerializable(typeof(JsonObject))]
public sealed partial class RotationJson : JsonSerializerContext;
