using Microsoft.Extensions.Logging;

namespace Rotunda.World.Tests;

/// <summary>Reads every line that is logged, for values that must not be there.</summary>
internal sealed class WorldLog(WorldRun world) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        world.Watch.Leaks(line, "log");
        world.Watch.Leaks(exception?.ToString(), "log");
        if (logLevel >= LogLevel.Warning)
        {
            world.Tell(null, $"log: {line} {exception?.GetType().Name} {exception?.Message}");
        }
    }

    public void Dispose()
    {
    }
}
