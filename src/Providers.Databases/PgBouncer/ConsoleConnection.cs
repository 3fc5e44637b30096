using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>The transport of PostgreSQL's protocol: TCP, TLS or a Unix socket, and whole messages over it.</summary>
internal sealed class ConsoleConnection : IAsyncDisposable
{
    private const int LargestMessage = 1024 * 1024;
    private const int SslRequest = 80877103;
    private Stream _stream;

    private ConsoleConnection(Stream stream) => _stream = stream;

    public static async Task<ConsoleConnection> OpenAsync(PgBouncerEndpoint at, PgBouncerSetup setup, CancellationToken cancellationToken)
    {
        var socket = at.IsSocket
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await (at.IsSocket
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint(at.SocketPath), cancellationToken)
                : socket.ConnectAsync(at.Host, at.Port, cancellationToken));
            var connection = new ConsoleConnection(new NetworkStream(socket, ownsSocket: true));
            if (!at.IsSocket && setup.SslMode != "disable")
            {
                await connection.SecureAsync(at, setup, cancellationToken);
            }

            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="type">Null for the first message, which has none.</param>
    public async Task SendAsync(char? type, byte[] body, CancellationToken cancellationToken)
    {
        var start = type is null ? 0 : 1;
        var message = new byte[start + 4 + body.Length];
        message[0] = (byte)(type ?? '\0');
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(start), 4 + body.Length);
        body.CopyTo(message, start + 4);
        await _stream.WriteAsync(message, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    public async Task<(char Type, byte[] Body)> ReceiveAsync(CancellationToken cancellationToken)
    {
        var head = new byte[5];
        await _stream.ReadExactlyAsync(head, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4;
        if (length is < 0 or > LargestMessage)
        {
            throw new IOException("This is no PostgreSQL server.");
        }

        var body = new byte[length];
        await _stream.ReadExactlyAsync(body, cancellationToken);
        return ((char)head[0], body);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task SecureAsync(PgBouncerEndpoint at, PgBouncerSetup setup, CancellationToken cancellationToken)
    {
        var request = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(request, SslRequest);
        await SendAsync(null, request, cancellationToken);
        var answer = new byte[1];
        await _stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] == 'S')
        {
            var tls = new SslStream(_stream);
            _stream = tls;
            await tls.AuthenticateAsClientAsync(Options(at, setup), cancellationToken);
        }
        else if (setup.SslMode != "prefer")
        {
            throw new AuthenticationException("The pooler offers no TLS.");
        }
    }

    /// <summary>As libpq: without verify-… any certificate will do; verify-ca does not look at the name.</summary>
    private static SslClientAuthenticationOptions Options(PgBouncerEndpoint at, PgBouncerSetup setup)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = at.Host };
        if (setup.RootCertificate is { } file)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(file);
        }

        options.RemoteCertificateValidationCallback = (_, _, _, errors) => setup.SslMode switch
        {
            "verify-full" => errors == SslPolicyErrors.None,
            "verify-ca" => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            _ => true,
        };
        return options;
    }
}
