using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Targets.GitHub;
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

    private readonly bool _isOld;

    private GitHubEnvironment(FakeVendor vendor, JsonObject place, bool isApp, string prefix, bool isOld)
        : base(vendor)
    {
        (_place, _isApp, Prefix, _isOld) = (place, isApp, prefix, isOld);
        GitHub = new FakeGitHub(vendor, prefix);
        Reset();
    }

    public FakeGitHub GitHub { get; }

    public override IProvider Provider => _provider;

    public override JsonObject Settings => With([]);

    public override IReadOnlyDictionary<string, string> References { get; } = new Dictionary<string, string>
    {
        ["env:TOKEN"] = FakeGitHub.Token,
        ["env:KEY"] = FakeGitHubApps.PrivateKey,
        ["env:WRONG"] = "ghp_wrong-0123456789",
        ["env:SPACES"] = "a token\nwith a line break",
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

    /// <param name="isOld">An older server, many runs in its list, and one of ours that is still waiting for a runner at the start.</param>
    public static async Task<GitHubEnvironment> StartAsync(
        JsonObject? place = null,
        bool isApp = false,
        string prefix = "",
        bool isOld = false) =>
        new(
            await FakeVendor.StartAsync(),
            place
                ?? new()
                {
                    ["organization"] = "acme",
                    ["syncRepository"] = "acme/platform",
                    ["syncWorkflow"] = "sync.yml",
                    ["syncMark"] = "rotunda",
                },
            isApp,
            prefix,
            isOld);

    public override void Reset()
    {
        _provider.Dispose();
        _provider = new GitHubProvider();
        GitHub.Reset();
        if (_isOld)
        {
            GitHub.IsOld = true;
            GitHub.StartElsewhere($"Sync conformance-0{GitHubMark.OfTarget(Call())}0123456789ab");
        }

        GitHub.Stand("orgs/acme/actions/secrets/API_KEY", "standing", "selected", [.. Enumerable.Range(1, 130).Select(id => (long)id)]);
        GitHub.Stand("repos/acme/shop/actions/secrets/API_KEY", "standing");
        GitHub.Stand("repos/acme/shop/environments/blue/green/secrets/API_KEY", "standing");
    }

    /// <summary>More than a page of runs that came later.</summary>
    public override void Arrive()
    {
        for (var other = 0; _isOld && other < 120; other++)
        {
            GitHub.StartElsewhere($"Sync by hand {other}");
        }
    }

    /// <summary>A run of an earlier delivery that may end after a later one's is a state that must never be.</summary>
    public override Task<string> StateAsync() =>
        Task.FromResult(GitHub.State() + (_isOld && GitHub.Runs.Count > 1 && GitHub.Runs[0].Status != "completed" ? "\novertaken" : ""));

    /// <summary>An organization's secret that is not there gets the visibility of new ones.</summary>
    public override bool BelievesNotFound => true;

    /// <summary>The settings, with others; null takes one away.</summary>
    public JsonObject With(JsonObject others)
    {
        var settings = new JsonObject
        {
            ["apiUrl"] = Vendor.Address + Prefix,
            ["keys"] = new JsonObject { ["API_KEY"] = "{value}", ["api_key_next"] = "k={secondary}" },
        };
        var credentials = _isApp
            ? new JsonObject
            {
                ["appId"] = FakeGitHubApps.AppId,
                ["installationId"] = FakeGitHubApps.InstallationId,
                ["privateKey"] = "env:KEY",
            }
            : new JsonObject { ["token"] = "env:TOKEN" };
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
