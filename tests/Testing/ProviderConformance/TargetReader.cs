namespace Rotunda.Testing.ProviderConformance;

/// <summary>A program that reads a target as a consumer does.</summary>
/// <param name="Read">What it takes for the delivered value; null where the program is not on this machine.</param>
public sealed record TargetReader(string Name, Func<Task<string?>> Read);
