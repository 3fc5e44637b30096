using Rotunda.Rotation.Catalog;
namespace Rotunda.Api.Views;

public sealed record SecretView(
    SecretSummary Summary,
    string Store,
    TimeSpan? Interval,
    TimeSpan Grace,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Consumers,
    IReadOnlyList<CredentialView> Credentials,
    IReadOnlyList<RotationSummary> Rotations)
{
    /// <summary>When scheduled rotations may start, in words; null for always.</summary>
    public string? Window { get; init; }

    /// <summary>Before what a person is asked; null where nobody is.</summary>
    public ApprovalMoment? Approval { get; init; }

    /// <summary>For how long nothing may have used the old credential before it is revoked; null where that is not looked at.</summary>
    public TimeSpan? QuietFor { get; init; }

    /// <summary>For how long the old credential is disabled, as a trial, before it is revoked; null for not at all.</summary>
    public TimeSpan? DisableFor { get; init; }

    /// <summary>When each target got the value in use.</summary>
    public IReadOnlyList<ArrivalView> Arrivals { get; init; } = [];
}
