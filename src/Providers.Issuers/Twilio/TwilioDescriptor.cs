using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Twilio;

internal static class TwilioDescriptor
{
    public const string Account = "account";
    public const string User = "user";
    public const string Token = "token";
    public const string ApiUrl = "apiUrl";
    public const string Address = "https://iam.twilio.com";
    public const string ApiAddress = "https://api.twilio.com";

    public static ProviderDescriptor Instance { get; } = new(
        "twilio-api-key",
        "Twilio API key",
        "Issues and revokes API keys of an account at Twilio, standard or restricted ones. The value is the secret; `{username}` in a template is the key's SID. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Account, SettingType.Text, "The SID of the account (`AC…`).", Required: true),
            new(User, SettingType.Text, "The SID of the main API key by which Rotunda issues the others, or the account's.", Required: true),
            new(Token, SettingType.Text, "That key's secret, or the account's auth token.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
            new(ApiUrl, SettingType.Url, "Where a key is tried, where it is not Twilio's own address: a proxy's.", Default: ApiAddress),
        ],
        [
            "https://www.twilio.com/docs/iam/api-keys/key-resource-v1",
            "https://www.twilio.com/docs/iam/api-keys/restricted-api-keys",
            "https://www.twilio.com/docs/api/errors/70051",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Consumers need both halves: write `{username}` and `{value}` in one target.",
            "A restricted key's successor has its policy. A main key's is a standard key, as Twilio makes main keys in its console only.",
            "Twilio does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "A key is tried by listing messages. One that may not do that is known all the same (error 70051, or HTTP 403); error 20003 means that it is not.",
        ],
        Permissions: ["A main API key, or the account's auth token: standard and restricted keys may not manage keys."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              sms-key:
                provider: { type: twilio-api-key, account: AC00000000000000000000000000000001, user: SK00000000000000000000000000000001, token: env:TWILIO_MAIN_SECRET }
                interval: 90d
                grace: 2d
                current: { id: SK00000000000000000000000000000002 }
                targets:
                  app: { type: dotenv, path: app.env, keys: { TWILIO_API_KEY: "{username}", TWILIO_API_SECRET: "{value}" } }
            """)
    {
        Costs =
        [
            SettingCost.Always("Access tokens that were signed with a key end with it."),
        ],
        Labels = new LabelRule(64),
        Carries = ["the policy of a restricted key"],
    };
}
