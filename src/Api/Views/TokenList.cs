namespace Rotunda.Api.Views;

public sealed record TokenList(IReadOnlyList<TokenView> Tokens);
