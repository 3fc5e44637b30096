namespace Rotunda.Calendar.Feeds;

/// <summary>A feed of change freezes cannot be read.</summary>
/// <param name="message">What is wrong and what to do, without the address and without anything that the feed said.</param>
public sealed class FeedUnreadableException(string message) : Exception(message);
