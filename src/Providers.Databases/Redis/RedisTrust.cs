using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>Whose certificates are believed.</summary>
internal static class RedisTrust
{
    /// <param name="rootCertificate">The file of the authority that is trusted instead of the system's; null for those.</param>
    public static RemoteCertificateValidationCallback? For(string? rootCertificate) => rootCertificate is null ? null
        : (_, certificate, _, errors) =>
        {
            if (certificate is not X509Certificate2 shown
                || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(rootCertificate);
            return chain.Build(shown);
        };
}
