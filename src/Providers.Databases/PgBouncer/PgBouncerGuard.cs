using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>What a failure between a file and its poolers means.</summary>
internal static class PgBouncerGuard
{
    public static async Task<StepOutcome> RunAsync(Func<PgBouncerProgress, Task<StepOutcome>> work)
    {
        var progress = new PgBouncerProgress();
        var outcome = await DeliveryFailures.GuardAsync(async () =>
        {
            try
            {
                return await work(progress);
            }
            catch (PgBouncerException problem)
            {
                return problem.Outcome;
            }
        });

        // Once a file is written, a refusal no longer means that nothing happened. Doing it again is harmless.
        return outcome.Kind == StepOutcomeKind.Rejected && progress.MayHaveChanged
            ? StepOutcome.Unknown($"A file is written, but not every pooler has read all that is to be. {outcome.Reason}") : outcome;
    }
}
