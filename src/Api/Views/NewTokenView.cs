using Rotunda.Access;

namespace Rotunda.Api.Views;

/// <param name="Token">Its text: this is the only answer that ever holds it.</param>
public sealed record NewTokenView(string Name, Role Role, string Token);
