namespace Rotunda.Activities.Checks;

/// <summary>The attempt's code goes on by itself, if it ever does; what it has done or will do nobody knows.</summary>
public sealed class GivenUpException(string message) : Exception(message);
