using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Email;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.RealServers;
using Rotunda.Testing.VendorFakes;
using SmtpServer.Protocol;

namespace Rotunda.Activities.Tests.Providers.Channels;

/// <summary>Mails, against a real mail server.</summary>
public sealed class EmailChannelTests
{
    [Fact]
    public async Task A_mail_goes_out_by_starttls_with_a_login()
    {
        await using var server = MailServer.Start();

        var outcome = await SendAsync(Settings(server.Port));

        Assert.True(outcome.Succeeded, outcome.Reason);
        var mail = Assert.Single(server.Mails);
        Assert.Equal("[Rotunda] payments-key: the rotation is stuck", mail.Subject);
        Assert.Equal("\"Rotunda\" <rotunda@example.com>", mail.From.ToString());
        Assert.Equal(["ada@example.com", "ben@example.com"], mail.To.Mailboxes.Select(to => to.Address));
        Assert.Equal($"{ChannelBench.Message.Id}@example.com", mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Contains("See: rotunda show payments-key-7", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("Owner: payments", mail.TextBody, StringComparison.Ordinal);
    }

    /// <summary>A title with an end of line in it would be a header of its own.</summary>
    [Fact]
    public async Task A_title_adds_no_header()
    {
        await using var server = MailServer.Start();
        var message = ChannelBench.Message with { Title = "stuck\r\nBcc: eve@example.com" };

        Assert.True((await SendAsync(Settings(server.Port), message)).Succeeded);

        var mail = Assert.Single(server.Mails);
        Assert.Empty(mail.Bcc);
        Assert.Null(mail.Headers["Bcc"]);
    }

    [Theory]
    [InlineData("password", "env:WRONG", "refused the login")]
    [InlineData("authorityFile", null, "certificate is not trusted")]
    [InlineData("host", "no-such-host.invalid", "cannot be reached")]
    [InlineData("to", "not an address", "no mail address")]
    [InlineData("security", "none", "offers no TLS, or no login")]
    public async Task What_is_wrong_is_told_without_the_password(string setting, string? value, string expected)
    {
        await using var server = MailServer.Start();
        var settings = Settings(server.Port);
        settings[setting] = setting == "to" ? new JsonArray(value) : value;

        var outcome = await SendAsync(settings);

        Assert.Contains(expected, outcome.Reason, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(MailServer.Password, outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Without_tls_no_password_is_sent()
    {
        await using var server = MailServer.Start(tls: false);

        var outcome = await SendAsync(Settings(server.Port));

        Assert.Equal(StepOutcomeKind.Rejected, outcome.Kind);
        Assert.Contains("offers no TLS", outcome.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task In_the_clear_only_to_this_machine()
    {
        await using var server = MailServer.Start(tls: false);
        var here = Settings(server.Port);
        (here["security"], here["password"]) = ("none", null);
        var elsewhere = (JsonObject)here.DeepClone();
        elsewhere["host"] = "smtp.example.com";

        Assert.True((await SendAsync(here)).Succeeded);
        Assert.Contains("this machine only", (await SendAsync(elsewhere)).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpReplyCode.InsufficientStorage, StepOutcomeKind.RetryLater)]
    [InlineData(SmtpReplyCode.MailboxUnavailable, StepOutcomeKind.Rejected)]
    public async Task What_the_server_says_decides_whether_it_is_tried_again(SmtpReplyCode code, StepOutcomeKind expected)
    {
        await using var server = MailServer.Start();
        server.Refusal = new SmtpResponse(code, $"no, {MailServer.Password}");

        var outcome = await SendAsync(Settings(server.Port));

        Assert.Equal(expected, outcome.Kind);
        Assert.DoesNotContain(MailServer.Password, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_descriptor_says_what_is_true() => Assert.Empty(DescriptorChecks.Of(new EmailChannel()));

    private static Task<StepOutcome> SendAsync(JsonObject settings, NoticeMessage? message = null) => ChannelBench.SendAsync(
        new EmailChannel(),
        settings,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["env:PASSWORD"] = MailServer.Password, ["env:WRONG"] = "another-password-0123456789",
        },
        message);

    private static JsonObject Settings(int port) => new()
    {
        ["host"] = "localhost",
        ["port"] = port,
        ["security"] = "starttls",
        ["username"] = MailServer.User,
        ["password"] = "env:PASSWORD",
        ["from"] = "Rotunda <rotunda@example.com>",
        ["to"] = new JsonArray("ada@example.com", "ben@example.com"),
        ["authorityFile"] = FakeCertificate.Shared.AuthorityFile,
    };
}
