using Rotunda.Access;

namespace Rotunda.Server.SignIn;

/// <summary>The identity provider where people sign in (OpenID Connect).</summary>
/// <param name="Authority">Its address, below which its configuration is.</param>
/// <param name="Secret">The reference of the client's secret; null for a client without one.</param>
/// <param name="RolesClaim">The claim with the person's roles or groups.</param>
/// <param name="Scopes">What is asked for.</param>
internal sealed record ProviderOptions(
    Uri Authority,
    string ClientId,
    string? Secret,
    string RolesClaim,
    RoleClaims Roles,
    IReadOnlyList<string> Scopes);
