using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What a failure between a file and its poolers means.</summary>
internal static class PgBouncerGuard
{
    public static Task<StepOutcome> RunAsync(Func<PgBouncerProgress, Task<StepOutcome>> work)
    {
        var progress = new PgBouncerProgress();
        return DeliveryFailures.GuardAsync(async () =>
        {
            try
            {
                return await work(progress);
            }
            catch (PgBouncerException problem)
            {
                // Once the file is written, a refusal no longer means that nothing happened. Doing it again is harmless.
                return problem.Outcome.Kind == StepOutcomeKind.Rejected && progress.MayHaveChanged
                    ? StepOutcome.Unknown($"The file is written, but not every pooler has read it. {problem.Message}") : problem.Outcome;
            }
        });
    }
}
