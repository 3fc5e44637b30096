using Rotunda.Rotation.Catalog;

namespace Rotunda.Calendar.Feeds;

/// <summary>What is known of one feed.</summary>
/// <param name="Name">The freeze's name in the catalog.</param>
/// <param name="ReadAt">When the last good copy was read; null if there never was one.</param>
/// <param name="Problem">Why it cannot be read now; null if it can.</param>
/// <param name="IsTrusted">The last good copy counts.</param>
public sealed record FeedState(string Name, FreezeFeed Feed, DateTimeOffset? ReadAt, string? Problem, bool IsTrusted);
