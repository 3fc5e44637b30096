using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

public sealed record RotationSummary(
    string Id,
    string Secret,
    int Number,
    RotationState State,
    RotationTrigger Trigger,
    string Reason,
    string RequestedBy,
    string? Incident,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt,
    string? Detail,
    DateTimeOffset? Until);
