using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Rotunda.Network;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Redis;

/// <summary>
/// Tries a password by one AUTH on a connection of its own. Not by the driver, which asks for more than a login (ECHO, CLIENT): a user
/// with few rights may not do that, and its password is as good.
/// </summary>
internal static class RedisLogin
{
    private const int LongestReply = 8192;

    /// <returns>Of one node.</returns>
    public static async Task<Verification> TryAsync(
        RedisSetup setup,
        RedisAddress node,
        string user,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(setup.Timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(node.Host, node.Port, limit.Token);
            await using var stream = await OpenAsync(setup, node, client, limit.Token);
            await stream.WriteAsync(Command(Encoding.UTF8.GetBytes(user), value), limit.Token);
            var reply = await ReplyAsync(stream, limit.Token);
            return reply switch
            {
                "+OK" => new(Validity.Valid, $"{node} lets {user} in."),
                _ when reply.StartsWith("-WRONGPASS", StringComparison.Ordinal) =>
                    new(Validity.Invalid, $"{node} refuses the password of {user}."),
                _ when reply.StartsWith("-ERR AUTH <password> called without any password", StringComparison.Ordinal) =>
                    new(Validity.Invalid, $"{node} asks {user} for no password at all."),
                _ => new(Validity.CannotTell, $"{node} answered a login of {user} with {RedisFailures.Code(reply)}."),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(
                Validity.CannotTell,
                $"{node} did not answer within {DurationText.Format(setup.Timeout)}. Check that it is Redis, and that "
                    + "'tls' suits it.");
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException)
        {
            return new(
                Validity.CannotTell,
                $"No login could be tried at {node}{Why(exception)}. Check that it runs, and that 'tls' suits it.");
        }
    }

    private static string Why(Exception exception) =>
        Causes.Told(exception);

    /// <summary>True if any password would do (nopass): then a login that works proves nothing.</summary>
    public static async Task<bool> AcceptsAnythingAsync(RedisSetup setup, RedisAddress node, CancellationToken cancellationToken)
    {
        using var nobodys = SecretValue.FromText(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        return (await TryAsync(setup, node, setup.User, nobodys, cancellationToken)).Validity == Validity.Valid;
    }

    private static async Task<Stream> OpenAsync(RedisSetup setup, RedisAddress node, TcpClient client, CancellationToken cancellationToken)
    {
        if (!setup.Tls)
        {
            return client.GetStream();
        }

        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = node.Host,
                RemoteCertificateValidationCallback = RedisTrust.For(setup.RootCertificate),
            },
            cancellationToken);
        return tls;
    }

    private static byte[] Command(byte[] user, SecretValue value)
    {
        byte[] head = [.. Encoding.ASCII.GetBytes($"*3\r\n$4\r\nAUTH\r\n${Text(user.Length)}\r\n"), .. user,
            .. Encoding.ASCII.GetBytes($"\r\n${Text(value.Length)}\r\n"),];
        return [.. head, .. value.RevealBytes(), .. "\r\n"u8];
    }

    private static async Task<string> ReplyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reply = new StringBuilder();
        var one = new byte[1];
        while (reply.Length < LongestReply)
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            if (one[0] == '\n')
            {
                return reply.ToString().TrimEnd('\r');
            }

            reply.Append((char)one[0]);
        }

        throw new IOException("This is no answer of Redis.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
