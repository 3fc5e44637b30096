using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>One node cannot be asked; nothing was changed there.</summary>
internal sealed class RedisNodeException(RedisAddress address, StepOutcome outcome) : OutcomeException(outcome)
{
    public RedisAddress Address { get; } = address;
}
