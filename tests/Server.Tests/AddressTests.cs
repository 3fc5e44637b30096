using Rotunda.Server.Commands;
using Rotunda.Server.Hosting;

namespace Rotunda.Server.Tests;

/// <summary>Where the server listens, and where the command line sends a token.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://[::1]:7071")]
    [InlineData("http://localhost:0")]
    [InlineData("https://0.0.0.0:7071")]
    public void An_address_of_this_machine_or_with_TLS_is_listened_on(string url) =>
        Assert.Equal([url], ListenAddresses.Parse(url, clear: false));

    [Theory]
    [InlineData("http://127.0.0.1:80a", "no address to listen on")]
    [InlineData("127.0.0.1:7071", "no address to listen on")]
    [InlineData("http://127.0.0.1:70710", "no address to listen on")]
    [InlineData("http://127.0.0.1:7071/path", "no address to listen on")]
    [InlineData("http://127.0.0.1:7071#x", "no address to listen on")]
    [InlineData("unix:/tmp/socket", "no address to listen on")]
    [InlineData("http://example.com:7071", "names a host")]
    [InlineData("http://*:7071", "no address to listen on")]
    [InlineData("http://0.0.0.0:7071", "in the clear")]
    [InlineData("http://127.0.0.1:7071;http://192.0.2.1:80", "in the clear")]
    [InlineData(" ; ", "is empty")]
    public void Anything_else_is_refused_before_the_web_server_sees_it(string urls, string why)
    {
        var problem = Assert.Throws<StartupException>(() => ListenAddresses.Parse(urls, clear: false));

        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:", "http://127.0.0.1:80")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:80")]
    [InlineData("HTTP://LOCALHOST:7071/", "http://localhost:7071")]
    public void The_web_server_gets_what_was_checked_and_not_what_was_written(string written, string expected) =>
        Assert.Equal([expected], ListenAddresses.Parse(written, clear: false));

    [Fact]
    public void Plain_HTTP_for_other_machines_is_a_choice() =>
        Assert.Equal(["http://0.0.0.0:80", "http://[::]:80"], ListenAddresses.Parse("http://0.0.0.0:80; http://[::]:80", clear: true));

    [Theory]
    [InlineData("http://127.0.0.1:7071")]
    [InlineData("http://localhost:7071")]
    [InlineData("https://127.0.0.1:7071")]
    public void The_saved_token_goes_to_this_machine(string url) =>
        Assert.Equal("saved", ServerAddress.TokenFor(ServerAddress.Parse(url), given: null, () => "saved"));

    [Fact]
    public void The_saved_token_goes_to_no_other_machine_and_is_not_even_read()
    {
        var address = ServerAddress.Parse("https://rotunda.example.com");

        var problem = Assert.Throws<CommandException>(
            () => ServerAddress.TokenFor(address, given: null, () => throw new InvalidOperationException("It was read.")));

        Assert.Contains("ROTUNDA_TOKEN", problem.Message, StringComparison.Ordinal);
        Assert.Equal("given", ServerAddress.TokenFor(address, "given", () => "saved"));
    }

    [Fact]
    public void A_password_in_the_address_is_refused_and_not_shown()
    {
        var problem = Assert.Throws<CommandException>(() => ServerAddress.Parse("https://bob:canary@rotunda.example.com"));

        Assert.Contains("ROTUNDA_TOKEN", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_token_goes_to_another_machine_in_the_clear()
    {
        var problem = Assert.Throws<CommandException>(() => ServerAddress.Parse("http://rotunda.example.com"));

        Assert.Contains("https://", problem.Message, StringComparison.Ordinal);
    }
}
