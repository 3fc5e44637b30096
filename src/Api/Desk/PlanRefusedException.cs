namespace Rotunda.Api.Desk;

/// <summary>No plan can be made for the secret now; the message says why.</summary>
public sealed class PlanRefusedException(string message) : Exception(message);
