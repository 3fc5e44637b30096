using System.Text.Json.Nodes;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Providers.GitHub;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.GitHub;

namespace Rotunda.Activities.Tests.Providers.GitHub;

/// <summary>A fake GitHub with two secrets, and a provider that is new after each reset (it keeps tokens).</summary>
internal sealed class GitHubEnvironment : VendorEnvironment
{
    private readonly JsonObject _place;
    private readonly bool _isApp;
    private GitHubProvider _provider = new();

    private GitHubEnvironment(FakeVendor vendor, JsonObject place, bool isApp, string prefix)
        : base(vendor)
    {
        (_place, _isApp, Prefix) = (place, isApp, prefix);
        GitHub = new FakeGitHub(vendor, prefix);
        Reset();
    }

    public FakeGitHub GitHub { get; }

    public override IProvider Provider => _provider;

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References { get; } = new Dictionary<string, string>
    {
        ["env:TOKEN"] = FakeGitHub.Token, ["env:KEY"] = FakeGitHubApps.PrivateKey, ["env:WRONG"] = "ghp_wrong-0123456789", ["env:SPACES"] = "a token\nwith a line break",
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("a wrong token", With(new() { ["token"] = "env:WRONG" })),
        ("a token that is none", With(new() { ["token"] = "env:SPACES" })),
        ("a reference to nothing", With(new() { ["token"] = "env:MISSING" })),
        ("both kinds of credentials", With(new() { ["token"] = "env:TOKEN", ["appId"] = "1" })),
        ("half an App", With(new() { ["token"] = null, ["appId"] = "1", ["installationId"] = null, ["privateKey"] = null })),
        ("a server that is not there", With(new() { ["apiUrl"] = "http://127.0.0.1:1" })),
        ("http elsewhere", With(new() { ["apiUrl"] = "http://github.example.com" })),
        ("no place", With(new() { ["organization"] = null, ["repository"] = null, ["environment"] = null })),
        ("a repository without an owner", With(new() { ["organization"] = null, ["repository"] = "platform" })),
        ("a reserved name", With(new() { ["keys"] = new JsonObject { ["GITHUB_KEY"] = "{value}" } })),
        ("an unknown placeholder", With(new() { ["keys"] = new JsonObject { ["KEY"] = "{nothing}" } })),
    ];

    public string Prefix { get; }

    public static async Task<GitHubEnvironment> StartAsync(JsonObject? place = null, bool isApp = false, string prefix = "") =>
        new(await FakeVendor.StartAsync(), place ?? new() { ["organization"] = "acme", ["syncRepository"] = "acme/platform", ["syncWorkflow"] = "sync.yml", ["syncMark"] = "rotunda" }, isApp, prefix);

    public override void Reset()
    {
        _provider.Dispose();
        _provider = new GitHubProvider();
        GitHub.Reset();
        GitHub.Stand("orgs/acme/actions/secrets/API_KEY", "standing", "selected", [.. Enumerable.Range(1, 130).Select(id => (long)id)]);
        GitHub.Stand("repos/acme/shop/actions/secrets/API_KEY", "standing");
        GitHub.Stand("repos/acme/shop/environments/blue/green/secrets/API_KEY", "standing");
    }

    /// <summary>An organization's secret that is not there gets the visibility of new ones.</summary>
    public override bool BelievesNotFound => true;

    public override Task<string> StateAsync() => Task.FromResult(GitHub.State());

    /// <summary>The settings, with others; null takes one away.</summary>
    public JsonObject With(JsonObject others)
    {
        var settings = new JsonObject { ["apiUrl"] = Vendor.Address + Prefix, ["keys"] = new JsonObject { ["API_KEY"] = "{value}", ["api_key_next"] = "k={secondary}" } };
        var credentials = _isApp ? new JsonObject { ["appId"] = FakeGitHubApps.AppId, ["installationId"] = FakeGitHubApps.InstallationId, ["privateKey"] = "env:KEY" } : new JsonObject { ["token"] = "env:TOKEN" };
        foreach (var (name, value) in credentials.Concat(_place).Concat(others).ToList())
        {
            settings.Remove(name);
            if (value is not null)
            {
                settings[name] = value.DeepClone();
            }
        }

        return settings;
    }
}
