namespace Rotunda.Api.Views;

public sealed record SessionEndedView(bool Ended);
