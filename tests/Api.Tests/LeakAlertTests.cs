using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rotunda.Access;
using Rotunda.Interpreter;
using Rotunda.Leaks.GitHub;
using Rotunda.Leaks.Run;
using Rotunda.Ledger;
using Rotunda.Orchestration;
using Rotunda.Rotation.Words;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Api.Tests;

/// <summary>Secret scanning alerts of GitHub, over a strict stand-in
/// (https://docs.github.com/en/rest/secret-scanning/secret-scanning).</summary>
public sealed class LeakAlertTests : IAsyncLifetime
{
    private const string Planted = "canary-VALUE+that/must=never&stay";
    private const string Hook = "/api/leaks/github", Event = "secret_scanning_alert";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly List<string> _closed = [];
    private FakeVendor _github = null!;
    private LeakHost _host = null!;
    private HttpClient _stranger = null!;
    private string _secret = Planted, _state = "open";

    public async ValueTask InitializeAsync()
    {
        _github = await FakeVendor.StartAsync();
        _github.On("GET", "/repos/acme/shop/secret-scanning/alerts/{number}", request =>
        {
            Check(request);
            return FakeReply.Text(
                200, $$"""{"number":{{request.Part("number")}},"state":"{{_state}}","secret_type":"x","secret":"{{_secret}}"}""",
                "application/json");
        }).On("PATCH", "/repos/acme/shop/secret-scanning/alerts/{number}", request =>
        {
            Check(request);
            var body = request.Json("state", "resolution", "resolution_comment");
            Assert.Equal(("resolved", "revoked"), ((string?)body["state"], (string?)body["resolution"]));
            lock (_closed)
            {
                _closed.Add(request.Part("number"));
            }

            return FakeReply.Text(200, "{}",
                "application/json");
        });
        _github.On("POST", "/notices", request =>
        {
            Assert.All(
                new[] { "webhook-id", "webhook-timestamp", "webhook-signature" }, header => Assert.NotNull(request.Header(header)));
            request.Json("type", "timestamp", "data");
            return FakeReply.Text(200, "{}", "application/json");
        });
        _host = await LeakHost.StartAsync(
            $$"""
            version: 1
            notices:
              channels:
                desk: { type: signed-webhook, url: "{{_github.Address}}/notices", key: "env:ALERTS" }
              routes:
                all: { to: [desk], kinds: [leak-found] }
            leaks:
              github: { secret: "file:$F/hook", token: env:ALERTS, apiUrl: "{{_github.Address}}" }
            secrets:
              fresh:
                strategy: dual-key
                provider: { type: generated, purpose: jwt }
                grace: 0s
                current: { value: "file:$F/fresh.env#PRIMARY" }
                targets:
                  env: { type: dotenv, path: $F/fresh.env, keys: { PRIMARY: "{primary}", SECONDARY: "{secondary}" } }
            """,
            ("fresh.env", $"PRIMARY='{Planted}'\n"), ("hook", LeakHost.Environment["HOOK"]));
        _stranger = _host.Client(null);
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        await _host.DisposeAsync();
        await _github.DisposeAsync();
    }

    [Fact]
    public async Task An_alert_is_read_its_value_rotated_and_the_alert_closed_through_lost_answers_and_restarts()
    {
        _github.FailNext("GET", new FakeFault(FakeFaultKind.LoseReply));
        var (status, _) = await SendAsync(Alert(12));
        Assert.Equal(202, status);
        Assert.Equal(202, (await SendAsync(Alert(12))).Status);
        await LeakHost.UntilAsync(async () =>
            (await _host.Ledger.ListRotationsAsync(new RotationFilter { Incident = "LEAK-acme-shop-12" }, None)).Count == 1);
        _github.FailNext("PATCH", new FakeFault(FakeFaultKind.LoseReply));
        await _host.RestartAsync();

        await LeakHost.UntilAsync(async () => (await RowsAsync(AuditActions.LeakAlertClosed)).Count == 1);

        Assert.All(_closed, number => Assert.Equal("12", number));
        Assert.Single(await RowsAsync(AuditActions.LeakFound));
        Assert.Single(await _host.Ledger.ListRotationsAsync(new RotationFilter(), None));
        _github.AssertClean();
        var places = await _host.PlacesAsync();
        Assert.DoesNotContain(places, place => Encoding.Latin1.GetString(place.Value).Contains(Planted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_value_is_on_record_and_the_alert_stays_open()
    {
        _secret = "of-somebody-else-altogether";
        await SendAsync(Alert(3));
        await LeakHost.UntilAsync(async () => (await RowsAsync(AuditActions.LeakUnknown)).Count == 1);

        Assert.Equal(
            "1 unknown: GitHub secret scanning, acme/shop alert 3 (LEAK-acme-shop-3)",
            (await RowsAsync(AuditActions.LeakUnknown))[0].Detail);
        Assert.Empty(_closed);
    }

    [Fact]
    public async Task Who_does_not_sign_right_learns_nothing_and_changes_nothing()
    {
        foreach (var signature in new[]
        {
            null, "", "sha256=", "sha256=00", Signature(Alert(1), "another-secret"), "sha1=" + Signature(Alert(1))[7..],
        })
        {
            Assert.Equal(404, (await SendAsync(Alert(1), signature, sign: false)).Status);
        }

        Assert.Equal(404, (await SendAsync(Alert(2), Signature(Alert(1)), sign: false)).Status);
        Assert.Empty(_github.Requests);
        Assert.Equal(202, (await SendAsync("""{"zen":"x"}""", what: "ping")).Status);
        foreach (var body in new[]
        {
            Alert(1).Replace("created", "resolved", StringComparison.Ordinal),
            Alert(1).Replace("acme/shop", "../../x/y", StringComparison.Ordinal),
            Alert(1).Replace("acme/shop", "../shop", StringComparison.Ordinal), "[]", "{}", "{",
        })
        {
            Assert.Equal(202, (await SendAsync(body)).Status);
        }

        Assert.Empty(_github.Requests);
    }

    [Fact]
    public async Task An_alert_that_a_person_closed_meanwhile_stays_as_it_was_closed()
    {
        await SendAsync(Alert(5));
        await LeakHost.UntilAsync(async () => (await RowsAsync(AuditActions.LeakFound)).Count == 1);
        _state = "resolved";

        await LeakHost.UntilAsync(async () => (await RowsAsync(AuditActions.LeakAlertClosed)).Count == 1);

        Assert.Empty(_closed);
    }

    [Fact]
    public async Task People_are_told_where_an_alert_cannot_be_read()
    {
        _github.FailNext("GET", FakeFault.Refuse(403));
        await SendAsync(Alert(6));

        await LeakHost.UntilAsync(async () => (await RowsAsync(AuditActions.LeakAsked)).Count == 1);

        var told = (await RowsAsync(AuditActions.LeakAsked))[0].Detail!;
        Assert.StartsWith(
            "GitHub secret scanning, acme/shop alert 6: it cannot be looked after, and is tried again.", told, StringComparison.Ordinal);
        Assert.DoesNotContain(Planted, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_time_that_an_alert_cannot_be_looked_after_is_told_and_so_is_its_end()
    {
        var (turn, input) = (_host.Get<AlertTurn>(), new AlertInput("acme/shop", 9) { At = DateTimeOffset.UnixEpoch });
        _secret = "of-somebody-else-altogether";
        _github.FailNext("GET", FakeFault.Refuse(403));
        var last = await turn.RunAsync(new AlertTurnInput(input, null), None);
        _github.FailNext("GET", FakeFault.Refuse(403));
        last = await turn.RunAsync(new AlertTurnInput(input, last), None);
        Assert.Single(await NoticesAsync());

        var well = await turn.RunAsync(new AlertTurnInput(input, last), None);
        // Its process died before that was kept: the turn is taken again.
        await turn.RunAsync(new AlertTurnInput(input, last), None);
        Assert.Equal(2, (await NoticesAsync()).Count);

        _github.FailNext("GET", FakeFault.Refuse(403));
        await turn.RunAsync(new AlertTurnInput(input, well with { State = "looking" }), None);
        // Closed, and opened again by somebody: it has a history of its own.
        _github.FailNext("GET", FakeFault.Refuse(403));
        await turn.RunAsync(new AlertTurnInput(input with { At = DateTimeOffset.UnixEpoch.AddDays(1) }, null), None);
        var notices = await NoticesAsync();
        Assert.Equal(4, notices.Count);
        Assert.Single(notices.Select(notice => notice.Condition).Distinct());
        var end = Assert.Single(notices, notice => notice.Ends);
        Assert.Equal("GitHub secret scanning, acme/shop alert 9 is looked after again", end.Title);
        Assert.Equal(NoticeSeverity.Warning, end.Severity);
        Assert.All(notices.Except([end]), notice => Assert.Equal(NoticeSeverity.Urgent, notice.Severity));
    }

    [Fact]
    public async Task Those_who_run_Rotunda_are_told_where_webhooks_cannot_be_checked_and_the_sender_is_not()
    {
        using var admin = _host.Client(Role.Admin);
        Assert.DoesNotContain("GitHub", await ProblemsAsync(admin), StringComparison.Ordinal);
        File.Move(_host.FileOf("hook"), _host.FileOf("hook-away"));

        Assert.Equal(404, (await SendAsync(Alert(20))).Status);
        Assert.Equal(404, (await SendAsync(Alert(21))).Status);

        var told = Assert.Single(await NoticesAsync());
        Assert.StartsWith("The webhook's own secret cannot be read: ", told.Text, StringComparison.Ordinal);
        var problem = Assert.Single(await _host.Get<AlertDesk>().ProblemsAsync(None));
        await _host.RestartAsync();
        _stranger.Dispose();
        _stranger = _host.Client(null);
        using var again = _host.Client(Role.Admin);
        Assert.Contains(problem, await ProblemsAsync(again), StringComparison.Ordinal);
        Assert.Equal(404, (await SendAsync(Alert(22))).Status);
        Assert.Single(await NoticesAsync());

        File.Move(_host.FileOf("hook-away"), _host.FileOf("hook"));
        _state = "resolved";
        Assert.Equal(202, (await SendAsync(Alert(23))).Status);
        Assert.Single(await NoticesAsync(), notice => notice.Ends);
    }

    [Fact]
    public void The_signature_is_that_of_GitHub_s_own_example()
    {
        using var secret = SecretValue.FromText("It's a Secret to Everybody");

        Assert.True(AlertWebhook.IsSigned(
            "Hello, World!"u8, "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17", secret));
    }

    private static void Check(FakeRequest request)
    {
        request.RequireHeader("Authorization", "Bearer " + LeakHost.Environment["ALERTS"]);
        request.RequireHeader("Accept", "application/vnd.github+json");
        request.RequireHeader("X-GitHub-Api-Version", "2022-11-28");
    }

    private static string Alert(int number) =>
        """{"action":"created","alert":{"number":NUMBER,"secret_type":"x"},"repository":{"full_name":"acme/shop"}}"""
            .Replace("NUMBER", $"{number}", StringComparison.Ordinal);

    private static string Signature(string body, string? secret = null) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(
        Encoding.UTF8.GetBytes(secret ?? LeakHost.Environment["HOOK"]), Encoding.UTF8.GetBytes(body)));

    private async Task<(int Status, string Text)> SendAsync(string body, string? signature = null, bool sign = true, string what = Event)
    {
        var headers = new List<(string, string)> { ("X-GitHub-Event", what) };
        if ((sign ? Signature(body) : signature) is { } given)
        {
            headers.Add(("X-Hub-Signature-256", given));
        }

        var (status, answer) = await _host.PostAsync(_stranger, Hook, body, [.. headers]);
        return (status, answer.ToString());
    }

    private async Task<string> ProblemsAsync(HttpClient client) => string.Join(
        '\n', (await _host.GetAsync(client, "/health/secrets")).GetProperty("problems").EnumerateArray().Select(one => one.GetString()));

    private async Task<IReadOnlyList<NoticeMessage>> NoticesAsync() =>
    [
        .. (await _host.Get<IOrchestrationClient>().QueryAsync(
            new OrchestrationQuery([], NoticeNames.InstancePrefix, WithInputsAndOutputs: true), None)).Instances
            .Select(one => JsonSerializer.Deserialize(one.Input!, RotationJson.Default.NoticeDelivery)!.Message),
    ];

    private async Task<IReadOnlyList<AuditRow>> RowsAsync(string action) =>
        [.. (await _host.Ledger.ReadAuditAsync(new AuditFilter(Limit: 1_000), None)).Where(row => row.Action == action)];
}
