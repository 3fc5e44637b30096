namespace Rotunda.Api.Views;

/// <param name="IsSettled">False while Rotunda is revoking it: the list of orphans tells how that goes.</param>
public sealed record SettledView(long Id, string Message, bool IsSettled);
