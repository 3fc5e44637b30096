using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.LocalAccounts;
using Rotunda.Providers.Ssh;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;

namespace Rotunda.Activities.Tests.Providers.LocalAccounts;

/// <summary>What a Windows machine would be told by ssh.</summary>
public sealed class WindowsPasswordTests : IDisposable
{
    private readonly FakeWindows _windows = new();

    public void Dispose() => _windows.Dispose();

    [Fact]
    public async Task Conforms()
    {
        await using var environment = new WindowsEnvironment(_windows);
        await ProviderConformanceSuite.RunAsync(environment);
        Assert.Empty(_windows.Problems);
    }

    [Fact]
    public async Task Every_printable_character_arrives_and_the_old_one_can_be_set_again()
    {
        await using var environment = new WindowsEnvironment(_windows);
        var old = (string)_windows.State["password"]!;
        foreach (var text in OddValues.Of(() => "plain").Append(old))
        {
            Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, text)).Kind);
            Assert.Equal(text, (string?)_windows.State["password"]);
        }

        Assert.Empty(_windows.Problems);
    }

    [Theory]
    [InlineData("before", StepOutcomeKind.RetryLater, false)]
    [InlineData("after", StepOutcomeKind.Unknown, true)]
    [InlineData("policy", StepOutcomeKind.NewValueNeeded, false)]
    public async Task What_is_said_is_true_of_what_happened(string fails, StepOutcomeKind expected, bool isSet)
    {
        await using var environment = new WindowsEnvironment(_windows);
        _windows.Set("fails", fails);

        var outcome = await ApplyAsync(environment, "a-new-password-0123456789");

        Assert.Equal(expected, outcome.Kind);
        Assert.Equal(isSet, (string?)_windows.State["password"] == "a-new-password-0123456789");
        _windows.Set("fails", "");
        Assert.Equal(StepOutcomeKind.Done, (await ApplyAsync(environment, "a-new-password-0123456789")).Kind);
        Assert.Empty(_windows.Problems);
    }

    private static async Task<StepOutcome> ApplyAsync(WindowsEnvironment environment, string text)
    {
        using var value = SecretValue.FromText(text);
        return await environment.Provider.Can<IApplyValues>()!.ApplyAsync(environment.Call(), environment.Credential, value, null, default);
    }

    private sealed class WindowsEnvironment(FakeWindows windows) : ProviderEnvironment
    {
        private readonly string _key = OpenSshKey.NewEcdsa();

        public override IProvider Provider { get; } = new WindowsPasswordProvider();

        public override JsonObject Settings => new()
        {
            ["host"] = "win1.example.com",
            ["login"] = "rotunda",
            ["privateKey"] = "env:KEY",
            ["account"] = "svc backup",
            ["ssh"] = windows.Program,
        };

        public override IReadOnlyDictionary<string, string> References =>
            new Dictionary<string, string> { ["env:KEY"] = _key, ["env:NONE"] = "this is nothing of the kind" };

        public override CredentialHandle Credential => new("svc backup", "svc backup", null);

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("no key", With("privateKey", "env:NONE")),
            ("a reference to nothing", With("privateKey", "env:MISSING")),
            ("an account of nobody", With("account", "nobody")),
            ("a quote in an account", With("account", "x'; exit 0; '")),
            ("an option for a machine", With("host", "-oProxyCommand=id")),
        ];

        public override IEnumerable<BrokenWorld> BrokenWorlds =>
        [
            new("the account disabled", () => windows.Set("enabled", false), () => windows.Set("enabled", true)),
            new("no administrator", () => windows.Set("admin", false), () => windows.Set("admin", true)),
            new("nobody listening", () => windows.Set("fails", "before"), () => windows.Set("fails", "")),
        ];

        public override Func<string, Task>? SetByHand => password =>
        {
            windows.Set("password", password);
            return Task.CompletedTask;
        };

        public override string? NoRights => "a password has no rights of its own: the account has";

        public override Task<string> StateAsync() => Task.FromResult(windows.State.ToJsonString());

        private JsonObject With(string name, JsonNode value)
        {
            var settings = Settings;
            settings[name] = value;
            return settings;
        }
    }
}
