using Rotunda.Orchestration;

namespace Rotunda.Engine.Replay;

/// <summary>Exceptions as data.</summary>
internal static class Failures
{
    /// <summary>Stack traces are left out: they differ between builds, and a history is read long after its build.</summary>
    public static FailureDetails From(Exception exception) =>
        new(exception.GetType().FullName ?? exception.GetType().Name, exception.Message);
}
