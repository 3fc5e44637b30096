using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Email;

internal sealed class EmailChannel : IProvider, ISendNotices
{
    public ProviderDescriptor Descriptor => EmailDescriptor.Instance;

    public async Task<StepOutcome> SendAsync(ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var began = false;
        try
        {
            using var mail = MailOf(call.Settings, message);
            using var client = new SmtpClient { CheckCertificateRevocation = false };
            await OpenAsync(client, call.Settings, cancellationToken);
            began = true;
            await client.SendAsync(mail, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return StepOutcome.Done();
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            return OutcomeOf(problem, began);
        }
    }

    private static MimeMessage MailOf(ProviderSettings settings, NoticeMessage message)
    {
        var from = AddressOf(settings.RequiredText(EmailDescriptor.From), EmailDescriptor.From);
        var mail = new MimeMessage
        {
            Subject = $"[Rotunda] {Wording.Cut(Wording.Line(message.Title), 200)}",
            Date = message.At,
            MessageId = $"{message.Id}@{from.Domain}",
            Body = new TextPart("plain") { Text = Wording.Body(message) + "\n" },
        };
        mail.From.Add(from);
        mail.To.AddRange(settings.TextList(EmailDescriptor.To).Select(to => AddressOf(to, EmailDescriptor.To)));
        // No out-of-office answers (RFC 3834).
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-Rotunda-Notice", NoticeKinds.NameOf(message.Kind));
        mail.Priority = message.Severity == NoticeSeverity.Urgent ? MessagePriority.Urgent : MessagePriority.Normal;
        return mail;
    }

    private static MailboxAddress AddressOf(string text, string setting) =>
        MailboxAddress.TryParse(text, out var address) && address.Domain.Length > 0
            ? address
            : throw new OutcomeException(StepOutcome.Rejected($"The setting '{setting}' holds what is no mail address. Correct it."));

    private static async Task OpenAsync(SmtpClient client, ProviderSettings settings, CancellationToken cancellationToken)
    {
        var host = settings.RequiredText(EmailDescriptor.Host);
        var security = settings.Text(EmailDescriptor.Security) switch
        {
            EmailDescriptor.Tls => SecureSocketOptions.SslOnConnect,
            EmailDescriptor.Clear when IsHere(host) => SecureSocketOptions.None,
            EmailDescriptor.Clear => throw new OutcomeException(
                StepOutcome.Rejected("Without TLS, mail is handed to a server on this machine only. Set 'security' to starttls or tls.")),
            _ => SecureSocketOptions.StartTls,
        };
        if (settings.Text(EmailDescriptor.AuthorityFile) is { } file)
        {
            client.ServerCertificateValidationCallback = MailCertificates.Trusting(file, host);
        }

        await client.ConnectAsync(host, settings.Number(EmailDescriptor.Port, 587), security, cancellationToken);
        using var password = await settings.SecretAsync(EmailDescriptor.Password, cancellationToken);
        if (password is not null)
        {
            await client.AuthenticateAsync(settings.RequiredText(EmailDescriptor.Username), password.RevealText(), cancellationToken);
        }
    }

    private static bool IsHere(string host) =>
        host == "localhost" || (System.Net.IPAddress.TryParse(host, out var address) && System.Net.IPAddress.IsLoopback(address));

    private static StepOutcome OutcomeOf(Exception problem, bool began) => problem switch
    {
        SmtpCommandException { StatusCode: var code } when (int)code is >= 400 and < 500 =>
            StepOutcome.RetryLater($"The mail server asks to try later ({(int)code})."),
        SmtpCommandException { StatusCode: var code, ErrorCode: var part } =>
            StepOutcome.Rejected($"The mail server refused it ({(int)code}, {part}). Check the sender, those who get it, and the login."),
        AuthenticationException => StepOutcome.Rejected("The mail server refused the login. Check the username and the password."),
        SslHandshakeException =>
            StepOutcome.Rejected("The mail server's certificate is not trusted. Check the host, or give its authority."),
        NotSupportedException => StepOutcome.Rejected("The mail server offers no TLS, or no login. Check the port and 'security'."),
        SocketException or ServiceNotConnectedException when !began =>
            StepOutcome.RetryLater("The mail server cannot be reached. Check the host, the port and the network."),
        IOException or ProtocolException when !began =>
            StepOutcome.RetryLater("The mail server broke off before the mail was handed over."),
        _ => StepOutcome.Unknown($"It is not known whether the mail server took the mail ({problem.GetType().Name})."),
    };
}
