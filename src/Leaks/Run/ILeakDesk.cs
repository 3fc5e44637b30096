using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Leaks.Run;

/// <summary>What leaks need of the desk at which rotations are started and steered.</summary>
public interface ILeakDesk
{
    DateTimeOffset Now { get; }

    /// <summary>The newest valid one; null if none could be read yet.</summary>
    RotationCatalog? Catalog { get; }

    /// <summary>Starts an emergency rotation. The same key starts one only.</summary>
    Task<LeakStart> StartEmergencyAsync(
        string secret, string reason, string by, string incident, string startKey, CancellationToken cancellationToken);

    /// <summary>Ends the grace period that a rotation is in, so that its old credential is revoked now.</summary>
    /// <returns>Null if it was told; else why it does not take that.</returns>
    Task<string?> EndGraceAsync(string rotationId, string reason, CancellationToken cancellationToken);

    /// <summary>Has an orphan revoked at its provider.</summary>
    /// <returns>Null if that is under way; else why not.</returns>
    Task<string?> RevokeOrphanAsync(long credential, string reason, CancellationToken cancellationToken);

    /// <summary>Tells people by the channels that the catalog names. Told twice, it is sent once.</summary>
    Task SendAsync(LeakNotice notice, CancellationToken cancellationToken);
}

/// <param name="RotationId">The one that runs; null if none was started.</param>
/// <param name="Refusal">Why none was; null if one was, or may be soon.</param>
public sealed record LeakStart(string? RotationId, string? Refusal);

/// <param name="Condition">What it is about, the same for the notice that tells its end.</param>
public sealed record LeakNotice(NoticeKind Kind, string Secret, string? RotationId, string Condition, string Title, string Message)
{
    /// <summary>What tells it from an earlier one of the same words about the same condition; null for the first.</summary>
    public string? Episode { get; init; }

    /// <summary>It tells the end of its condition.</summary>
    public bool Ends { get; init; }
}
