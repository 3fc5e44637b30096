using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Delivery;

/// <summary>What a failure of writing a file means. The file is replaced in one step, so a failure before it changed nothing.</summary>
internal static class DeliveryFailures
{
    private const int Busy = 16;
    private const int DiskFull = 28;
    private const int QuotaSpent = 122;

    public static async Task<StepOutcome> GuardAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
        catch (UnauthorizedAccessException)
        {
            return StepOutcome.Rejected(
                "This process may not read or replace the file behind 'path'. Give it read access to the file and write access to its "
                    + "folder, and see with 'lsattr' that neither is marked immutable.");
        }
        catch (IOException exception) when ((exception.HResult & 0xffff) == Busy)
        {
            return StepOutcome.Rejected(
                "The file behind 'path' cannot be replaced because it is a mount point. Mount its folder instead of the single file.");
        }
        catch (IOException exception) when ((exception.HResult & 0xffff) is DiskFull or QuotaSpent)
        {
            return StepOutcome.RetryLater("The disk of the file behind 'path' is full, or its quota is spent. Free some space.");
        }
        catch (IOException exception)
        {
            return StepOutcome.RetryLater(
                $"The file behind 'path' could not be replaced ({exception.GetType().Name}, code {exception.HResult}). Check its disk.");
        }
    }

    /// <summary>The same for a look at what stands there, whose answer has no place for an outcome. Nothing was written, whatever
    /// goes wrong.</summary>
    /// <exception cref="OutcomeException">With what was wrong and what to do.</exception>
    public static async Task<SecretValue?> LookAsync(Func<Task<SecretValue?>> look)
    {
        try
        {
            return await look();
        }
        catch (UnauthorizedAccessException)
        {
            throw new OutcomeException(
                StepOutcome.Rejected(
                    "This process may not read the file behind 'path'. Give it read access to the file and to its folder."));
        }
        catch (IOException exception)
        {
            throw new OutcomeException(
                StepOutcome.Rejected(
                    $"The file behind 'path' could not be read ({exception.GetType().Name}, code {exception.HResult}). Check the path "
                        + "and its disk."));
        }
    }
}
