namespace Rotunda.World.Tests;

/// <summary>A promise is broken, or the world cannot go on as it should.</summary>
internal sealed class WorldBrokenException(string message, string promise = "the world goes on") : Exception(message)
{
    /// <summary>Which promise, in a few words.</summary>
    public string Promise { get; } = promise;
}
