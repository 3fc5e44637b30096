namespace Rotunda.Ledger;

/// <summary>A code that lets whoever has it do one thing once.</summary>
/// <param name="Hash">SHA-256 (hex) of the code, which is not kept.</param>
/// <param name="Kind">One of <see cref="CodeKinds"/>.</param>
/// <param name="Person">The only one who may use it; null for whoever has it.</param>
public sealed record CodeRecord(
    string Hash, string Kind, string RotationId, string? Person, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>With <see cref="CodeKinds.Decide"/>: the approval that it is for.</summary>
    public string? StepId { get; init; }

    /// <summary>With <see cref="CodeKinds.Decide"/>: the hash of the plan that it is for.</summary>
    public string? PlanHash { get; init; }

    /// <summary>With <see cref="CodeKinds.Decide"/>: whoever uses it has to sign in with this role; null with a person.</summary>
    public string? Role { get; init; }

    /// <summary>Null while it was not used.</summary>
    public DateTimeOffset? UsedAt { get; init; }
}
