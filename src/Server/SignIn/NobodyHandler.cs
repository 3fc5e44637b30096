using Microsoft.AspNetCore.Authentication;

namespace Rotunda.Server.SignIn;

/// <summary>The framework asks a scheme who makes each request. Here nobody does by a scheme: the HTTP surface looks itself.</summary>
internal sealed class NobodyHandler : IAuthenticationHandler
{
    public const string Scheme = "nobody";

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context) => Task.CompletedTask;

    public Task<AuthenticateResult> AuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());

    public Task ChallengeAsync(AuthenticationProperties? properties) => throw new NotSupportedException();

    public Task ForbidAsync(AuthenticationProperties? properties) => throw new NotSupportedException();
}
