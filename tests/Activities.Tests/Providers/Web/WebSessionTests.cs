using System.Text.Json.Nodes;
using Rotunda.Activities.Providers;
using Rotunda.Activities.Providers.Web;
using Rotunda.Rotation.Credentials;
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
        Assert.Contains("SecureConnectionError", unknown.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<WebFailureException>(() => Session("/no/such/file.pem"));
        Assert.Equal(StepOutcomeKind.Rejected, missing.Outcome.Kind);
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
            new WebRequest(HttpMethod.Get, new Uri(vendor.Address + "/old"), Changes: false) { Authorization = new("Bearer", "t") }, WebHints.None, default));

        Assert.Equal(StepOutcomeKind.Rejected, failure.Outcome.Kind);
        Assert.Contains("Redirects are not followed", failure.Message, StringComparison.Ordinal);
        vendor.AssertClean();
    }

    [Fact]
    public async Task A_vendor_s_explanation_is_quoted_unless_it_may_hold_a_value()
    {
        await using var vendor = (await FakeVendor.StartAsync()).On("POST", "/keys", _ => FakeReply.Json(422, new JsonObject { ["message"] = "name is\ntaken" }));
        var request = new WebRequest(HttpMethod.Post, new Uri(vendor.Address + "/keys"), Changes: true);
        var hints = new WebHints(new Dictionary<int, string> { [422] = "Choose another." }, "message");

        async Task<string> MessageAsync(WebRequest sent) => (await Assert.ThrowsAsync<WebFailureException>(() => Session(null).SucceedAsync(sent, hints, default))).Message;
        Assert.EndsWith("answered HTTP 422 (\"name is taken\"). Choose another.", await MessageAsync(request), StringComparison.Ordinal);
        Assert.EndsWith("answered HTTP 422. Choose another.", await MessageAsync(request with { CarriesValue = true }), StringComparison.Ordinal);
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
        new ProviderCall(new ProviderSettings([], new FixedReferences(new Dictionary<string, string>())), "s", "s-1", 1, 1, TimeProvider.System), "Sample", authorityFile);
}
