namespace Rotunda.Api.Views;

/// <param name="Credentials">How many were handed over.</param>
public sealed record HandedOverView(string Secret, int Credentials);
