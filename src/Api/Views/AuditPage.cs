namespace Rotunda.Api.Views;

/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditRowView> Rows, long? Next);
