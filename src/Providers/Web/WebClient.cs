using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rotunda.Providers.Web;

/// <summary>
/// Speaks HTTP with vendors' APIs: connections are kept and renewed, redirects are not followed (they would carry tokens
/// elsewhere), cookies are not kept, and answers are read whole up to a bound. One for each provider, for many threads.
/// </summary>
/// <remarks>Nothing is tried again here: retries are the interpreter's, durable and on record.</remarks>
internal sealed class WebClient : IDisposable
{
    private const int LargestAnswer = 8 * 1024 * 1024;
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

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
            {
                if (buffer.Length + read > LargestAnswer)
                {
                    throw new IOException("The answer is larger than 8 MB.");
                }

                buffer.Write(chunk, 0, read);
            }

            return buffer.ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(chunk);
            CryptographicOperations.ZeroMemory(buffer.GetBuffer());
        }
    }
}
