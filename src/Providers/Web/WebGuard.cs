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
        catch (WebFailureException failure)
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
        catch (WebFailureException failure)
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
        catch (WebFailureException failure)
        {
            throw new StoreUnavailableException($"{store}: {failure.Message}") { RetryAfter = failure.Outcome.RetryAfter };
        }
        catch (Exception problem) when (problem is SettingMissingException or ReferenceUnresolvedException)
        {
            throw new StoreUnavailableException($"{store}: {problem.Message}");
        }
    }

    /// <summary>Whatever goes wrong says nothing about the value: that a value is invalid, the work says itself.</summary>
    public static async Task<Verification> VerifyAsync(Func<Task<Verification>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception problem) when (problem is WebFailureException or SettingMissingException or ReferenceUnresolvedException)
        {
            return new Verification(Validity.CannotTell, problem.Message, (problem as WebFailureException)?.Outcome.RetryAfter);
        }
    }

    public static async Task<UseReport> UseAsync(Func<Task<UseReport>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception problem) when (problem is WebFailureException or SettingMissingException or ReferenceUnresolvedException)
        {
            return new UseReport(Use.CannotTell, problem.Message, RetryAfter: (problem as WebFailureException)?.Outcome.RetryAfter);
        }
    }
}
