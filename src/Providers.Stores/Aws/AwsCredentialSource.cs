using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Rotunda.Providers.Clients.Aws;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>
/// Rotunda's own credentials at AWS: an access key by reference, temporary ones for a role, in exchange for a token that the
/// platform puts into a file (EKS service accounts, OIDC), or the machine's own. Temporary ones are kept in memory until shortly
/// before their end.
/// </summary>
internal sealed class AwsCredentialSource : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private static readonly XNamespace Sts = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// <summary>STS cannot reach who issued the token, or the platform is just about to renew it.</summary>
    private static readonly string[] Passing = ["IDPCommunicationError", "ExpiredTokenException", "ExpiredToken"];
    private static readonly string[] Own =
        [
            AwsDescriptor.AccessKeyId, AwsDescriptor.SecretAccessKey, AwsDescriptor.SessionToken, AwsDescriptor.RoleArn,
            AwsDescriptor.WebIdentityToken,
        ];

    private readonly ConcurrentDictionary<string, (AwsCredentials Credentials, DateTimeOffset Until)> _roles = new(StringComparer.Ordinal);
    private readonly AwsSurroundings _surroundings = new();

    public async Task<AwsCredentials> GetAsync(WebSession session, ProviderSettings settings, CancellationToken cancellationToken)
    {
        var credentials = await FindAsync(session, settings, cancellationToken);
        // No reference leads to those of a role or of the machine, so nothing else makes them known.
        SecretScope.Current?.RegisterToken(credentials.SecretAccessKey);
        SecretScope.Current?.RegisterToken(credentials.SessionToken);
        return credentials;
    }

    private async Task<AwsCredentials> FindAsync(WebSession session, ProviderSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Text(AwsDescriptor.RoleArn) is { } role)
        {
            return await ForRoleAsync(session, settings, role, cancellationToken);
        }

        if (IsOfSurroundings(settings))
        {
            return await _surroundings.GetAsync(session, cancellationToken);
        }

        var id = settings.RequiredText(AwsDescriptor.AccessKeyId);
        using var secret = await settings.RequiredSecretAsync(AwsDescriptor.SecretAccessKey, cancellationToken);
        using var token = await settings.SecretAsync(AwsDescriptor.SessionToken, cancellationToken);
        return new AwsCredentials(id, secret.RevealText(), token?.RevealText());
    }

    private async Task<AwsCredentials> ForRoleAsync(
        WebSession session,
        ProviderSettings settings,
        string role,
        CancellationToken cancellationToken)
    {
        var address = Address(settings);
        var key = $"{address} {role}";
        if (_roles.TryGetValue(key, out var known) && known.Until - Margin > session.Time.GetUtcNow())
        {
            return known.Credentials;
        }

        using var token = await settings.RequiredSecretAsync(AwsDescriptor.WebIdentityToken, cancellationToken);
        var form = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=rotunda"
            + $"&RoleArn={Uri.EscapeDataString(role)}&WebIdentityToken={Uri.EscapeDataString(token.RevealText())}";
        // It changes nothing at AWS: a session that was given and lost just ends.
        var request = new WebRequest(HttpMethod.Post, address, Changes: false)
        {
            Body = Encoding.UTF8.GetBytes(form), ContentType = "application/x-www-form-urlencoded; charset=utf-8", CarriesValue = true,
        };
        var hints = WebHints.None.With(
            (400, "Check 'webIdentityToken': it may be expired, or for another audience."),
            (403, "Check 'roleArn' and that the role trusts the token's issuer and subject."));
        using var reply = await session.SendAsync(request, cancellationToken);
        if (!reply.IsSuccess)
        {
            var refusal = session.Refusal(reply, hints);
            throw Passing.Contains(CodeOf(reply), StringComparer.Ordinal)
                ? session.Failure(StepOutcome.RetryLater(refusal.Message, reply.RetryAfter(session.Time)))
                : refusal;
        }

        var (credentials, until) = Read(session, reply);
        _roles[key] = (credentials, until);
        return credentials;
    }

    /// <summary>After a refusal: the next call asks for new ones.</summary>
    public void Forget(ProviderSettings settings)
    {
        if (settings.Text(AwsDescriptor.RoleArn) is { } role)
        {
            _roles.TryRemove($"{Address(settings)} {role}", out _);
        }
        else if (IsOfSurroundings(settings))
        {
            _surroundings.Forget();
        }
    }

    public void Dispose() => _surroundings.Dispose();

    /// <summary>True if the settings name no credentials at all; half-given ones are a mistake.</summary>
    private static bool IsOfSurroundings(ProviderSettings settings) => !Own.Any(name => settings.Text(name) is not null);

    private static Uri Address(ProviderSettings settings) => WebAddress.Base(
        settings.Text(AwsDescriptor.StsAddress) ?? $"https://sts.{settings.RequiredText(AwsDescriptor.Region)}.amazonaws.com",
        AwsDescriptor.StsAddress);

    private static string? CodeOf(WebReply reply)
    {
        try
        {
            return XDocument.Parse(Encoding.UTF8.GetString(reply.Body.Span)).Descendants(Sts + "Code").FirstOrDefault()?.Value;
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }

    private static (AwsCredentials Credentials, DateTimeOffset Until) Read(WebSession session, WebReply reply)
    {
        try
        {
            var given = XDocument.Parse(Encoding.UTF8.GetString(reply.Body.Span)).Descendants(Sts + "Credentials").Single();
            string Part(string name) => given.Element(Sts + name)?.Value ?? throw new FormatException(name);
            return (
                new AwsCredentials(Part("AccessKeyId"), Part("SecretAccessKey"), Part("SessionToken")),
                DateTimeOffset.Parse(Part("Expiration"), CultureInfo.InvariantCulture));
        }
        catch (Exception problem) when (problem is System.Xml.XmlException or InvalidOperationException or FormatException)
        {
            throw session.Failure(StepOutcome.RetryLater("AWS STS: the answer holds no credentials."));
        }
    }
}
