using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Email;

/// <summary>Checks a mail server's certificate against authorities of one's own.</summary>
internal static class MailCertificates
{
    /// <exception cref="OutcomeException">The file cannot be read, or holds no certificate.</exception>
    public static RemoteCertificateValidationCallback Trusting(string file, string host)
    {
        var authorities = Read(file);
        return (_, certificate, _, errors) =>
        {
            if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            {
                return false;
            }

            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            return chain.Build(own) && own.MatchesHostname(host);
        };
    }

    private static X509Certificate2Collection Read(string file)
    {
        try
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPem(File.ReadAllText(file));
            return all.Count > 0 ? all : throw new CryptographicException("no certificate");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OutcomeException(StepOutcome.Rejected(
                $"The certificate authorities in '{file}' cannot be read ({problem.GetType().Name}). Give a file of PEM certificates."));
        }
    }
}
