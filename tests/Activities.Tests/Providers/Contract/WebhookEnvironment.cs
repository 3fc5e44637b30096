using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Custom.Webhook;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Contract;

internal sealed class WebhookEnvironment : VendorEnvironment
{
    public const string Key = "first-signing-key-0123456789";
    public const string OtherKey = "other-signing-key-0123456789";

    private WebhookEnvironment(FakeVendor vendor)
        : base(vendor)
    {
        Service = new ContractService(vendor.Address + "/rotunda/v1", () => Time.GetUtcNow());
        Service.Keys.Add(Key);
        vendor.On("POST", "/rotunda/v1", Service.Answer);
    }

    public ContractService Service { get; }

    public override IProvider Provider { get; } = new WebhookProvider();

    public override JsonObject Settings => With([]);

    public override CredentialHandle Credential => new("app_a", "app_a", "rotunda-conformance-1");

    public override IReadOnlyDictionary<string, string> References => new Dictionary<string, string>
    {
        ["env:KEY"] = Key, ["env:OTHER"] = OtherKey, ["env:SHORT"] = "short-key-12345", ["env:CONSOLE"] = "a-console-password-1234567890",
    };

    public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
    [
        ("nothing that listens", With(new() { ["url"] = "https://127.0.0.1:1/rotunda/v1" })),
        ("a certificate that is not trusted", With(new() { ["certificateAuthority"] = null })),
        ("another key", With(new() { ["key"] = "env:OTHER" })),
        ("a short key", With(new() { ["key"] = "env:SHORT" })),
        ("a reference to nothing", With(new() { ["key"] = "env:MISSING" })),
        ("another audience", With(new() { ["audience"] = "somebody else" })),
        ("an audience of two lines", With(new() { ["audience"] = "a\nb" })),
        ("an address in the clear", With(new() { ["url"] = "http://192.0.2.1/rotunda/v1" })),
    ];

    public override Func<string, Task> SetByHand => text =>
    {
        Service.Set(Credential.Account!, text);
        return Task.CompletedTask;
    };

    public override IEnumerable<BrokenWorld> LackingRights =>
        [new("a service that takes a right away", () => Service.Powerless = true, () => Service.Powerless = false)];

    public override string NotTold => "The contract has no operation that tells it.";

    public static async Task<WebhookEnvironment> StartAsync() => new(await FakeVendor.StartAsync(https: true));

    public override void Reset() => Service.Reset();

    public override Task<string> StateAsync() => Task.FromResult(Service.State);

    public JsonObject With(JsonObject changes)
    {
        var settings = new JsonObject
        {
            ["url"] = Vendor.Address + "/rotunda/v1",
            ["key"] = "env:KEY",
            ["certificateAuthority"] = Vendor.AuthorityFile,
            ["operations"] = new JsonArray([.. Operations.Names.Select(name => (JsonNode)name)]),
            ["parameters"] = new JsonObject { ["region"] = "eu" },
            ["credentials"] = new JsonObject { ["console"] = "env:CONSOLE" },
        };
        foreach (var (name, value) in changes)
        {
            settings[name] = value?.DeepClone();
        }

        return settings;
    }
}
