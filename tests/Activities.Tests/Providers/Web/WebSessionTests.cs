using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Web;

public sealed class WebSessionTests : IDisposable
{
    private readonly WebClients _clients = new();

    public void Dispose() => _clients.Dispose();

    [Fact]
    public async Task A_certificate_is_checked_by_the_authorities_that_are_given()
    {
        await using var vendor = (await FakeVendor.StartAsync(https: true)).On("GET", "/v1", _ => FakeReply.Empty(200));
        var request = new WebRequest(HttpMethod.Get, new Uri(vendor.Address + "/v1"), Changes: false);

        using (var reply = await Session(vendor.AuthorityFile).SendAsync(request, default))
        {
            Assert.Equal(200, reply.Status);
        }

        var unknown = await Assert.ThrowsAsync<WebFailureException>(() => Session(null).SendAsync(request, default));
        Assert.Equal(StepOutcomeKind.RetryLater, unknown.Outcome.Kind);
        Assert.Contains(
            "(TLS could not be made: it has none at that port, or a certificate that is not trusted)",
            unknown.Message,
            StringComparison.Ordinal);
        var missing = Assert.Throws<WebFailureException>(() => Session("/no/such/file.pem"));
        Assert.Equal(StepOutcomeKind.Rejected, missing.Outcome.Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/v1", "127.0.0.1:1 cannot be reached (connection refused: nothing listens at that port)")]
    [InlineData("https://nowhere.invalid/v1", "nowhere.invalid cannot be reached (its name is not found)")]
    public async Task Why_a_server_is_not_reached_is_told_in_words(string address, string why)
    {
        var request = new WebRequest(HttpMethod.Get, new Uri(address), Changes: false);
        var failure = await Assert.ThrowsAsync<WebFailureException>(() => Session(null).SendAsync(request, default));
        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        await using var vendor = (await FakeVendor.StartAsync()).On("GET", "/old", request =>
        {
            request.RequireHeader("Authorization", "Bearer t");
            return FakeReply.Empty(302, ("Location", "/new"));
        });

        var failure = await Assert.ThrowsAsync<WebFailureException>(() => Session(null).SucceedAsync(
            new WebRequest(HttpMethod.Get, new Uri(vendor.Address + "/old"), Changes: false) { Authorization = new("Bearer", "t") },
            WebHints.None,
            default));

        Assert.Equal(StepOutcomeKind.Rejected, failure.Outcome.Kind);
        Assert.Contains("Redirects are not followed", failure.Message, StringComparison.Ordinal);
        vendor.AssertClean();
    }

    [Fact]
    public async Task A_vendor_s_explanation_is_quoted_unless_it_may_hold_a_value()
    {
        await using var vendor = (await FakeVendor.StartAsync()).On(
            "POST",
            "/keys",
            _ => FakeReply.Json(422, new JsonObject { ["message"] = "name is\ntaken" }));
        var request = new WebRequest(HttpMethod.Post, new Uri(vendor.Address + "/keys"), Changes: true);
        var hints = new WebHints(new Dictionary<int, string> { [422] = "Choose another." }, "message");

        async Task<string> MessageAsync(WebRequest sent) =>
            (await Assert.ThrowsAsync<WebFailureException>(() => Session(null).SucceedAsync(sent, hints, default))).Message;
        Assert.EndsWith("answered HTTP 422 (\"name is taken\"). Choose another.", await MessageAsync(request), StringComparison.Ordinal);
        Assert.EndsWith(
            "answered HTTP 422. Choose another.",
            await MessageAsync(request with { CarriesValue = true }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(422)]
    [InlineData(429)]
    public async Task A_refusal_after_something_was_done_says_what_was_done_and_what_was_refused(int status)
    {
        await using var vendor = (await FakeVendor.StartAsync())
            .On("PUT", "/keys/one", _ => FakeReply.Empty(204))
            .On("GET", "/keys", _ => FakeReply.Empty(200))
            .On("PUT", "/keys/two", _ => FakeReply.Empty(status, ("Retry-After", "9")));
        var session = Session(null);
        WebRequest Call(HttpMethod method, string path) => new(method, new Uri(vendor.Address + path), Changes: method != HttpMethod.Get);

        (await session.SucceedAsync(Call(HttpMethod.Put, "/keys/one"), WebHints.None, default)).Dispose();
        (await session.SucceedAsync(Call(HttpMethod.Get, "/keys"), WebHints.None, default)).Dispose();
        var failure = await Assert.ThrowsAsync<WebFailureException>(() => session.SucceedAsync(
            Call(HttpMethod.Put, "/keys/two"),
            WebHints.None,
            default));

        Assert.Equal(StepOutcomeKind.Unknown, failure.Outcome.Kind);
        Assert.Equal(status is 429 or 403 ? TimeSpan.FromSeconds(9) : null, failure.Outcome.RetryAfter);
        Assert.Contains($"PUT {vendor.Address}/keys/two answered HTTP {status}", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Done before it: PUT {vendor.Address}/keys/one.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_answered_is_told_apart_from_what_was_done()
    {
        await using var vendor = (await FakeVendor.StartAsync()).On("PUT", "/keys/one", _ => FakeReply.Empty(204))
            .On("PUT", "/keys/two", _ => FakeReply.Empty(422));
        var session = Session(null);
        WebRequest Call(string path) => new(HttpMethod.Put, new Uri(vendor.Address + path), Changes: true);
        vendor.FailAt(0, new FakeFault(FakeFaultKind.LoseReply));

        var lost = await Assert.ThrowsAsync<WebFailureException>(() => session.SucceedAsync(Call("/keys/one"), WebHints.None, default));
        var refused = await Assert.ThrowsAsync<WebFailureException>(() => session.SucceedAsync(Call("/keys/two"), WebHints.None, default));

        Assert.DoesNotContain("before it", lost.Message, StringComparison.Ordinal);
        Assert.EndsWith($"Perhaps done before it: PUT {vendor.Address}/keys/one.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/x", true)]
    [InlineData("http://localhost", true)]
    [InlineData("https://vault.example.com", true)]
    [InlineData("http://vault.example.com", false)]
    [InlineData("ftp://127.0.0.1", false)]
    [InlineData("vault", false)]
    public void Credentials_never_cross_a_network_in_the_clear(string address, bool isFine)
    {
        var refused = Record.Exception(() => WebAddress.Base(address, "address"));

        Assert.Equal(isFine, refused is null);
        Assert.Equal(isFine ? null : StepOutcomeKind.Rejected, (refused as WebFailureException)?.Outcome.Kind);
    }

    [Fact]
    public void Parts_of_a_path_are_escaped() =>
        Assert.Equal("https://h/base/a%2Fb/c%20d", WebAddress.At(WebAddress.Base("https://h/base/", "x"), "a/b", "c d").AbsoluteUri);

    private WebSession Session(string? authorityFile) => _clients.Begin(
        new ProviderCall(
            new ProviderSettings([], new FixedReferences(new Dictionary<string, string>())),
            "s",
            "s-1",
            1,
            1,
            TimeProvider.System), "Sample", authorityFile);
}
