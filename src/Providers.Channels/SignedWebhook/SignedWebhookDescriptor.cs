using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.SignedWebhook;

internal static class SignedWebhookDescriptor
{
    public const string Url = "url";
    public const string Key = "key";
    public const string PreviousKey = "previousKey";

    public static ProviderDescriptor Instance { get; } = new(
        "signed-webhook",
        "Signed webhook",
        "A POST with JSON to a service of yours, signed as Standard Webhooks says: HMAC-SHA256 over id, timestamp and body.",
        Abilities.SendNotices,
        [
            new(Url, SettingType.Url, "Where to. Any 2xx is fine.", Required: true),
            new(Key, SettingType.Text, "The key that the signature is made with: `whsec_` and base64, or any text.", Required: true, IsSecret: true),
            new(PreviousKey, SettingType.Text, "While the key is changed: the other one. The request has both signatures then.", IsSecret: true),
        ],
        [
            "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
        ],
        [],
        Limits:
        [
            "`webhook-id` is the same each time a notice is sent: take one twice, act once. Refuse a `webhook-timestamp` that is more than five minutes old.",
            "The body: `type` (\"notice.stuck\"), `timestamp`, and `data` with `id`, `kind`, `severity`, `title`, `text`, and where they are known `secret`, `rotation`, `owner`, `tags`, `link`.",
            "Redirects are not followed. The address is https, or http on this machine.",
        ],
        Permissions: [],
        Example: """
            version: 1
            notices:
              channels:
                desk: { type: signed-webhook, url: "https://hooks.example.com/rotunda", key: "env:WEBHOOK_KEY" }
              routes:
                all: { to: [desk] }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
