using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Tailscale;

internal static class TailscaleDescriptor
{
    public const string Tailnet = "tailnet";
    public const string Tags = "tags";
    public const string Lifetime = "lifetime";
    public const string ClientId = "clientId";
    public const string ClientSecret = "clientSecret";
    public const string Address = "https://api.tailscale.com";

    public static ProviderDescriptor Instance { get; } = new(
        "tailscale-auth-key",
        "Tailscale auth key",
        "Issues and revokes auth keys of a tailnet, by which machines join it. Several live at once.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.ListCredentials,
        [
            new(Tailnet, SettingType.Text, "The tailnet's id; `-` for the one of Rotunda's own credential.", Default: "-"),
            new(Tags, SettingType.TextList, "The tags of machines that join by the keys, which are reusable then and approve the machines. Left out: everything as the key in use has it."),
            new(Lifetime, SettingType.Duration, "When a key ends by itself, at most `90d`, which is also what holds if it is left out. More than the interval and the grace period together."),
            new(ClientId, SettingType.Text, "The id of the OAuth client by which Rotunda issues keys.", Required: true),
            new(ClientSecret, SettingType.Text, "That client's secret.", Required: true, IsSecret: true),
            VendorApi.UrlSetting(Address),
        ],
        [
            "https://tailscale.com/api#tag/keys",
            "https://tailscale.com/kb/1085/auth-keys",
            "https://tailscale.com/kb/1215/oauth-clients",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "Tailscale does not tell when a key was last used: there is no evidence to wait for.",
            "A key of an OAuth client is one for tagged machines.",
        ],
        Permissions: ["An OAuth client with the scope `auth_keys` and the tags of the keys."],
        RollBack: "The new key is deleted; machines that joined by it stay. What a deleted key was, nobody can bring back.",
        Example: """
            version: 1
            secrets:
              join-key:
                provider: { type: tailscale-auth-key, tags: ["tag:ci"], lifetime: 60d, clientId: kABC12CNTRL, clientSecret: env:TAILSCALE_CLIENT_SECRET }
                interval: 30d
                grace: 2d
                targets:
                  github: { type: github-secret, organization: acme, keys: { TS_AUTHKEY: "{value}" }, token: env:GITHUB_TOKEN }
            """)
    {
        Costs =
        [
            SettingCost.Always("Machines that have joined stay: a key matters when one joins. Nothing ends for them when it is revoked."),
            SettingCost.Always("A key is tried by looking whether Tailscale has it and takes machines by it; no machine joins. A key's id stands in its value (`tskey-auth-ID-…`)."),
        ],
        Labels = new LabelRule(50),
        Carries = ["the tags", "whether it is reusable, for ephemeral machines, and approves them"],
    };
}
