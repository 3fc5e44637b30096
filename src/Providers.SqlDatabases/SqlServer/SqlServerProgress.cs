using Rotunda.Rotation.Words;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>How far the work on the instances came, which decides what a failure means.</summary>
internal sealed class SqlServerProgress
{
    /// <summary>The instance that a change is on its way to, for people.</summary>
    public string? At { get; set; }

    /// <summary>A change is on its way; what, for people.</summary>
    public string? Sending { get; set; }

    /// <summary>A change is in force somewhere, and more was to follow; what, for people.</summary>
    public string? Happened { get; set; }

    /// <summary>The work ends a credential: no way back undoes it.</summary>
    public bool Ends { get; set; }

    public StepOutcome Means(Exception exception, SqlServerSetup? setup)
    {
        var (inner, at) = exception is SqlServerOpenException open ? (open.InnerException!, open.At) : (exception, At);
        return this switch
        {
            // Never Rejected from here on: something did happen, and doing it again is harmless. Nor RetryLater, which a way back takes as
            // not done, but for an end, which has none.
            { Happened: { } what, Ends: true } =>
                StepOutcome.RetryLater($"{what} {SqlServerFailures.BeforeAnything(inner, setup, at).Reason}"),
            { Happened: { } what } => StepOutcome.Unknown($"{what} {SqlServerFailures.BeforeAnything(inner, setup, at).Reason}"),
            { Sending: { } what } => SqlServerFailures.AfterSending(inner, setup!, at!, what),
            _ => SqlServerFailures.BeforeAnything(inner, setup, at),
        };
    }
}
