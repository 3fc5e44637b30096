namespace Rotunda.Api.Views;

/// <param name="Ended">How many.</param>
public sealed record SessionsEndedView(int Ended);
