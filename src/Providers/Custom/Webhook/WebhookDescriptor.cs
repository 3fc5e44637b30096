using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Webhook;

internal static class WebhookDescriptor
{
    public const string Url = "url";
    public const string Key = "key";
    public const string SecondKey = "secondKey";
    public const string Audience = "audience";
    public const string Authority = "certificateAuthority";
    public const string Timeout = "timeout";

    public static ProviderDescriptor Instance { get; } = new(
        "webhook",
        "Web service of your own",
        "A web service of yours, in any language, that does what a provider, target or consumer does: the [contract](../exec-contract.md) of `exec` over HTTPS, each request signed.",
        ContractWords.Abilities,
        [
            new(Url, SettingType.Url, "Where requests are posted: https, or http on this machine.", Required: true),
            new(Key, SettingType.Text, "The key that signs requests, 16 bytes or more.", Required: true, IsSecret: true),
            new(SecondKey, SettingType.Text, "Signs each request too, so that the service may know either key while one replaces the other.", IsSecret: true),
            new(Audience, SettingType.Text, "Whom requests are for, as it is signed: the service refuses what was signed for another one that knows the same key. Left out: `url`, character by character."),
            new(Authority, SettingType.Path, "The certificate authorities (PEM) to trust for it, and no others. Left out: the system's."),
            new(Timeout, SettingType.Duration, "How long one answer may take.", Default: "30s"),
            .. ContractSettings.All,
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc9110",
            "https://www.rfc-editor.org/rfc/rfc2104",
        ],
        [Strategy.Overlap, Strategy.Alternate, Strategy.InPlace],
        AccountsSetting: ContractSettings.Accounts,
        AccountSetting: ContractSettings.Account,
        Limits:
        [
            .. ContractSettings.Limits,
            "The service must refuse a request whose signature is wrong, or is for another audience, or whose timestamp is more than five minutes off, and answer 401: an old request must not be replayed.",
            "Redirects are not followed. An answer has at most 1 MB.",
        ],
        Permissions: ["The signing key, shared with the service. What the service itself needs, it has."],
        Arrival: "As `confirm` says, if the service can.",
        RollBack: "What `capture` told is given to `restore`; without them the value in use is delivered again. With issue and with alternate the new credential is revoked; in place the old value is applied again, if it is in the store.",
        Example: """
            version: 1
            secrets:
              partner-key:
                provider:
                  type: webhook
                  url: https://keys.internal/rotunda
                  key: env:KEYS_SIGNING
                  operations: [validate, issue, verify, revoke, list, report-use]
                current: { id: key-1, value: "file:./partner.env#PARTNER_KEY" }
                interval: 60d
                grace: 2d
                evidence: { quietFor: 1h, timeout: 5d }
                targets:
                  partner-env: { type: dotenv, path: ./partner.env, keys: { PARTNER_KEY: "{value}" } }
            """,
        IsEventual: true,
        OperationsSetting: ContractSettings.Operations);
}
