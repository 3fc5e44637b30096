using System.Text.RegularExpressions;
using Rotunda.Orchestration;

namespace Rotunda.Api.Head;

/// <summary>Durable Task's words for an instance's state, as ours.</summary>
public static partial class DurableStatus
{
    /// <summary>Of a suspended instance: it stands still until it is resumed, as a stuck one does.</summary>
    public const string Suspended = "Suspended";

    /// <param name="word">The name in Durable Task's enumeration.</param>
    public static OrchestrationStatus Of(string word) => word switch
    {
        "Pending" => OrchestrationStatus.Pending,
        "Completed" => OrchestrationStatus.Completed,
        "Failed" => OrchestrationStatus.Failed,
        "Terminated" or "Canceled" => OrchestrationStatus.Terminated,
        Suspended => OrchestrationStatus.Stuck,
        _ => OrchestrationStatus.Running,
    };

    /// <summary>The words that an instance of that state may have there.</summary>
    public static IReadOnlyList<string> WordsOf(OrchestrationStatus status) => status switch
    {
        OrchestrationStatus.Pending => ["Pending"],
        OrchestrationStatus.Running => ["Running"],
        OrchestrationStatus.Completed => ["Completed"],
        OrchestrationStatus.Failed => ["Failed"],
        OrchestrationStatus.Terminated => ["Terminated"],
        _ => [Suspended],
    };

    /// <summary>Why it stands as it does, where there is something to tell. A terminated instance holds the reason as its output.</summary>
    public static FailureDetails? FailureOf(OrchestrationStatus status, FailureDetails? told, string? output) => status switch
    {
        OrchestrationStatus.Failed => told ?? Read(output) ?? new FailureDetails("Unknown", output ?? "no reason is on record"),
        OrchestrationStatus.Stuck => new FailureDetails(Suspended, "The instance was suspended. Resume it when it may go on."),
        OrchestrationStatus.Terminated when output is not null => new FailureDetails("Terminated", output),
        _ => null,
    };

    /// <summary>Azure Storage keeps of a failure only its text: the type of the exception, a colon and the message.</summary>
    private static FailureDetails? Read(string? output) =>
        Failure().Match(output ?? "") is { Success: true } read
            ? new FailureDetails(read.Groups["type"].Value, read.Groups["message"].Value)
            : null;

    [GeneratedRegex(
        @"\A(?<type>[A-Za-z_][\w`+]*(\.[A-Za-z_][\w`+]*)+): (?<message>.*)\z",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failure();
}
