using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Web;

/// <summary>Turns what went wrong in a provider's calls into the answer of its ability.</summary>
internal static class WebGuard
{
    public static async Task<StepOutcome> OutcomeAsync(Func<Task<StepOutcome>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
    }

    public static async Task<IssueResult> IssueAsync(Func<Task<IssueResult>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return new IssueResult(failure.Outcome);
        }
    }

    /// <summary>For stores, whose contract knows no outcomes.</summary>
    /// <exception cref="StoreUnavailableException">With the failure's reason, and how long the system asks to wait.</exception>
    public static async Task<T> StoreAsync<T>(string store, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            throw new StoreUnavailableException($"{store}: {failure.Message}") { RetryAfter = failure.Outcome.RetryAfter };
        }
    }

    /// <summary>Whatever goes wrong says nothing about the value: that a value is invalid, the work says itself.</summary>
    public static async Task<Verification> VerifyAsync(Func<Task<Verification>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return new Verification(Validity.CannotTell, failure.Message, failure.Outcome.RetryAfter);
        }
    }

    public static async Task<UseReport> UseAsync(Func<Task<UseReport>> work)
    {
        try
        {
            return await work();
        }
        catch (OutcomeException failure)
        {
            return new UseReport(Use.CannotTell, failure.Message, RetryAfter: failure.Outcome.RetryAfter);
        }
    }
}
