using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>The keys that what is stored may be under. The caller disposes them.</summary>
/// <param name="InUse">What the application writes with before the rotation.</param>
/// <param name="New">What it writes with afterwards; while a rehearsal runs, a key made for it. Null where this rotation has none
/// yet.</param>
/// <param name="Others">Keys of earlier rotations that were not carried through.</param>
public sealed record DataKeys(SecretValue InUse, SecretValue? New, IReadOnlyList<SecretValue> Others);

/// <summary>How much of a step is to be done in one call.</summary>
/// <param name="Length">After this time no further batch is begun. Zero: one batch.</param>
/// <param name="Pass">Tells the passes of one rotation over the same rows apart, where it is kept how far each is.</param>
/// <param name="Cursor">The fact <see cref="StepFacts.Cursor"/> of the step's last slice, if it gave one; null for the first.</param>
public sealed record Slice(TimeSpan Length, string Pass, string? Cursor);

/// <summary>
/// Ability ReencryptData: holds data under a key, and moves it to another. All methods may be called again after a crash at any
/// moment: what is done is kept where the data is, in the transaction that did it. Continue, with how far it is as
/// <see cref="StepFacts"/>, means that there is more. Reasons and facts name tables and keys of rows, never what a row holds.
/// </summary>
public interface IReencryptData
{
    /// <summary>Looks for whatever would stop the move: rights, space, a sample that the key does not open, an update that is
    /// refused. Leaves nothing written.</summary>
    Task<StepOutcome> PreflightAsync(ProviderCall call, DataKeys keys, CancellationToken cancellationToken);

    /// <summary>Opens every row, seals it with the new key and opens it again, in memory. Rejected with the keys of the rows that no key
    /// opens, unless the settings name them. Its last facts are what a person needs to approve the move. Writes nothing.</summary>
    Task<StepOutcome> RehearseAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken);

    /// <summary>Keeps every row as it is, with a checksum.</summary>
    Task<StepOutcome> BackupAsync(ProviderCall call, Slice slice, CancellationToken cancellationToken);

    /// <summary>Moves every row to the new key. Rejected only while no row has been moved.</summary>
    Task<StepOutcome> MigrateAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken);

    /// <summary>Opens every row with the new key alone. Rows that were written meanwhile with another known key are moved, and it
    /// looks once more.</summary>
    Task<StepOutcome> VerifyRowsAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken);

    /// <summary>Puts every row back under the key in use, whatever was written since. AlreadyDone if this pass was carried
    /// through before.</summary>
    Task<StepOutcome> RestoreRowsAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken);

    /// <summary>Ends whatever a worker of another rotation, named by the call, may still be doing: a batch that it has begun fails or is
    /// through when this returns, and it begins no other.</summary>
    Task<StepOutcome> FenceAsync(ProviderCall call, CancellationToken cancellationToken);

    /// <summary>Forgets the backup and how far each pass of the rotation is. The plan sees to it that nothing needs them any
    /// more.</summary>
    Task<StepOutcome> DropBackupAsync(ProviderCall call, CancellationToken cancellationToken);
}
