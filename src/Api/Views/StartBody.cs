using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <summary>Body of POST /api/rotations.</summary>
public sealed record StartBody(string? Secret, string? Reason, RotationTrigger? Trigger = null, string? Incident = null, bool RevokeFirst = false);
