namespace Rotunda.Api.Views;

/// <summary>Answer of <c>GET /api/next</c>: runs that are to come, earliest first.</summary>
/// <param name="At">When this was reckoned.</param>
public sealed record NextRuns(DateTimeOffset At, IReadOnlyList<NextRun> Runs);

/// <param name="StartsAt">When it may start; left out where that hangs on something that nobody knows the time of.</param>
/// <param name="Why">Why it starts later than it is due, in order.</param>
public sealed record NextRun(string Secret, DateTimeOffset DueAt, DateTimeOffset? StartsAt, IReadOnlyList<string> Why);
