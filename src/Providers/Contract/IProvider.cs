using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// One system. An implementation is stateless and safe to call from many threads; it also implements the ability
/// interfaces that its descriptor names, and a test fails where the two differ. What it can do is what the descriptor says.
/// </summary>
/// <remarks>
/// Common contract of all ability methods. Called by steps only, inside one activity, possibly again after a crash or a lost
/// reply: each call is repeatable. They return outcomes for what the system said and throw only for what they cannot
/// explain (the caller turns that into Unknown). Methods whose answer is no outcome throw <see cref="OutcomeException"/> with
/// the outcome that says what went wrong. No reason, fact or exception message ever holds a secret value.
/// </remarks>
public interface IProvider
{
    ProviderDescriptor Descriptor { get; }

    /// <summary>What the code can do, for the test that compares it with the descriptor.</summary>
    Abilities Implemented => AbilityInterfaces.Of(this);
}
