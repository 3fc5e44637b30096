namespace Rotunda.Postgres;

/// <summary>Looks for what an exception was caused by: drivers wrap what the network and TLS said.</summary>
public static class Causes
{
    /// <summary>True if the exception, or one inside it, is a <typeparamref name="T"/>.</summary>
    public static bool Has<T>(Exception exception)
        where T : Exception => exception is T || (exception.InnerException is { } inner && Has<T>(inner));
}
