namespace Rotunda.Engine.Replay;

/// <summary>What a generation of an instance is given before anything happens: fixed for all of its turns.</summary>
internal sealed record Identity(string InstanceId, string Name, int Generation, string? Input);
