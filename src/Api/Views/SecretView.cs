using System.Text.Json.Serialization;
using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Scheduling;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Views;

public sealed record SecretView(
    SecretSummary Summary,
    string Store,
    TimeSpan? Interval,
    TimeSpan Grace,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Consumers,
    IReadOnlyList<CredentialView> Credentials,
    IReadOnlyList<RotationSummary> Rotations);
