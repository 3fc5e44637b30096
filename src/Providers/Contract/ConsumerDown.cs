using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>
/// How <see cref="IValidateSetup"/> of a consumer says that it is set up right but not up now: the policy may go on without it,
/// which it may not with anything else that is wrong.
/// </summary>
public static class ConsumerDown
{
    /// <param name="who">A sentence for each instance, service or workload that is down.</param>
    public static StepOutcome Of(IReadOnlyCollection<string> who)
    {
        var all = string.Join(' ', who);
        return StepOutcome.RetryLater(all) with
        {
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StepFacts.Down] = all },
        };
    }

    public static bool Is(StepOutcome outcome) =>
        outcome.Kind == StepOutcomeKind.RetryLater && outcome.Facts?.ContainsKey(StepFacts.Down) == true;
}
