using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption.Formats;

/// <summary>How stored values are sealed. An instance has the keys of a ring ready, and serves one connection at a time.</summary>
internal interface IRowFormat : IDisposable
{
    /// <summary>Tries the key at this position of the ring on every value that none has opened yet.</summary>
    Task OpenAsync(Cells cells, int key, CancellationToken cancellationToken);

    /// <summary>Seals every wanted value with the key at this position of the ring.</summary>
    Task SealAsync(Cells cells, int key, CancellationToken cancellationToken);
}

/// <summary>A key, or what a program answers, is not as the format wants it. The message holds no value.</summary>
internal sealed class RowFormatException(string message) : OutcomeException(StepOutcome.Rejected(message));
