using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.SendGrid;

internal static class SendGridDescriptor
{
    public const string Scopes = "scopes";
    public const string Token = "token";
    public const string Address = "https://api.sendgrid.com";

    public static ProviderDescriptor Instance { get; } = new(
        "sendgrid-api-key",
        "SendGrid API key",
        "Issues and revokes API keys of SendGrid. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Scopes, SettingType.TextList, "What the keys may do, such as `mail.send`. Left out: the scopes of the key in use."),
            new(Token, SettingType.Text, "The API key by which Rotunda issues the others.", Required: true, IsSecret: true),
            new(VendorApi.Url, SettingType.Url, "Of the API: https://api.eu.sendgrid.com for subusers in the EU, or a proxy's.", Default: Address),
        ],
        [
            "https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys",
            "https://www.twilio.com/docs/sendgrid/api-reference/api-keys/delete-api-keys",
            "https://www.twilio.com/docs/sendgrid/api-reference/api-key-permissions/retrieve-a-list-of-scopes-for-which-this-user-has-access",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "An account has at most 100 API keys.",
            "SendGrid does not tell when a key was made or last used: there is no evidence to wait for, so give a grace period.",
            "A deleted key may work a little longer.",
            "`2fa_required`, `2fa_exempt`, `sender_verification_eligible` and `sender_verification_exempt` stand among the scopes that are read and are the account's: they are not carried over. This is known from the use of the API, not from its documents.",
        ],
        Permissions: ["`api_keys.create`, `api_keys.read`, `api_keys.delete`, and every scope that the new keys are to have."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              mail-key:
                provider: { type: sendgrid-api-key, scopes: [mail.send], token: env:SENDGRID_ADMIN_KEY }
                interval: 90d
                grace: 2d
                current: { id: qfTQ6KG0QBiwWdJ0-pCLCA }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SENDGRID_API_KEY: "{value}" } }
            """)
    {
        Carries = ["the scopes"],
    };
}
