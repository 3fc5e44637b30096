using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

/// <param name="Existing">True if the idempotency key was used before and this is what it started.</param>
public sealed record StartedView(string RotationId, bool Existing, string? SupersededId);
