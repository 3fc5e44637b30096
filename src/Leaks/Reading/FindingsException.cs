namespace Rotunda.Leaks.Reading;

/// <summary>What was sent is no list of findings; the message says which one and what to do, and repeats nothing of it.</summary>
public sealed class FindingsException(string message) : Exception(message);
