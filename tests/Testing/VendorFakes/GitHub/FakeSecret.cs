namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>A secret as GitHub keeps it.</summary>
/// <param name="Visibility">Of an organisation's; else null.</param>
public sealed record FakeSecret(string Value, string? Visibility, IReadOnlyList<long> Repositories, int Writes)
{
    public DateTimeOffset UpdatedAt { get; init; } = DateTimeOffset.UnixEpoch;
}
