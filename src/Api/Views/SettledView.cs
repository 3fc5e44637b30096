namespace Rotunda.Api.Views;

public sealed record SettledView(long Id, string Message);
