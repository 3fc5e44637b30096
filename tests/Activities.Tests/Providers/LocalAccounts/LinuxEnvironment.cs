using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.LocalAccounts;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.LocalAccounts;

/// <summary>An account of a Linux machine behind a real sshd.</summary>
internal sealed class LinuxEnvironment(LinuxHost host, string account) : ProviderEnvironment
{
    public const string InUsePassword = "in-use-0123456789abcdef";

    public override IProvider Provider { get; } = new LinuxPasswordProvider();

    public override JsonObject Settings => new()
    {
        ["host"] = "127.0.0.1",
        ["port"] = host.Port,
        ["login"] = "root",
        ["privateKey"] = "env:KEY",
        ["knownHosts"] = host.KnownHosts,
        ["account"] = account,
    };

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:KEY"] = File.ReadAllText(host.Key),
        ["env:OTHER"] = Rotunda.Providers.Ssh.OpenSshKey.NewEcdsa(),
        ["env:NONE"] = "this is no key at all",
        ["env:PUBLIC"] = File.ReadAllText(host.Key + ".pub"),
        ["env:LOCKED"] = host.LockedKey,
    };

    public override CredentialHandle Credential => new(account, account, null);

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("another key", With("privateKey", "env:OTHER")),
        ("no key", With("privateKey", "env:NONE")),
        ("a reference to nothing", With("privateKey", "env:MISSING")),
        ("nobody listening", With("port", 1)),
        ("a machine that is not known", With("knownHosts", "/dev/null")),
        ("an option for a machine", With("host", "-oProxyCommand=id")),
        ("a command for an account", With("account", "x;id")),
        ("an account of nobody", With("account", "nobody-here")),
        ("another user to log in as", With("login", "daemon")),
        ("a program that is not there", With("ssh", "/nowhere/ssh")),
    ];

    public override IEnumerable<BrokenWorld> BrokenWorlds =>
    [
        new("the account gone", () => host.RemoveAsync(account), () => host.AddAsync(account, InUsePassword)),
        new("sshd stopped", host.StopAsync, host.LaunchAsync),
    ];

    public override Func<string, Task>? SetByHand => password => host.SetPasswordAsync(account, password);

    public override string? NoRights => "a password has no rights of its own: the account has";

    public JsonObject With(string name, JsonNode value)
    {
        var settings = Settings;
        settings[name] = value;
        return settings;
    }

    /// <summary>Hashes are salted anew each time: whether there is one.</summary>
    public override Task<string> StateAsync() => Task.FromResult($"{host.Shadow(account)?.Split(':')[1].Length > 10}");
}
