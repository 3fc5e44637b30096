using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Everything an ability method gets besides its own arguments.</summary>
/// <param name="Settings">The binding's settings, references resolved on demand.</param>
/// <param name="Attempt">1 for the first. Later ones look before they act where acting twice would do harm.</param>
/// <param name="Time">The clock.</param>
public sealed record ProviderCall(ProviderSettings Settings, string Secret, string RotationId, int Number, int Attempt, TimeProvider Time)
{
    /// <summary>The plan's id of the step (or of the undo) that calls: all attempts of it have the same, other steps of the
    /// rotation another.</summary>
    public string Step { get; init; } = "";

    /// <summary>True on a rotation's way back.</summary>
    public bool IsUndo => Step.StartsWith("undo-", StringComparison.Ordinal);

    /// <summary>
    /// When this step's first attempt since the last delivery began. A restart done after that moment need not be repeated. Null
    /// if unknown. Told to <see cref="IRestartConsumers"/>.
    /// </summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>The name of the target, or of the consumer, in the catalog; null where there is none.</summary>
    public string? Target { get; init; }

    /// <summary>With <see cref="IConfirmSync"/> and <see cref="IDeliverValues.RestoreAsync"/>: the facts of the last delivery to
    /// this target in this rotation, on the way there or back, as <see cref="IDeliverValues"/> told them. They are in the ledger,
    /// so what was started there can be followed after a restart too.</summary>
    public IReadOnlyDictionary<string, string> Delivery { get; init; } = new Dictionary<string, string>();

    /// <summary>With <see cref="IDeliverValues.DeliverAsync"/>: the attempts to deliver to this target before this one, in this
    /// rotation and the few before it, on the way there or back, the newest first. What they started there may still be under
    /// way.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<EarlierDelivery>>> EarlierDeliveries { get; init; } =
        _ => Task.FromResult<IReadOnlyList<EarlierDelivery>>([]);

    /// <summary>The secret's strategy: where an account can be given a second value or its only one replaced, it tells which. Null where
    /// nothing is set on accounts.</summary>
    public Strategy? Strategy { get; init; }

    /// <summary>With <see cref="IReportUse"/>: when the new value became current, after it was delivered everywhere. Null if it did not
    /// yet, or nothing tells.</summary>
    public DateTimeOffset? Promoted { get; init; }

    /// <summary>The secret's salt, as in <see cref="DeliveredValues"/>: what two providers derive from it and a value is the
    /// same. Null in tests of one provider alone.</summary>
    public string? SecretSalt { get; init; }
}
