using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rotunda.Server.Hosting;
using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>The server for other machines: its own certificate, and a proxy that ends TLS before it.</summary>
public sealed partial class TlsTests
{
    private const string Name = "rotunda.test";

    [Fact]
    public async Task A_renewed_certificate_is_served_without_a_restart_and_half_of_one_is_not()
    {
        using var folder = new ServerFolder();
        var (first, second) = (Pem(), Pem());
        await File.WriteAllTextAsync(folder.In("cert.pem"), first.Certificate);
        await File.WriteAllTextAsync(folder.In("key.pem"), first.Key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.In("key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using var server = await ServerProcess.StartAsync(folder.Settings with
        {
            Urls = "http://127.0.0.1:0;https://0.0.0.0:0",
            Options = ["--certificate", folder.In("cert.pem"), "--certificate-key", folder.In("key.pem")],
        });
        var port = int.Parse(TlsPort().Match(server.Output).Groups["port"].Value, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(first.Thumbprint, await ThumbprintAsync(port));
        Assert.Contains($"the certificate of {Name}", server.Output, StringComparison.Ordinal);
        Assert.Contains("this machine alone reaches it", server.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(folder.In("key.pem"), second.Key);
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(port));

        await File.WriteAllTextAsync(folder.In("cert.pem"), second.Certificate);
        Assert.Equal(second.Thumbprint, await ThumbprintAsync(port));
        await server.UntilAsync(
            () => Task.FromResult(server.Output.Contains("New certificate from", StringComparison.Ordinal)
                && server.Output.Contains("The last good one stays in use", StringComparison.Ordinal)),
            "both are in the log");
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_refused_at_the_start()
    {
        using var folder = new ServerFolder();
        var pem = Pem();
        await File.WriteAllTextAsync(folder.In("both.pem"), pem.Certificate + pem.Key);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder.In("both.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        await using var server = ServerProcess.Launch(folder.Settings with { Options = ["--certificate", folder.In("both.pem")] });

        Assert.Equal(2, await server.WaitForExitAsync());
        Assert.Contains("chmod 600", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_known_proxy_is_believed_about_where_a_request_comes_from()
    {
        using var folder = new ServerFolder();
        await using var server = await ServerProcess.StartAsync(folder.Settings with
        {
            Urls = "http://127.0.0.1:0;http://0.0.0.0:0",
            Options = ["--behind-proxy", "127.0.0.2", "--behind-proxy", "10.9.8.0/24", "--host", Name],
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, from: "127.0.0.2", ("X-Forwarded-For", "203.0.113.9")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, from: "127.0.0.3", ("X-Forwarded-For", "203.0.113.9")));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(server, from: "127.0.0.2", ("X-Forwarded-Proto", "http")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(server, from: "127.0.0.2", ("X-Forwarded-Proto", "https")));

        using var client = server.Client();
        var rows = JsonNode.Parse(await client.GetStringAsync("/api/audit"))!["rows"]!.AsArray().Select(row => (string?)row!["detail"]);
        Assert.Equal(
            ["from 203.0.113.9:", "from 127.0.0.3:", "from 127.0.0.2:"],
            rows.Where(detail => detail?.Contains(" from ", StringComparison.Ordinal) == true)
                .Select(detail => Origin().Match(detail!).Value));
        Assert.Contains("for the proxies 127.0.0.2/32, 10.9.8.0/24", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.9.8.7", null, null)]
    [InlineData("::ffff:10.9.8.7", "https", null)]
    [InlineData("10.9.8.7", "https, http", "tls-required")]
    [InlineData("10.9.9.7", "https", "proxy-only")]
    [InlineData("127.0.0.1", null, null)]
    public async Task Plain_HTTP_is_for_the_proxy(string peer, string? scheme, string? refused)
    {
        using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };
        http.Connection.RemoteIpAddress = IPAddress.Parse(peer);
        http.Request.Headers["X-Forwarded-Proto"] = scheme;
        var passed = false;

        await KnownProxies.Parse(["10.9.8.0/24"]).CheckAsync(http, _ =>
        {
            passed = true;
            return Task.CompletedTask;
        });

        Assert.Equal(refused is null, passed);
        http.Response.Body.Position = 0;
        var body = await new StreamReader(http.Response.Body).ReadToEndAsync();
        Assert.Contains(refused ?? "", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0/99")]
    [InlineData("")]
    public void A_proxy_is_an_address(string text) => Assert.Throws<StartupException>(() => KnownProxies.Parse([text]));

    private static async Task<HttpStatusCode> AskAsync(ServerProcess server, string from, (string Name, string Value) header)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Add(header.Name, header.Value);
        using var answer = await client.GetAsync(new Uri($"http://{Name}:{new Uri(server.Url).Port}/api/secrets"));
        return answer.StatusCode;
    }

    /// <summary>Of the certificate that a new connection is shown.</summary>
    private static async Task<string> ThumbprintAsync(int port)
    {
        var seen = "";
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            seen = certificate!.GetCertHashString();
            return certificate.Subject.Contains(Name, StringComparison.Ordinal);
        };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(new Uri($"https://{Name}/readyz"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return seen;
    }

    private static (string Certificate, string Key, string Thumbprint) Pem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(Name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", certificate.GetCertHashString());
    }

    [GeneratedRegex(@"https://0\.0\.0\.0:(?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TlsPort();

    [GeneratedRegex("from [0-9.]+:", RegexOptions.None, 1000)]
    private static partial Regex Origin();
}
