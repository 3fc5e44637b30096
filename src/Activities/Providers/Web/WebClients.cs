using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotunda.Rotation.Credentials;

namespace Rotunda.Activities.Providers.Web;

/// <summary>The clients of one provider: one that trusts what the system trusts, and one for each file of certificate authorities.</summary>
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
            throw new WebFailureException(StepOutcome.Rejected($"The certificate authorities in '{authorityFile}' cannot be read ({problem.GetType().Name}). Give a file of PEM certificates."));
        }
    }

    /// <summary>A session with a system whose certificate is checked by the setting with the file, if it is set.</summary>
    public WebSession Begin(ProviderCall call, string system, string? authorityFile = null) => new(For(authorityFile), call, system);

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

    private static X509Certificate2Collection Certificates(string pem)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(pem);
        return all.Count > 0 ? all : throw new CryptographicException("no certificate");
    }
}
