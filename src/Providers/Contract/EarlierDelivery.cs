namespace Rotunda.Providers.Contract;

/// <summary>An attempt to deliver to the same target.</summary>
/// <param name="EndedAt">Null: its end is not on record (the process died).</param>
/// <param name="IsSettled">What came of it is known: its facts tell, or nothing happened. Else it may have done anything.</param>
/// <param name="Facts">As it told them; empty for one that did not succeed.</param>
public sealed record EarlierDelivery(
    DateTimeOffset BeganAt,
    DateTimeOffset? EndedAt,
    bool IsSettled,
    IReadOnlyDictionary<string, string> Facts);
