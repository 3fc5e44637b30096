namespace Rotunda.Api.Views;

public sealed record ReviewList(IReadOnlyList<ReviewView> Reviews);
