using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Rotunda.Testing.VendorFakes.SqlServer;

/// <summary>A stream for a TLS handshake inside the protocol: each of its parts is a message, until it is done.</summary>
internal sealed class TdsHandshake(Stream inner) : Stream
{
    private const int Packet = 4096;
    private byte[] _rest = [];
    private bool _isDone;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static async Task<Stream> SecureAsync(Stream stream, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var handshake = new TdsHandshake(stream);
        var secure = new SslStream(handshake);
        // Newer versions send more after their handshake, which servers of this protocol do not do.
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls12 },
            cancellationToken);
        handshake._isDone = true;
        return secure;
    }

    /// <summary>Before anything of the protocol is said.</summary>
    public static async Task<Stream> SecureFirstAsync(Stream stream, X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate, ApplicationProtocols = [new("tds/8.0")] },
            cancellationToken);
        return secure.NegotiatedApplicationProtocol == new SslApplicationProtocol("tds/8.0")
            ? secure
            : throw new FakeVendorException("A connection that is not protected for this protocol (ALPN).");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isDone)
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }

        if (_rest.Length == 0)
        {
            try
            {
                var message = await TdsMessage.ReadAsync(inner, cancellationToken);
                _rest = message.Kind == TdsMessage.Before
                    ? message.Body
                    : throw new FakeVendorException($"A message {message.Kind:x} in the middle of a handshake.");
            }
            catch (EndOfStreamException)
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest.AsMemory(0, count).CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isDone)
        {
            await inner.WriteAsync(buffer, cancellationToken);
        }
        else
        {
            await new TdsMessage(TdsMessage.Before, buffer.ToArray()).WriteAsync(inner, Packet, cancellationToken);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
