using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.SignedWebhook;

internal sealed class SignedWebhookChannel() : WebChannel(SignedWebhookDescriptor.Instance, "The webhook")
{
    private const string KeyPrefix = "whsec_";

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var url = call.Settings.RequiredText(SignedWebhookDescriptor.Url);
        // Checks it; the address itself is used as it stands.
        WebAddress.Base(url, SignedWebhookDescriptor.Url);
        var body = Body(message);
        var at = call.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var key = await call.Settings.RequiredSecretAsync(SignedWebhookDescriptor.Key, cancellationToken);
        using var previous = await call.Settings.SecretAsync(SignedWebhookDescriptor.PreviousKey, cancellationToken);
        var request = Post(new Uri(url), body);
        var signed = Encoding.UTF8.GetBytes($"{message.Id}.{at}.{Encoding.UTF8.GetString(request.Body!.Value.Span)}");
        var signatures = new[] { key, previous }.OfType<SecretValue>().Select(one => Signature(one, signed));
        using var reply = await session.SucceedAsync(
            request with
            {
                Headers =
                [
                    ("webhook-id", message.Id), ("webhook-timestamp", at), ("webhook-signature", string.Join(' ', signatures)),
                ],
            },
            WebHints.None,
            cancellationToken);
        return StepOutcome.Done();
    }

    private static JsonObject Body(NoticeMessage message)
    {
        var data = new JsonObject
        {
            ["id"] = message.Id,
            ["kind"] = NoticeKinds.NameOf(message.Kind),
            ["severity"] = NoticeKinds.NameOf(message.Severity),
            ["title"] = message.Title,
            ["text"] = message.Text,
        };
        foreach (var (name, value) in new[]
                 {
                     ("secret", message.Secret), ("rotation", message.RotationId), ("owner", message.Owner), ("link", message.Link),
                     ("condition", message.Condition),
                 })
        {
            if (value is not null)
            {
                data[name] = value;
            }
        }

        data["tags"] = new JsonArray([.. message.Tags.Select(tag => (JsonNode)tag)]);
        data["ends"] = message.Ends;
        return new JsonObject
        {
            ["type"] = NoticeKinds.Prefix + NoticeKinds.NameOf(message.Kind),
            ["timestamp"] = message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["data"] = data,
        };
    }

    private static string Signature(SecretValue key, byte[] signed)
    {
        var bytes = KeyOf(key.RevealText());
        try
        {
            return "v1," + Convert.ToBase64String(HMACSHA256.HashData(bytes, signed));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <exception cref="WebFailureException">It says that it is base64, and is not.</exception>
    private static byte[] KeyOf(string text)
    {
        if (!text.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        try
        {
            return Convert.FromBase64String(text[KeyPrefix.Length..]);
        }
        catch (FormatException)
        {
            throw new WebFailureException(StepOutcome.Rejected(
                $"What the setting '{SignedWebhookDescriptor.Key}' leads to begins with {KeyPrefix}, and no base64 follows. Correct it."));
        }
    }
}
