namespace Rotunda.Files;

/// <summary>The process "died" at a crash point. Thrown by test handlers only; nothing on the way out handles it.</summary>
public sealed class SimulatedCrashException(string point) : Exception($"Crashed at {point}.");
