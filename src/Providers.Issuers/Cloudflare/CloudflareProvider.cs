using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Cloudflare;

internal class CloudflareProvider(ProviderDescriptor descriptor, VendorAccess access) : KeyVendor(descriptor, access)
{
    public CloudflareProvider(VendorAccess access)
        : this(CloudflareDescriptor.Instance, access)
    {
    }

    private const int PageSize = 50;

    protected override VendorApi Api { get; } =
        new("Cloudflare", CloudflareDescriptor.Address, VendorAuth.Bearer(CloudflareDescriptor.Token), "message");

    protected override void Check(VendorCall call) => call.Expiry(CloudflareDescriptor.Lifetime);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        var expires = call.Expiry(CloudflareDescriptor.Lifetime);
        var like = call.Maybe(CloudflareDescriptor.Like) ?? previous
            ?? throw call.Rejected("What the new token may do is not known: set 'like', or the id of the token in use under 'current'.");
        var pattern = (await call.GetAsync($"{Tokens(call)}/{like}")).At("result");
        var made = (await call.PostAsync(Tokens(call), new JsonObject
        {
            ["name"] = label,
            ["policies"] = new JsonArray([.. pattern.Items("policies").Select(Policy)]),
            ["condition"] = pattern.Copy("condition"),
            ["expires_on"] = VendorCall.Moment(expires),
        })).At("result");
        return new(made.Text("id"), made.Secret("value"), expires);
    }

    protected override IAsyncEnumerable<Listed> ListAsync(VendorCall call) => call.PagesAsync(
        1,
        number => VendorPath.Of($"{Tokens(call)}?per_page={PageSize}&page={number}"),
        page => page.Items("result").Select(token => new Listed(
            token.Text("id"),
            token.Maybe("name"),
            token.Time("issued_on"),
            token.Time("last_used_on"),
            token.Time("expires_on"))));

    protected override Probe Verify(VendorCall call, SecretValue value) => Probe.Get($"{Tokens(call)}/verify").Means(
        valid: [],
        invalid: [400, 401, 403],
        reply => reply.Status != 200 ? null : reply.At("result").Text("status") == "active" ? Validity.Valid : Validity.Invalid);

    /// <summary>The whole token is sent again.</summary>
    protected override async Task EnableAsync(VendorCall call, string id, bool enabled)
    {
        var token = (await call.GetAsync($"{Tokens(call)}/{id}")).At("result");
        await call.PutAsync($"{Tokens(call)}/{id}", new JsonObject
        {
            ["name"] = token.Text("name"),
            ["policies"] = new JsonArray([.. token.Items("policies").Select(Policy)]),
            ["condition"] = token.Copy("condition"),
            ["not_before"] = token.Copy("not_before"),
            ["expires_on"] = token.Copy("expires_on"),
            ["status"] = enabled ? "active" : "disabled",
        });
    }

    protected override Task DeleteAsync(VendorCall call, string id) => call.DeleteAsync($"{Tokens(call)}/{id}");

    /// <summary>As it is sent: without its own id, and of the groups their ids only.</summary>
    private static JsonNode Policy(VendorReply policy) => new JsonObject
    {
        ["effect"] = policy.Text("effect"),
        ["resources"] = policy.Copy("resources"),
        ["permission_groups"] = new JsonArray([
            .. policy.Items("permission_groups").Select(group => (JsonNode)new JsonObject { ["id"] = group.Text("id") }),
        ]),
    };

    private static VendorPath Tokens(VendorCall call) => call.Maybe(CloudflareDescriptor.Account) is { } account
        ? VendorPath.Of($"accounts/{account}/tokens")
        : VendorPath.Of($"user/tokens");
}
