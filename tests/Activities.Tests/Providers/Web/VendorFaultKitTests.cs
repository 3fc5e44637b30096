using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Web;

/// <summary>The kit that puts every fault on every call: it passes what is right and finds what is wrong.</summary>
public sealed class VendorFaultKitTests
{
    [Fact]
    public async Task A_right_provider_passes()
    {
        await using var environment = await SampleEnvironment.StartAsync(new SampleTarget());

        // Deliver and Restore make two calls each; Capture makes none.
        Assert.Equal(4 * FakeFault.All.Count, await VendorFaultSuite.RunAsync(environment));
    }

    [Theory]
    [InlineData("forgets", "Deliver, call 2, HTTP 401: Rejected")]
    [InlineData("leaks", "Deliver, call 2, LoseReply tells a secret value")]
    [InlineData("hasty", "Deliver, call 2, HTTP 429: the wish to wait 7 s became")]
    [InlineData("lies", "Deliver, call 2, HTTP 500: a success, and yet the state is not as it should be")]
    public async Task A_wrong_one_does_not(string wrong, string finding)
    {
        await using var environment = await SampleEnvironment.StartAsync(new SampleTarget(wrong));

        var found = await Assert.ThrowsAsync<ProviderConformanceException>(() => VendorFaultSuite.RunAsync(environment));

        Assert.Contains(finding, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fake_refuses_what_its_vendor_does_not_know()
    {
        await using var vendor = (await FakeVendor.StartAsync()).On("GET", "/known", _ => FakeReply.Empty(200));
        using var client = new HttpClient { BaseAddress = new Uri(vendor.Address) };

        await client.GetAsync("known");
        vendor.AssertClean();
        await client.GetAsync("unknown");
        await client.GetAsync("known?page=2");
        await client.SendAsync(new HttpRequestMessage(HttpMethod.Get, "known") { Headers = { { "X-Odd", "1" } } });

        var problems = Assert.Throws<FakeVendorException>(vendor.AssertClean).Message;
        Assert.Contains("GET /unknown: this vendor has no such call", problems, StringComparison.Ordinal);
        Assert.Contains("does not know the query parameter 'page'", problems, StringComparison.Ordinal);
        Assert.Contains("does not know the header 'X-Odd'", problems, StringComparison.Ordinal);
    }
}
