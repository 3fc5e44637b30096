using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Issuers.PulumiTokens;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using Rotunda.Testing.VendorFakes.Pulumi;

namespace Rotunda.Activities.Tests.Providers.Pulumi;

public sealed class PulumiTokenTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("acme", null)]
    [InlineData("acme", "platform team")]
    [InlineData(null, null)]
    public async Task Conforms_and_survives_every_fault_of_every_call(string? organization, string? team)
    {
        await using var environment = await TokenEnvironment.StartAsync(organization, team);
        await ProviderConformanceSuite.RunAsync(environment);
        output.WriteLine($"{await VendorFaultSuite.RunAsync(environment)} faults");
    }

    [Fact]
    public async Task Names_are_short_and_new_each_time_and_the_label_is_the_description()
    {
        await using var environment = await TokenEnvironment.StartAsync("acme", null);
        var issuing = (IIssueCredentials)environment.Provider;
        var label = "rotunda-" + new string('s', 63) + "-1234";
        for (var again = 0; again < 2; again++)
        {
            using var value = (await issuing.IssueAsync(
                environment.Call(settings: environment.With(new() { ["lifetime"] = "30d", ["admin"] = true })),
                new(label, null),
                default)).Value;
            Assert.NotNull(value);
        }

        var made = environment.Tokens.Live.Where(token => token.Description == label).ToList();
        Assert.Equal(2, made.Select(token => token.Name).Distinct().Count());
        Assert.All(made, token => Assert.True(token.Name.Length == 40 && token.Admin));
        Assert.All(
            made,
            token => Assert.InRange(
                token.Expires,
                TimeProvider.System.GetUtcNow().AddDays(29).ToUnixTimeSeconds(),
                TimeProvider.System.GetUtcNow().AddDays(31).ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task A_token_that_cannot_be_found_is_gone_only_for_who_sees_the_others()
    {
        await using var environment = await TokenEnvironment.StartAsync("acme", null);
        var revoking = (IRevokeCredentials)environment.Provider;

        Assert.Equal(
            StepOutcomeKind.AlreadyDone,
            (await revoking.RevokeAsync(environment.Call(), new("id-unknown", null, null), default)).Kind);
        environment.Vendor.FailAt(1, FakeFault.Refuse(404));
        Assert.Equal(
            StepOutcomeKind.Rejected,
            (await revoking.RevokeAsync(environment.Call(), new("id-unknown", null, null), default)).Kind);
    }

    [Fact]
    public async Task When_a_token_was_last_used_is_evidence()
    {
        await using var environment = await TokenEnvironment.StartAsync("acme", null);
        environment.Tokens.Live.Single().LastUsed = 1_700_000_000;

        var report = await ((IReportUse)environment.Provider).ReportUseAsync(environment.Call(), environment.Credential, default);

        Assert.Equal((Use.NotUsed, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)), (report.Use, report.LastUsedAt));
    }

    private sealed class TokenEnvironment : VendorEnvironment
    {
        private readonly string? _organization;
        private readonly string? _team;

        private TokenEnvironment(FakeVendor vendor, string? organization, string? team)
            : base(vendor)
        {
            (_organization, _team, Tokens) = (organization, team, new FakePulumiTokens(vendor));
            Reset();
        }

        public FakePulumiTokens Tokens { get; }

        public override IProvider Provider { get; } = new PulumiTokenProvider();

        public override JsonObject Settings => With([]);

        public override IReadOnlyDictionary<string, string> References { get; } =
            new Dictionary<string, string> { ["env:TOKEN"] = FakePulumiTokens.AdminToken, ["env:WRONG"] = "pul-wrong-0123456789" };

        public override CredentialHandle Credential => new(Tokens.Live[0].Id, null, null);

        public override IEnumerable<(string What, JsonObject Settings)> BrokenSettings =>
        [
            ("a wrong token", With(new() { ["token"] = "env:WRONG" })),
            ("a reference to nothing", With(new() { ["token"] = "env:MISSING" })),
            ("a server that is not there", With(new() { ["url"] = "http://127.0.0.1:1" })),
            ("a team of nobody", With(new() { ["team"] = "x", ["organization"] = null })),
        ];

        public static async Task<TokenEnvironment> StartAsync(string? organization, string? team) =>
            new(await FakeVendor.StartAsync(), organization, team);

        public override void Reset()
        {
            Tokens.Reset();
            Tokens.Stand(
                _team is not null
                    ? $"/api/orgs/acme/teams/{Uri.EscapeDataString(_team)}/tokens"
                    : _organization is not null ? "/api/orgs/acme/tokens" : "/api/user/tokens",
                "pul-by-hand-0123456789");
        }

        public override Task<string> StateAsync() =>
            Task.FromResult(string.Join('\n', Tokens.Live.Select(token => $"{token.Place} {token.Description} {token.Expires}")));

        public JsonObject With(JsonObject others)
        {
            var settings =
                new JsonObject { ["token"] = "env:TOKEN", ["url"] = Vendor.Address, ["organization"] = _organization, ["team"] = _team };
            foreach (var (name, value) in others)
            {
                settings[name] = value?.DeepClone();
            }

            return settings;
        }
    }
}
