namespace Rotunda.Api.Views;

/// <summary>When a target got the value in use.</summary>
public sealed record ArrivalView(string Target, DateTimeOffset At, string RotationId);
