namespace Rotunda.Api.Views;

/// <summary>The clock that grace periods go by.</summary>
/// <param name="Believed">False while nothing is revoked because of it.</param>
/// <param name="Why">Why it is not believed; null if it is.</param>
/// <param name="Synchronised">What the system says; null where it does not tell.</param>
public sealed record ClockView(DateTimeOffset At, bool Believed, string? Why, bool? Synchronised);
