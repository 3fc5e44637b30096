namespace Rotunda.Api.Views;

/// <summary>Body of <c>POST /api/notices/test</c>.</summary>
/// <param name="Channel">Left out: all of them.</param>
public sealed record NoticeTestBody(string? Channel = null);
