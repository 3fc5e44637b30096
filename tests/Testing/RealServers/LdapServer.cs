using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Testing.RealServers;

/// <summary>
/// A real OpenLDAP server of its own: data in a temporary folder, free ports with and without TLS, an account for Rotunda that may set
/// passwords, and whatever accounts a test adds. Gone without trace when disposed.
/// </summary>
public sealed class LdapServer : IAsyncDisposable
{
    public const string Suffix = "dc=example,dc=org";
    public const string Services = $"ou=services,{Suffix}";
    public const string RotundaDn = $"cn=rotunda,{Services}";
    private const string Program = "/usr/sbin/slapd";
    private const string RootDn = $"cn=root,{Suffix}";
    private const string RootPassword = "root-of-the-test";
    private readonly ServerFolder _folder = new(Program, "rotunda-slapd-");
    private int _files;

    private LdapServer()
    {
    }

    public string RotundaPassword { get; } = $"rotunda-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";

    /// <summary>Without TLS, and by StartTLS.</summary>
    public int Port { get; private set; }

    /// <summary>With TLS from the beginning.</summary>
    public int TlsPort { get; private set; }

    /// <summary>A folder with the certificate of the authority that signed the server's.</summary>
    public string Authorities => In("authorities");

    public static async Task<LdapServer> StartAsync()
    {
        if (!File.Exists(Program) || !File.Exists("/usr/bin/ldapmodify"))
        {
            throw new InvalidOperationException(
                $"OpenLDAP's server was not found at {Program}, or ldapmodify is missing. Install the Debian packages 'slapd' and "
                    + "'ldap-utils'.");
        }

        var server = new LdapServer();
        try
        {
            await server.PrepareAsync();
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static string Dn(string name) => $"cn={name},{Services}";

    /// <param name="password">Null for none.</param>
    /// <param name="more">Lines of LDIF.</param>
    public Task AddAsync(string name, string? password, string more = "") => ModifyAsync($"""
        dn: {Dn(name)}
        changetype: add
        objectClass: person
        objectClass: extensibleObject
        cn: {name}
        sn: {name}
        {(password is null ? more : $"userPassword: {password}\n{more}")}
        """);

    public Task RemoveAsync(string name) => ModifyAsync($"dn: {Dn(name)}\nchangetype: delete");

    public Task SetPasswordAsync(string name, string password) => ModifyAsync($"""
        dn: {Dn(name)}
        changetype: modify
        replace: userPassword
        userPassword:: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(password))}
        """);

    /// <summary>What an account has under an attribute, as LDIF; empty for none.</summary>
    public async Task<string> ReadAsync(string name, string attribute)
    {
        var (_, output) = await SshServer.RunAsync(
            "ldapsearch", "-x", "-LLL", "-o", "ldif-wrap=no", "-H", $"ldap://127.0.0.1:{Port}", "-D", RootDn, "-w", RootPassword,
            "-b", Dn(name), "-s", "base", attribute);
        return string.Join('\n', output.Split('\n').Where(line => line.StartsWith(attribute, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>A change, as LDIF, by who may do everything.</summary>
    public async Task ModifyAsync(string ldif)
    {
        var file = In($"change-{Interlocked.Increment(ref _files)}.ldif");
        await File.WriteAllTextAsync(file, ldif.TrimEnd() + "\n");
        var (code, output) = await SshServer.RunAsync(
            "ldapmodify", "-x", "-H", $"ldap://127.0.0.1:{Port}", "-D", RootDn, "-w", RootPassword, "-f", file);
        if (code != 0)
        {
            throw new InvalidOperationException($"ldapmodify: {code}\n{output}\n{ldif}");
        }
    }

    public Task StopAsync() => _folder.StopAsync();

    /// <summary>On the ports that it had, if it ran before.</summary>
    public Task LaunchAsync()
    {
        (Port, TlsPort) = Port == 0 ? (ServerFolder.FreePort(), ServerFolder.FreePort()) : (Port, TlsPort);
        return _folder.StartAsync(
            ["-f", In("slapd.conf"), "-h", $"ldap://127.0.0.1:{Port} ldaps://127.0.0.1:{TlsPort}", "-d", "0"], Port, TlsPort);
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    private async Task PrepareAsync()
    {
        Directory.CreateDirectory(In("db"));
        Directory.CreateDirectory(Authorities);
        var certificate = FakeCertificate.Shared;
        File.Copy(certificate.AuthorityFile, Path.Combine(Authorities, "authority.pem"));
        await File.WriteAllTextAsync(In("server.pem"), certificate.Server.ExportCertificatePem());
        using var key = certificate.Server.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(In("server.key"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(In("slapd.conf"), $"""
            include /etc/ldap/schema/core.schema
            attributetype ( 1.2.840.113556.1.4.90 NAME 'unicodePwd' SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
            attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
              SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
            modulepath /usr/lib/ldap
            moduleload back_mdb
            pidfile {In("slapd.pid")}
            TLSCertificateFile {In("server.pem")}
            TLSCertificateKeyFile {In("server.key")}
            database mdb
            suffix "{Suffix}"
            rootdn "{RootDn}"
            rootpw {RootPassword}
            directory {In("db")}
            access to attrs=userPassword,unicodePwd by dn.exact="{RotundaDn}" manage by anonymous auth by * none
            access to * by dn.exact="{RotundaDn}" manage by * none

            """);
        await File.WriteAllTextAsync(In("first.ldif"), $"""
            dn: {Suffix}
            objectClass: dcObject
            objectClass: organization
            dc: example
            o: Example

            dn: {Services}
            objectClass: organizationalUnit
            ou: services

            dn: {RotundaDn}
            objectClass: person
            cn: rotunda
            sn: rotunda
            userPassword: {RotundaPassword}

            """);
        var (code, output) = await SshServer.RunAsync("/usr/sbin/slapadd", "-f", In("slapd.conf"), "-l", In("first.ldif"));
        if (code != 0)
        {
            throw new InvalidOperationException($"slapadd: {code}\n{output}");
        }
    }

    private string In(string name) => _folder.File(name);
}
