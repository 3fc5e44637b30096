using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Issuers.Slack;

internal sealed class SlackProvider(VendorAccess access) : KeyVendor(SlackDescriptor.Instance, access)
{
    private const string AccessToken = "access_token";
    private const string RefreshToken = "refresh_token";

    protected override VendorApi Api { get; } = new(
        "Slack",
        SlackDescriptor.Address,
        VendorAuth.Written(SlackDescriptor.ClientSecret, InBodyAsync),
        "error")
    {
        Minted = VendorAuth.BearerOf(AccessToken),
    };

    protected override void Check(VendorCall call) => _ = call.Text(SlackDescriptor.ClientId);

    protected override async Task<Minted> MintAsync(VendorCall call, string label, string? previous)
    {
        using var inUse = await call.InUseAsync();
        var refresh = JsonParts.Member(inUse?.RevealText(), RefreshToken) ?? throw call.Rejected(
            "The value in use is not in the store as a pair ('access_token' and 'refresh_token', as JSON). Give the pair under 'current: "
                + "value'.");
        var made = await RefreshAsync(call, refresh);
        if (!made.Flag("ok"))
        {
            throw Refused(call, made.Text("error"));
        }

        using var token = made.Secret(AccessToken);
        using var next = made.Secret(RefreshToken);
        var pair = new JsonObject { [AccessToken] = token.RevealText(), [RefreshToken] = next.RevealText() };
        return new(
            $"{made.Text("app_id")}/{made.At("team").Text("id")}",
            call.Register(SecretValue.FromText(pair.ToJsonString())),
            call.Now + TimeSpan.FromSeconds(long.Parse(made.Text("expires_in"), CultureInfo.InvariantCulture)));
    }

    protected override Probe Verify(VendorCall call, SecretValue value) => SlackAnswer.Probe;

    /// <summary>What fails for the refresh token alone has got past the client's id and secret.</summary>
    protected override async Task TryOwnAsync(VendorCall call)
    {
        var reply = await RefreshAsync(call, "xoxe-1-none");
        if (reply.Maybe("error") is var error && error != SlackAnswer.UsedUp)
        {
            throw Refused(call, error ?? "no 'error' member");
        }
    }

    private static async Task<VendorReply> RefreshAsync(VendorCall call, string refresh)
    {
        using var secret = await call.SecretAsync(SlackDescriptor.ClientSecret);
        var fields = new JsonObject
        {
            ["client_id"] = call.Text(SlackDescriptor.ClientId),
            ["client_secret"] = secret.RevealText().Trim(),
            ["grant_type"] = RefreshToken,
            [RefreshToken] = refresh,
        };
        return await call.PostFormAsync($"oauth.v2.access", fields, SlackAnswer.Refuses);
    }

    private static WebFailureException Refused(VendorCall call, string error) => call.Failure(
        error == SlackAnswer.UsedUp && call.Attempt > 1
            ? StepOutcome.Unknown(
                "Slack knows the refresh token no more: it was used up by an attempt whose answer was lost, and the new pair with it. The "
                    + "token in use works to its end. Install the app again, and adopt its pair by 'current: value'.")
            : SlackAnswer.Meaning("oauth.v2.access", error, "'clientId', 'clientSecret' and the pair in use"));

    private static Task<IReadOnlyList<(string Name, string Value)>> InBodyAsync(VendorCall call, WebRequest request, string value) =>
        Task.FromResult<IReadOnlyList<(string, string)>>([]);
}
