namespace Rotunda.Rotation.Words;

/// <param name="Attempts">All attempts, the first included.</param>
/// <param name="First">The first pause; each next is <paramref name="Factor"/> times as long, up to <paramref name="Max"/>, with
/// up to 20% jitter.</param>
/// <param name="Within">No attempt begins later than this after the first, however slow answers are; null: attempts alone count.</param>
public sealed record RetryBudget(int Attempts, TimeSpan First, TimeSpan Max, double Factor = 2, TimeSpan? Within = null);
