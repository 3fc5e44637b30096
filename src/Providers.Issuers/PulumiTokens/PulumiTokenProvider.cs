using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.PulumiTokens;

/// <summary>Access tokens of an organisation, a team or a user.</summary>
internal sealed class PulumiTokenProvider(VendorAccess access) : KeyVendor(PulumiTokenDescriptor.Instance, access)
{
    private const int LongestName = 40;
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(730);

    protected override VendorApi Api { get; } =
        new("Pulumi Cloud", PulumiApi.DefaultUrl, VendorAuth.Scheme("token", PulumiTokenDescriptor.Token), "message")
        {
            Headers = [("Accept", PulumiApi.Accept)],
            Meanings = PulumiApi.Hints.ByStatus,
        };

    protected override void Check(VendorCall call)
    {
        _ = call.Expiry(PulumiTokenDescriptor.Lifetime, LongestLifetime);
        if (call.Maybe(PulumiTokenDescriptor.Team) is not null && call.Maybe(PulumiTokenDescriptor.Organization) is null)
        {
            throw call.Rejected("'team' is one of an organisation: set 'organization', too.");
        }
    }

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(PulumiTokenDescriptor.Lifetime, LongestLifetime);
        var body = new JsonObject { ["description"] = label, ["expires"] = expires?.ToUnixTimeSeconds() ?? 0 };
        if (call.Maybe(PulumiTokenDescriptor.Organization) is not null)
        {
            body["name"] = Unique(label, LongestName);
            if (call.Maybe(PulumiTokenDescriptor.Team) is null)
            {
                body["admin"] = call.Flag(PulumiTokenDescriptor.Admin);
                body["roleID"] = call.Maybe(PulumiTokenDescriptor.RoleId);
            }
        }

        var made = await call.PostAsync(Tokens(call), body);
        return new(made.Text("id"), made.Secret("tokenValue"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.ListAsync(
        Tokens(call),
        page => page.Items("tokens").Select(token =>
            new Listed(
                token.Text("id"),
                token.Maybe("description"),
                token.Time("created"),
                token.Time("lastUsed"),
                token.Time("expires"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"api/user").Means(valid: [200], invalid: [401]);

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    private static VendorPath Tokens(VendorCall call) =>
        (call.Maybe(PulumiTokenDescriptor.Organization), call.Maybe(PulumiTokenDescriptor.Team)) switch
        {
            ({ } organization, { } team) => VendorPath.Of($"api/orgs/{organization}/teams/{team}/tokens"),
            ({ } organization, null) => VendorPath.Of($"api/orgs/{organization}/tokens"),
            _ => VendorPath.Of($"api/user/tokens"),
        };
}
