using System.Text.Json.Serialization;
using Rotunda.Orchestration;

namespace Rotunda.Engine.History;

/// <summary>Something orchestration code asked for: the second half of a <see cref="Turn"/>. Replay compares these.</summary>
/// <param name="Id">The operation's number within its generation, counted as the code calls.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ActivityCalled), "activity")]
[JsonDerivedType(typeof(ChildCalled), "child")]
[JsonDerivedType(typeof(TimerCreated), "timer")]
[JsonDerivedType(typeof(TimerCancelled), "timer-cancelled")]
[JsonDerivedType(typeof(EventAwaited), "wait")]
[JsonDerivedType(typeof(Returned), "returned")]
[JsonDerivedType(typeof(Threw), "threw")]
[JsonDerivedType(typeof(ContinuedAsNew), "continued-as-new")]
internal abstract record Operation(int Id);

internal sealed record ActivityCalled(
    int Id,
    string Name,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Input) : Operation(Id);

internal sealed record ChildCalled(
    int Id,
    string Name,
    string InstanceId,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Input) : Operation(Id);

internal sealed record TimerCreated(int Id, DateTimeOffset FireAt) : Operation(Id);

/// <param name="Timer">The operation that created the timer.</param>
internal sealed record TimerCancelled(int Id, int Timer) : Operation(Id);

internal sealed record EventAwaited(int Id, string Name) : Operation(Id);

/// <summary>The orchestration function returned: the instance has completed.</summary>
internal sealed record Returned(int Id, [property: JsonConverter(typeof(RawJsonConverter))] string? Output) : Operation(Id);

/// <summary>The orchestration function threw: the instance has failed.</summary>
internal sealed record Threw(int Id, FailureDetails Failure) : Operation(Id);

/// <summary>The function returned after asking for a next generation.</summary>
internal sealed record ContinuedAsNew(
    int Id,
    [property: JsonConverter(typeof(RawJsonConverter))] string? Input,
    bool PreserveEvents) : Operation(Id);
