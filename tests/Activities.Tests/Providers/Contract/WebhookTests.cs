using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Custom.Webhook;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Contract;

public sealed class WebhookTests(ITestOutputHelper output)
{
    [Fact]
    public async Task It_conforms()
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        await ProviderConformanceSuite.RunAsync(environment);
        environment.Vendor.AssertClean();
    }

    [Fact]
    public async Task Every_call_may_fail_in_every_way()
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        var faults = await VendorFaultSuite.RunAsync(environment);
        output.WriteLine($"{faults} faults");
        Assert.True(faults >= Operations.Names.Count * FakeFault.All.Count, $"Only {faults} faults: an operation was left out.");
    }

    [Theory]
    [InlineData(WebhookEnvironment.Key)]
    [InlineData(WebhookEnvironment.OtherKey)]
    public async Task While_the_key_is_changed_the_service_may_know_either(string known)
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        environment.Service.Keys.Clear();
        environment.Service.Keys.Add(known);
        var settings = environment.With(new() { ["secondKey"] = "env:OTHER" });

        var outcome = await new WebhookProvider().RestartAsync(environment.Call(settings: settings), default);

        Assert.True(outcome.Succeeded, outcome.Reason);
    }

    [Fact]
    public async Task A_service_that_does_not_know_the_key_refuses_and_says_where_to_look()
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        environment.Service.Keys.Clear();

        var outcome = await new WebhookProvider().RestartAsync(environment.Call(), default);

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("refuses the signature", outcome.Reason);
    }

    [Fact]
    public async Task A_signature_is_good_for_its_body_and_its_moment_only()
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        await new WebhookProvider().RestartAsync(environment.Call(), default);
        var (stamp, signature, body) = environment.Service.Last;

        Assert.True(environment.Service.IsGenuine(stamp, signature, body));
        Assert.False(environment.Service.IsGenuine(stamp, signature, [.. body, (byte)' ']));
        Assert.False(environment.Service.IsGenuine($"{long.Parse(stamp) - 1}", signature, body));
        Assert.False(environment.Service.IsGenuine(stamp, "v1=" + new string('0', 64), body));
        Assert.False(
            new ContractService(
                environment.Vendor.Address + "/rotunda/v1",
                () => DateTimeOffset.UtcNow.AddMinutes(6)) { Keys = { WebhookEnvironment.Key } }.IsGenuine(stamp, signature, body));

        // One key at two services: what was signed for one is not good for the other.
        Assert.True(
            new ContractService(
                environment.Vendor.Address + "/rotunda/v1",
                () => DateTimeOffset.UtcNow) { Keys = { WebhookEnvironment.Key } }.IsGenuine(stamp, signature, body));
        Assert.False(
            new ContractService(
                environment.Vendor.Address + "/rotunda/v2",
                () => DateTimeOffset.UtcNow) { Keys = { WebhookEnvironment.Key } }.IsGenuine(stamp, signature, body));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("keys", true)]
    public async Task A_service_with_a_name_of_its_own_takes_what_is_for_that_name(string? audience, bool isTaken)
    {
        await using var environment = await WebhookEnvironment.StartAsync();
        var service = new ContractService("keys", () => environment.Time.GetUtcNow()) { Keys = { WebhookEnvironment.Key } };
        environment.Vendor.On("POST", "/named", service.Answer);
        var settings = environment.With(new() { ["url"] = environment.Vendor.Address + "/named", ["audience"] = audience });

        var outcome = await new WebhookProvider().RestartAsync(environment.Call(settings: settings), default);

        Assert.Equal(isTaken ? StepOutcomeKind.Done : StepOutcomeKind.Rejected, outcome.Kind);
    }

    /// <summary>Computed once with another program: printf 'v1.1767225600.https://keys.internal/rotunda\n{"a":1}' | openssl dgst
    /// -sha256 -hmac first-signing-key-0123456789</summary>
    [Fact]
    public void The_signature_is_the_documented_one()
    {
        using var key = SecretValue.FromText(WebhookEnvironment.Key);

        var (stamp, signature) = WebhookSignature.Of(
            "https://keys.internal/rotunda",
            "{\"a\":1}"u8,
            DateTimeOffset.FromUnixTimeSeconds(1767225600),
            key);

        Assert.Equal("1767225600", stamp);
        Assert.Equal("v1=ecca25d8a3ee766c0a29ed1b6068b972126a1f33e219d73ee230bb2fbe41ebe6", signature);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{\"outcome\":\"perhaps\"}")]
    public async Task An_answer_that_is_none_is_unknown_after_a_change_and_tried_again_otherwise(string body)
    {
        await using var vendor = await FakeVendor.StartAsync();
        await using var environment = await WebhookEnvironment.StartAsync();
        vendor.On("POST", "/", request =>
        {
            request.Header("Rotunda-Timestamp");
            request.Header("Rotunda-Signature");
            return new FakeReply(200, Encoding.UTF8.GetBytes(body), "application/json");
        });
        var call = environment.Call(settings: environment.With(new() { ["url"] = vendor.Address }));

        Assert.Equal(StepOutcomeKind.Unknown, (await new WebhookProvider().RestartAsync(call, default)).Kind);
        Assert.Equal(StepOutcomeKind.RetryLater, (await new WebhookProvider().CheckAsync(call, environment.Fingerprints, default)).Kind);
        vendor.AssertClean();
    }

    [Fact]
    public void The_published_schema_has_every_operation() => Assert.Equal(Operations.Names, ContractSchema.Operations);

    [Fact]
    public void The_contract_s_page_has_every_operation_and_its_examples_are_right()
    {
        var page = File.ReadAllText(ContractSchema.PathOf("docs/exec-contract.md"));
        Assert.All(Operations.Names, name => Assert.Contains($"| `{name}` |", page));
        var blocks = page.Split("```json\n").Skip(
            1).Select(block => JsonNode.Parse(block[..block.IndexOf("```", StringComparison.Ordinal)])).ToList();
        Assert.Null(ContractSchema.WhyNoRequest(blocks[0]));
        Assert.Null(ContractSchema.WhyNoAnswer(blocks[1]));
    }
}
