using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.DigitalOcean;

internal static class SpacesKeyDescriptor
{
    public const string Region = "region";
    public const string Buckets = "buckets";
    public const string Permission = "permission";
    public const string Token = "token";
    public const string SpacesUrl = "spacesUrl";
    public const string Address = "https://api.digitalocean.com";
    public const string SpacesAddress = "https://{region}.digitaloceanspaces.com";

    public static ProviderDescriptor Instance { get; } = new(
        "digitalocean-spaces-key",
        "DigitalOcean Spaces key",
        "Issues and revokes access keys of Spaces, DigitalOcean's object storage. The value is the secret key; `{username}` in a template is the access key's id. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Region, SettingType.Text, "The region where a new key is tried, such as `nyc3`.", Required: true),
            new(Buckets, SettingType.TextList, "The buckets that the keys reach, with `permission`. Left out: what the key in use reaches."),
            new(Permission, SettingType.Choice, "What the keys may do in `buckets`; `fullaccess` is for all buckets, and without `buckets`.", Choices: ["read", "readwrite", "fullaccess"]),
            new(Token, SettingType.Text, "The API token by which Rotunda issues keys.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
            new(SpacesUrl, SettingType.Url, $"Where a key is tried, where it is not `{SpacesAddress}`: a proxy's."),
        ],
        [
            "https://docs.digitalocean.com/reference/api/digitalocean/#tag/Spaces-Keys",
            "https://docs.digitalocean.com/products/spaces/how-to/manage-access/",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Consumers need both halves: write `{username}` and `{value}` in one target.",
            "A key is tried by listing buckets. One that may not do that is known all the same: Spaces says `AccessDenied` then, and something else of a key or a signature that it does not know.",
            "DigitalOcean does not tell when a key was last used: there is no evidence to wait for, so give a grace period.",
            "A key with full access cannot be made one of some buckets, nor the other way round.",
        ],
        Permissions: ["A token with `spaces_key:create_credentials`, `spaces_key:read` and `spaces_key:delete`."],
        RollBack: "The new key is deleted. What a deleted key was, nobody can bring back: after the old one is revoked, the only way is a new rotation.",
        Example: """
            version: 1
            secrets:
              uploads-key:
                provider: { type: digitalocean-spaces-key, region: nyc3, buckets: [uploads], permission: readwrite, token: env:DIGITALOCEAN_TOKEN }
                interval: 90d
                grace: 2d
                current: { id: DOACCESSKEYEXAMPLE }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SPACES_KEY: "{username}", SPACES_SECRET: "{value}" } }
            """)
    {
        Carries = ["the grants (buckets and permissions)"],
    };
}
