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
