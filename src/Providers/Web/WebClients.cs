using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Web;

/// <summary>The clients of one provider: one that trusts what the system trusts, and one for each file of certificate
/// authorities.</summary>
internal sealed class WebClients : IDisposable
{
    private readonly Lazy<WebClient> _default = new(WebClient.Default);
    private readonly ConcurrentDictionary<string, WebClient> _pinned = new(StringComparer.Ordinal);

    /// <param name="authorityFile">PEM certificates that are trusted, and no others; null for those that the system trusts.</param>
    /// <exception cref="WebFailureException">The file cannot be read, or holds no certificate.</exception>
    public WebClient For(string? authorityFile)
    {
        if (authorityFile is null)
        {
            return _default.Value;
        }

        try
        {
            // By contents: a renewed file is noticed, and an old client's connections end with their lifetime.
            return _pinned.GetOrAdd(File.ReadAllText(authorityFile), static pem => WebClient.Trusting(Certificates(pem)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new WebFailureException(
                StepOutcome.Rejected(
                    $"The certificate authorities in '{authorityFile}' cannot be read ({problem.GetType().Name}). Give a file of PEM "
                        + "certificates."));
        }
    }

    /// <summary>A client for material that is not in files of its own.</summary>
    /// <param name="authorityPem">PEM certificates that are trusted, and no others; null for those that the system trusts.</param>
    /// <param name="identityPem">A PEM certificate and its key, to log in with; null for none.</param>
    /// <exception cref="WebFailureException">One of them cannot be read.</exception>
    public WebClient With(string? authorityPem, string? identityPem)
    {
        if (authorityPem is null && identityPem is null)
        {
            return _default.Value;
        }

        try
        {
            // By a digest: a key is not to stay in memory as the name of its client.
            var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{authorityPem}\n\n{identityPem}")));
            return _pinned.GetOrAdd(name, _ =>
            {
                var authorities = authorityPem is null ? null : Certificates(authorityPem);
                return identityPem is null ? WebClient.Trusting(authorities!) : WebClient.Identified(authorities, Identity(identityPem));
            });
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new WebFailureException(
                StepOutcome.Rejected(
                    "The certificate authority, or the client certificate with its key, cannot be read. Give Rotunda "
                        + "PEM."));
        }
    }

    /// <summary>A session with a system whose certificate is checked by the setting with the file, if it is set.</summary>
    public WebSession Begin(TimeProvider time, string system, string? authorityFile = null) => new(For(authorityFile), time, system);

    public WebSession Begin(ProviderCall call, string system, string? authorityFile = null) => Begin(call.Time, system, authorityFile);

    public void Dispose()
    {
        if (_default.IsValueCreated)
        {
            _default.Value.Dispose();
        }

        foreach (var client in _pinned.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>By way of PKCS 12, as the platforms' TLS take only keys that they have imported themselves.</summary>
    private static X509Certificate2 Identity(string pem)
    {
        using var read = X509Certificate2.CreateFromPem(pem, pem);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2Collection Certificates(string pem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return all.Count > 0 ? all : throw new CryptographicException("no certificate");
    }
}
