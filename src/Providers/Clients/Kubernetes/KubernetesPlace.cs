namespace Rotunda.Providers.Clients.Kubernetes;

/// <summary>Where a cluster's API is, and how to log in to it.</summary>
/// <param name="AuthorityPem">The certificate authorities that are trusted, and no others; null for those that the system trusts.</param>
/// <param name="TokenFile">Wins over <paramref name="Token"/>, and is read anew for each call: tokens in it are rotated.</param>
/// <param name="ClientPem">A client certificate and its key.</param>
/// <param name="Namespace">What is taken where a setting names none.</param>
internal sealed record KubernetesPlace(
    Uri Server,
    string? AuthorityPem,
    string? Token,
    string? TokenFile,
    string? ClientPem,
    string? Namespace)
{
    public override string ToString() => Server.ToString();
}
