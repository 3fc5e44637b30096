namespace Rotunda.Engine.Replay;

/// <summary>The code cannot go on from its history. The instance becomes stuck and nothing is appended.</summary>
/// <param name="errorType">"Drift", or "ForeignAwait" for code that waits for something the context did not give.</param>
internal sealed class DriftException(string message, string errorType = DriftException.Drift) : Exception(message)
{
    public const string Drift = "Drift";
    public const string ForeignAwait = "ForeignAwait";

    public string ErrorType { get; } = errorType;
}
