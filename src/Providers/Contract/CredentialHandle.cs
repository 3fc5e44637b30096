namespace Rotunda.Providers.Contract;

/// <summary>A credential as a provider is told of it.</summary>
/// <param name="Id">The provider's own id (key id, role name), if known.</param>
/// <param name="Account">The account, where there are several.</param>
/// <param name="Label">Rotunda's label, if it was minted by a rotation.</param>
public sealed record CredentialHandle(string? Id, string? Account, string? Label);
