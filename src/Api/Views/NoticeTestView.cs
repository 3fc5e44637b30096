namespace Rotunda.Api.Views;

/// <summary>Answer of <c>POST /api/notices/test</c>.</summary>
public sealed record NoticeTestView(IReadOnlyList<NoticeTestResult> Channels);

/// <param name="Sent">The channel's system took the message.</param>
/// <param name="Reason">Why it did not, and what to do; left out if it did.</param>
public sealed record NoticeTestResult(string Channel, bool Sent, string? Reason);
