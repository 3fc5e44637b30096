using System.Text.Json.Serialization;
using Rotunda.Orchestration;

namespace Rotunda.Engine.History;

/// <summary>Something that reached an instance: the first half of a <see cref="Turn"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Started), "started")]
[JsonDerivedType(typeof(OperationCompleted), "completed")]
[JsonDerivedType(typeof(OperationFailed), "failed")]
[JsonDerivedType(typeof(TimerFired), "timer-fired")]
[JsonDerivedType(typeof(EventRaised), "event")]
internal abstract record Received;

/// <summary>The generation's first event. The input is the instance's own column, not repeated here.</summary>
internal sealed record Started : Received
{
    public static readonly Started Instance = new();
}

/// <summary>An activity or a child orchestration returned.</summary>
internal sealed record OperationCompleted(int Op, [property: JsonConverter(typeof(RawJsonConverter))] string? Result) : Received;

/// <summary>An activity threw; a child failed, was terminated or could not start.</summary>
internal sealed record OperationFailed(int Op, FailureDetails Failure) : Received;

internal sealed record TimerFired(int Op) : Received;

internal sealed record EventRaised(string Name, [property: JsonConverter(typeof(RawJsonConverter))] string? Payload) : Received;
