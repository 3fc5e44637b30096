using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>One credential as a target's templates see it.</summary>
public sealed record DeliveredCredential(SecretValue Value, string? Username, string Fingerprint);

/// <summary>What is to stand at a target. Disposed by the caller.</summary>
/// <param name="Secondary">Null where the strategy has one value.</param>
/// <param name="Salt">The salt of the fingerprints, for consumers that report theirs.</param>
public sealed record DeliveredValues(DeliveredCredential Primary, DeliveredCredential? Secondary, string Salt);
