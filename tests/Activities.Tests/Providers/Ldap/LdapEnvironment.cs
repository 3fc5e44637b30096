using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Ldap;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.Ldap;

/// <summary>Two accounts of a real slapd, or one.</summary>
internal sealed class LdapEnvironment : ProviderEnvironment
{
    private readonly LdapServer _server;
    private readonly string _tls;
    private readonly string _method;
    private readonly bool _inPlace;

    private LdapEnvironment(LdapFixture fixture, string tls, string method, bool inPlace)
    {
        (_server, _tls, _method, _inPlace) = (fixture.Server, tls, method, inPlace);
        (Name, Other) = (fixture.NewName(), fixture.NewName());
    }

    /// <summary>The idle one of two, or the only one.</summary>
    public string Name { get; }

    /// <summary>The one in use.</summary>
    public string Other { get; }

    public const string InUsePassword = "in-use-0123456789abcdef";

    public override IProvider Provider { get; } = new LdapProvider();

    public override JsonObject Settings
    {
        get
        {
            var settings = new JsonObject
            {
                ["server"] = $"127.0.0.1:{(_tls == "ldaps" ? _server.TlsPort : _server.Port)}",
                ["tls"] = _tls,
                ["authorities"] = _server.Authorities,
                ["bindDn"] = LdapServer.RotundaDn,
                ["bindPassword"] = "env:LDAP",
                ["method"] = _method,
                ["connectTimeout"] = "10s",
            };
            if (_inPlace)
            {
                settings["account"] = LdapServer.Dn(Name);
            }
            else
            {
                settings["accounts"] = new JsonArray(LdapServer.Dn(Name), LdapServer.Dn(Other));
            }

            return settings;
        }
    }

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:LDAP"] = _server.RotundaPassword,
        ["env:WRONG"] = "a-wrong-password-0123456789",
    };

    public override CredentialHandle Credential => new(LdapServer.Dn(Name), LdapServer.Dn(Name), null);

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong password of its own", With("bindPassword", "env:WRONG")),
        ("a reference to nothing", With("bindPassword", "env:MISSING")),
        ("a server that is not there", With("server", "127.0.0.1:1")),
        ("an account of nobody", With(_inPlace ? "account" : "accounts", _inPlace ? "cn=nobody,dc=example,dc=org"
            : new JsonArray("cn=nobody,dc=example,dc=org", "cn=no-one,dc=example,dc=org"))),
        (
            "a name that is no distinguished one",
            With(_inPlace ? "account" : "accounts", _inPlace ? "nobody" : new JsonArray("nobody", "no-one"))),
        ("its own account", With(_inPlace ? "account" : "accounts", _inPlace ? LdapServer.RotundaDn
            : new JsonArray(LdapServer.RotundaDn, LdapServer.Dn(Other)))),
        ("both kinds", With(_inPlace ? "accounts" : "account", _inPlace ? new JsonArray("cn=a", "cn=b") : "cn=a")),
        ("an address", With("server", "ldaps://127.0.0.1")),
        ("no TLS to elsewhere", With("tls", "none", ("server", "ldap.example.com"))),
        ("TLS where there is none", With("tls", "ldaps", ("server", $"127.0.0.1:{_server.Port}"))),
        .. _tls == "none" ? [] : new[]
        {
            ("authorities that signed nothing", With("authorities", Path.GetDirectoryName(_server.Authorities) + "/db")),
        },
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("an account gone", () => _server.RemoveAsync(Name), () => _server.AddAsync(Name, null)),
        new("the server stopped", _server.StopAsync, _server.LaunchAsync),
    ];

    public override Func<string, Task>? SetByHand => password => _server.SetPasswordAsync(Name, password);

    public override string? NoRights => "a bind is all that is tried: the rights are the directory's to give, and not those of a password";

    public static async Task<LdapEnvironment> StartAsync(LdapFixture fixture, string tls, string method, bool inPlace)
    {
        var environment = new LdapEnvironment(fixture, tls, method, inPlace);
        await fixture.Server.AddAsync(environment.Name, inPlace ? InUsePassword : null);
        await fixture.Server.AddAsync(environment.Other, InUsePassword);
        return environment;
    }

    public JsonObject With(string name, JsonNode? value, params (string Name, JsonNode? Value)[] more)
    {
        var settings = Settings;
        foreach (var (one, other) in more.Prepend((name, value)))
        {
            settings[one] = other?.DeepClone();
        }

        return settings;
    }

    /// <summary>Hashes are salted anew each time, so only whether there is one.</summary>
    public override async Task<string> StateAsync() => string.Join(
        ' ',
        (await _server.ReadAsync(Name, "userPassword")).Length > 0,
        (await _server.ReadAsync(Other, "userPassword")).Length > 0);

    public override Task RemoveCredentialAsync() => _server.RemoveAsync(Name);
}
