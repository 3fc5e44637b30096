namespace Rotunda.Engine.History;

/// <summary>
/// One step of an instance, and one row of its history: what it received, all at once, and what its code called in answer
/// before it had to wait again. Replaying an instance is running its turns again and comparing <see cref="Called"/>.
/// </summary>
/// <param name="At">What the code saw as the current time. Never earlier than the turn before.</param>
internal sealed record Turn(DateTimeOffset At, IReadOnlyList<Received> Received, IReadOnlyList<Operation> Called);
