using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.GitHubIssues;
using Rotunda.Providers.Channels.Opsgenie;
using Rotunda.Providers.Channels.PagerDuty;
using Rotunda.Providers.Channels.SignedWebhook;
using Rotunda.Providers.Channels.Slack;
using Rotunda.Providers.Channels.Teams;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;
using static Rotunda.Activities.Tests.Providers.Channels.ChannelBench;

namespace Rotunda.Activities.Tests.Providers.Channels;

/// <summary>What each channel sends, against a strict fake of its vendor, and that no answer brings the channel's own key out.</summary>
public sealed class WebChannelTests : IAsyncLifetime
{
    private const string Canary = "canary-0123456789-abcdef";
    private FakeVendor _vendor = null!;

    public async ValueTask InitializeAsync() => _vendor = await FakeVendor.StartAsync();

    public async ValueTask DisposeAsync() => await _vendor.DisposeAsync();

    [Fact]
    public async Task Slack_gets_a_text_with_its_symbols_escaped()
    {
        JsonObject? sent = null;
        _vendor.On("POST", "/services/T0/B0/{key}", request =>
        {
            request.Require(request.Part("key") == Canary, "the webhook is another one");
            sent = request.Json("text", "unfurl_links");
            return FakeReply.Text(200, "ok");
        });

        Assert.True((await SendAsync("slack")).Succeeded);

        _vendor.AssertClean();
        Assert.StartsWith(
            "*payments-key: the rotation is stuck*\nThe vendor answered HTTP 500 &lt;again&gt; &amp; again.", (string?)sent!["text"],
            StringComparison.Ordinal);
        Assert.EndsWith($"Id: {Message.Id}", (string?)sent["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Teams_gets_an_adaptive_card_with_a_button()
    {
        JsonObject? sent = null;
        _vendor.On("POST", "/workflows/one/triggers/manual/paths/invoke", request =>
        {
            request.Require(request.RequiredQuery("sig") == Canary, "the signature is another one");
            request.RequiredQuery("api-version");
            sent = request.Json("type", "attachments");
            return FakeReply.Empty(202);
        });

        Assert.True((await SendAsync("teams")).Succeeded);

        _vendor.AssertClean();
        var attachment = Assert.Single(sent!["attachments"]!.AsArray())!;
        Assert.Equal("application/vnd.microsoft.card.adaptive", (string?)attachment["contentType"]);
        Assert.Equal("AdaptiveCard", (string?)attachment["content"]!["type"]);
        Assert.Equal(Message.Title, (string?)attachment["content"]!["body"]![0]!["text"]);
        Assert.Equal(Message.Link, (string?)attachment["content"]!["actions"]![0]!["url"]);
    }

    /// <summary>The signature is made again here, from the text of the specification.</summary>
    [Fact]
    public async Task The_signed_webhook_can_be_verified_with_either_key()
    {
        var signatures = Array.Empty<string>();
        string signed = "", type = "";
        _vendor.On("POST", "/hook", request =>
        {
            request.RequireHeader("webhook-id", Message.Id);
            request.RequireHeader("webhook-timestamp", $"{Now.ToUnixTimeSeconds()}");
            signatures = request.Header("webhook-signature")!.Split(' ');
            signed = $"{Message.Id}.{Now.ToUnixTimeSeconds()}.{request.Text}";
            type = (string)request.Json("type", "timestamp", "data")["type"]!;
            return FakeReply.Empty(204);
        });

        Assert.True((await SendAsync("signed-webhook")).Succeeded);

        _vendor.AssertClean();
        Assert.Equal("notice.stuck", type);
        Assert.Equal([Sign(Convert.FromBase64String(Standard)), Sign(Encoding.UTF8.GetBytes(Canary))], signatures);
        string Sign(byte[] key) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }

    [Theory]
    [InlineData(NoticeSeverity.Urgent, "critical")]
    [InlineData(NoticeSeverity.Warning, "warning")]
    [InlineData(NoticeSeverity.Calm, "info")]
    public async Task PagerDuty_gets_an_alert_per_condition(NoticeSeverity severity, string expected)
    {
        JsonObject? sent = null;
        _vendor.On("POST", "/v2/enqueue", request =>
        {
            sent = request.Json("routing_key", "event_action", "dedup_key", "payload", "client", "client_url", "links");
            return FakeReply.Json(202, new JsonObject { ["status"] = "success", ["dedup_key"] = (string?)sent["dedup_key"] });
        });

        Assert.True((await SendAsync("pagerduty", Message with { Severity = severity })).Succeeded);

        _vendor.AssertClean();
        Assert.Equal((Canary, "trigger", Message.Condition), ((string?)sent!["routing_key"], (string?)sent["event_action"],
            (string?)sent["dedup_key"]));
        Assert.Equal(
            ["summary", "source", "severity", "timestamp", "class", "custom_details"], sent["payload"]!.AsObject().Select(p => p.Key));
        Assert.Equal(expected, (string?)sent["payload"]!["severity"]);
    }

    [Fact]
    public async Task The_end_of_a_condition_resolves_its_alert()
    {
        _vendor.On("POST", "/v2/enqueue", request =>
        {
            var sent = request.Json("routing_key", "event_action", "dedup_key");
            request.Require((string?)sent["event_action"] == "resolve" && (string?)sent["dedup_key"] == Message.Condition, "not resolved");
            return FakeReply.Json(202, new JsonObject { ["status"] = "success" });
        }).On("POST", "/v2/alerts/{alias}/close", request =>
        {
            request.RequireHeader("Authorization", $"GenieKey {Canary}");
            request.Require(request.Part("alias") == Message.Condition && request.RequiredQuery("identifierType") == "alias", "not it");
            request.Json("source", "note");
            return FakeReply.Json(202, new JsonObject { ["result"] = "Request will be processed" });
        });

        Assert.True((await SendAsync("pagerduty", Message with { Ends = true })).Succeeded);
        Assert.True((await SendAsync("opsgenie", Message with { Ends = true })).Succeeded);

        _vendor.AssertClean();
    }

    [Fact]
    public async Task Opsgenie_gets_an_alert_that_fits_its_limits()
    {
        JsonObject? sent = null;
        _vendor.On("POST", "/v2/alerts", request =>
        {
            request.RequireHeader("Authorization", $"GenieKey {Canary}");
            sent = request.Json("message", "alias", "description", "tags", "details", "entity", "source", "priority");
            return FakeReply.Json(202, new JsonObject { ["result"] = "Request will be processed" });
        });

        Assert.True((await SendAsync("opsgenie", Message with { Title = new string('x', 500) })).Succeeded);

        _vendor.AssertClean();
        Assert.Equal(130, ((string)sent!["message"]!).Length);
        Assert.Equal(("P1", Message.Condition), ((string?)sent["priority"], (string?)sent["alias"]));
    }

    [Fact]
    public async Task GitHub_gets_one_issue_also_where_the_answer_was_lost()
    {
        var issues = new JsonArray();
        _vendor.On("POST", "/repos/acme/secrets/issues", request =>
        {
            Headers(request);
            var sent = request.Json("title", "body", "labels");
            issues.Insert(0, sent.DeepClone());
            return FakeReply.Json(201, new JsonObject { ["number"] = 1 });
        }).On("GET", "/repos/acme/secrets/issues", request =>
        {
            Headers(request);
            request.Require(request.RequiredQuery("state") == "all" && request.RequiredQuery("per_page") == "100", "another page");
            request.RequiredQuery("sort");
            request.RequiredQuery("direction");
            return FakeReply.Json(200, issues.DeepClone());
        });
        _vendor.FailNext("POST", new FakeFault(FakeFaultKind.LoseReply));

        Assert.Equal(StepOutcomeKind.Unknown, (await SendAsync("github-issue", Message with { Text = "ask @ada" })).Kind);
        Assert.Equal(StepOutcomeKind.AlreadyDone, (await SendAsync("github-issue", attempt: 2)).Kind);
        Assert.True((await SendAsync("github-issue", Message with { Id = "notice-team-another" }, attempt: 2)).Succeeded);

        _vendor.AssertClean();
        Assert.Equal(2, issues.Count);
        Assert.DoesNotContain("@ada", (string?)issues[1]!["body"], StringComparison.Ordinal);

        static void Headers(FakeRequest request)
        {
            request.RequireHeader("Authorization", $"Bearer {Canary}");
            request.RequireHeader("Accept", "application/vnd.github+json");
            request.RequireHeader("X-GitHub-Api-Version", "2022-11-28");
        }
    }

    /// <summary>A refusal that repeats what it was sent, and one without an answer: the channel's own key is in no reason.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public async Task No_reason_holds_the_channels_own_key(string type)
    {
        FakeReply Echo(FakeRequest request)
        {
            request.LeaveUnread();
            return FakeReply.Json(400, new JsonObject { ["message"] = $"bad: {request.Path} {request.RawQuery} {Canary} {request.Text}" });
        }

        _vendor.On("POST", "/{*rest}", Echo).On("GET", "/{*rest}", Echo);

        var refused = await SendAsync(type);
        _vendor.FailNext("POST", new FakeFault(FakeFaultKind.LoseReply));
        var lost = await SendAsync(type);

        Assert.Equal((StepOutcomeKind.Rejected, StepOutcomeKind.Unknown), (refused.Kind, lost.Kind));
        Assert.All([refused, lost], outcome => Assert.DoesNotContain(Canary, outcome.Reason, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_vendor_that_asks_to_wait_is_asked_again_later(string type)
    {
        _vendor.FailNext("POST", new FakeFault(FakeFaultKind.Refuse, 429, 60));

        var outcome = await SendAsync(type);

        Assert.Equal((StepOutcomeKind.RetryLater, TimeSpan.FromSeconds(60)), (outcome.Kind, outcome.RetryAfter));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_channels_descriptor_says_what_is_true(string type) => Assert.Empty(DescriptorChecks.Of(Case(type).Channel));

    [Theory]
    [InlineData("slack", "http://hooks.example.com/services/T0/B0/canary-0123456789-abcdef")]
    [InlineData("teams", "canary-0123456789-abcdef")]
    public async Task An_address_that_would_send_in_the_clear_is_refused_and_not_repeated(string type, string address)
    {
        var (channel, settings, _) = Case(type);

        var outcome = await ChannelBench.SendAsync(channel, settings, new Dictionary<string, string> { ["env:URL"] = address });

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.DoesNotContain(Canary, outcome.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string> Types => ["slack", "teams", "signed-webhook", "github-issue", "pagerduty", "opsgenie"];

    private static string Standard => Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary + "-in-base64"));

    private Task<StepOutcome> SendAsync(string type, NoticeMessage? message = null, int attempt = 1)
    {
        var (channel, settings, references) = Case(type);
        return ChannelBench.SendAsync(channel, settings, references, message, attempt);
    }

    private (IProvider Channel, JsonObject Settings, Dictionary<string, string> References) Case(string type)
    {
        var address = _vendor.Address;
        return type switch
        {
            "slack" => (new SlackChannel(), new() { ["url"] = "env:URL" }, One("env:URL", $"{address}/services/T0/B0/{Canary}")),
            "teams" => (new TeamsChannel(), new() { ["url"] = "env:URL" }, One(
                "env:URL", $"{address}/workflows/one/triggers/manual/paths/invoke?api-version=1&sig={Canary}")),
            "signed-webhook" => (
                new SignedWebhookChannel(),
                new() { ["url"] = address + "/hook", ["key"] = "env:KEY", ["previousKey"] = "env:OLD" },
                new(StringComparer.Ordinal) { ["env:KEY"] = "whsec_" + Standard, ["env:OLD"] = Canary }),
            "github-issue" => (
                new GitHubIssueChannel(),
                new()
                {
                    ["repository"] = "acme/secrets", ["token"] = "env:KEY", ["labels"] = new JsonArray("rotation"), ["address"] = address,
                },
                One("env:KEY", Canary)),
            "pagerduty" => (new PagerDutyChannel(), new() { ["routingKey"] = "env:KEY", ["address"] = address }, One("env:KEY", Canary)),
            _ => (new OpsgenieChannel(), new() { ["key"] = "env:KEY", ["address"] = address }, One("env:KEY", Canary)),
        };
    }

    private static Dictionary<string, string> One(string reference, string value) => new(StringComparer.Ordinal) { [reference] = value };
}
