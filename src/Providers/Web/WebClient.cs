using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotunda.Providers.References;

namespace Rotunda.Providers.Web;

/// <summary>
/// Speaks HTTP with vendors' APIs: connections are kept and renewed, redirects are not followed (they would carry tokens
/// elsewhere), cookies are not kept, and answers are read whole up to a bound. One for each provider, for many threads.
/// </summary>
/// <remarks>Nothing is tried again here: retries are the interpreter's, durable and on record.</remarks>
internal sealed class WebClient : IDisposable
{
    private const int LargestAnswer = 8 * 1024 * 1024;
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Headers in which vendors take a credential, besides Authorization.</summary>
    private static readonly string[] OwnHeaders = ["X-Vault-Token", "X-Amz-Security-Token", "X-Api-Key"];

    private readonly HttpMessageInvoker _invoker;

    private readonly X509Certificate2? _identity;

    private WebClient(X509Certificate2Collection? trusted, X509Certificate2? identity)
    {
        _identity = identity;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(15),
        };
        if (trusted is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        if (identity is not null)
        {
            handler.SslOptions.ClientCertificates = [identity];
        }

        _invoker = new HttpMessageInvoker(handler);
    }

    public static WebClient Default() => new(null, null);

    /// <summary>Trusts these certificate authorities and no others.</summary>
    public static WebClient Trusting(X509Certificate2Collection authorities) => new(authorities, null);

    /// <summary>Logs in with a client certificate.</summary>
    /// <param name="authorities">As with <see cref="Trusting"/>; null for those that the system trusts.</param>
    /// <param name="identity">With its key. It becomes the client's own.</param>
    public static WebClient Identified(X509Certificate2Collection? authorities, X509Certificate2 identity) => new(authorities, identity);

    /// <summary>Sends and reads one exchange; throws what the handler throws.</summary>
    public async Task<WebReply> ExchangeAsync(WebRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, request.Address);
        message.Headers.Authorization = request.Authorization;
        RegisterOwn(request);
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("rotunda", null));
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Body is { } body)
        {
            message.Content = new ReadOnlyMemoryContent(body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.ContentType);
        }

        using var response = await _invoker.SendAsync(message, cancellationToken);
        ServerDates.Note(request.Address, response.Headers.Date);
        return new WebReply(
            request,
            (int)response.StatusCode,
            response.Headers,
            response.Content.Headers,
            await ReadAsync(response.Content, cancellationToken));
    }

    public void Dispose()
    {
        _invoker.Dispose();
        _identity?.Dispose();
    }

    /// <summary>What Rotunda shows of itself: also tokens that it was just given, which no reference leads to.</summary>
    private static void RegisterOwn(WebRequest request)
    {
        SecretScope.Current?.RegisterToken(request.Authorization?.Parameter);
        foreach (var (name, value) in request.Headers)
        {
            if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                SecretScope.Current?.RegisterToken(value);
            }
        }
    }

    /// <summary>Into memory that is never moved; whatever it outgrows is cleared.</summary>
    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = Pinned((int)Math.Clamp(content.Headers.ContentLength + 1 ?? FirstBuffer, 1, LargestAnswer + 1));
        try
        {
            int read, length = 0;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > LargestAnswer)
                {
                    throw new IOException("The answer is larger than 8 MB.");
                }

                if (length == buffer.Length)
                {
                    var larger = Pinned(Math.Min(buffer.Length * 2, LargestAnswer + 1));
                    buffer.CopyTo(larger, 0);
                    CryptographicOperations.ZeroMemory(buffer);
                    buffer = larger;
                }
            }

            var exact = Pinned(length);
            buffer.AsSpan(0, length).CopyTo(exact);
            return exact;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    private static byte[] Pinned(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);
}
