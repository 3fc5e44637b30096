using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

public sealed record AuditRowView(
    long Sequence,
    DateTimeOffset At,
    string Actor,
    string Action,
    string? Secret,
    string? RotationId,
    string? StepId,
    string? Detail,
    string PreviousHash,
    string Hash);
