using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.SqlDatabases.SqlServer;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes.SqlServer;

namespace Rotunda.Activities.Tests.Providers.SqlServer;

/// <summary>No password goes to a server whose certificate nobody vouches for.</summary>
public sealed class SqlServerTlsTests : IDisposable
{
    private static readonly SqlServerProvider Provider = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rotunda-sql-").FullName;
    private readonly X509Certificate2 _certificate = Made("127.0.0.1");

    [Theory]
    [InlineData(FakeSqlTls.Inside, "mandatory")]
    [InlineData(FakeSqlTls.First, "strict")]
    public async Task A_certificate_that_is_given_is_trusted_and_no_other(FakeSqlTls tls, string encrypt)
    {
        await using var environment = new SqlServerEnvironment();
        await environment.World.Server.DisposeAsync();
        var server = environment.World.Server = new(environment.World, tls, _certificate);
        var trusted = Write("server.pem", _certificate);
        using var another = Made("127.0.0.1");

        async Task<StepOutcome> CheckAsync(string? certificate) => await Provider.ValidateAsync(
            environment.Call(settings: environment.With("encrypt", encrypt, ("serverCertificate", certificate))), default);

        Assert.Equal(StepOutcomeKind.Done, (await CheckAsync(trusted)).Kind);
        foreach (var certificate in new[] { null, Write("another.pem", another) })
        {
            var logins = server.Logins;
            var outcome = await CheckAsync(certificate);
            Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
            Assert.Contains("'serverCertificate'", outcome.Reason);
            Assert.Equal(logins, server.Logins);
        }

        var settings = environment.With("encrypt", encrypt, ("serverCertificate", trusted));
        using var value = SecretValue.FromText(SqlServerEnvironment.InUsePassword);
        var tried = await Provider.VerifyAsync(environment.Call(settings: settings), environment.InUseCredential, value, default);
        Assert.Equal(Validity.Valid, tried.Validity);
    }

    [Theory]
    [InlineData("mandatory")]
    [InlineData("strict")]
    public async Task A_server_without_TLS_gets_no_password(string encrypt)
    {
        await using var environment = new SqlServerEnvironment();

        var outcome = await Provider.ValidateAsync(environment.Call(settings: environment.With("encrypt", encrypt)), default);

        Assert.NotEqual(StepOutcomeKind.Done, outcome.Kind);
        Assert.Equal(0, environment.World.Server.Logins);
    }

    [Fact]
    public void Without_TLS_only_on_this_machine()
    {
        var settings = new JsonObject
        {
            ["server"] = "127.0.0.1",
            ["replicas"] = new JsonArray("sql1.example.com"),
            ["logins"] = new JsonArray("a", "b"),
            ["user"] = "r",
            ["encrypt"] = "optional",
        };

        var refused = Assert.Throws<SqlServerSetupException>(() => SqlServerSetup.Read(
            new(settings, new Testing.ProviderConformance.FixedReferences(new Dictionary<string, string>()))));

        Assert.Contains("passwords would go over the network as they are", refused.Message);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Write(string name, X509Certificate2 certificate)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }

    private static X509Certificate2 Made(string address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=SSL_Self_Signed_Fallback", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
    }
}
