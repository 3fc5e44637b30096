using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Opsgenie;

internal sealed class OpsgenieChannel() : WebChannel(OpsgenieDescriptor.Instance, "Opsgenie")
{
    private const int MostMessage = 130;
    private const int MostText = 15_000;
    private const int MostTag = 50;
    private const int MostTags = 20;

    private static readonly WebHints s_hints = new(
        new Dictionary<int, string>
        {
            [401] = "Check the key, and that the account is where the address leads to (an account in the EU has another one).",
            [403] = "The key may not create alerts: use that of an API integration, and turn the integration on.",
        },
        "message");

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var root = WebAddress.Base(call.Settings.RequiredText(OpsgenieDescriptor.Address), OpsgenieDescriptor.Address);
        using var key = await call.Settings.RequiredSecretAsync(OpsgenieDescriptor.Key, cancellationToken);
        var authorization = new AuthenticationHeaderValue("GenieKey", key.RevealText());
        var alias = message.Condition ?? message.Id;
        var request = message.Ends
            ? Post(
                new Uri(WebAddress.At(root, "v2", "alerts", alias, "close") + "?identifierType=alias"),
                new JsonObject { ["source"] = "Rotunda", ["note"] = Wording.Cut(message.Text, MostText) },
                authorization)
            : Post(WebAddress.At(root, "v2", "alerts"), Alert(message, alias), authorization);
        using var reply = await session.SucceedAsync(request, s_hints, cancellationToken);
        return StepOutcome.Done();
    }

    private static JsonObject Alert(NoticeMessage message, string alias)
    {
        var details = new JsonObject { ["id"] = message.Id };
        foreach (var (name, value) in Wording.Facts(message))
        {
            details[name.ToLowerInvariant()] = value;
        }

        return new JsonObject
        {
            ["message"] = Wording.Cut(Wording.Line(message.Title), MostMessage),
            ["alias"] = alias,
            ["description"] = Wording.Cut(Wording.Body(message), MostText),
            ["tags"] = new JsonArray([.. message.Tags.Take(MostTags).Select(tag => (JsonNode)Wording.Cut(tag, MostTag))]),
            ["details"] = details,
            ["entity"] = message.Secret ?? "rotunda",
            ["source"] = "Rotunda",
            ["priority"] = message.Severity switch
            {
                NoticeSeverity.Urgent => "P1",
                NoticeSeverity.Warning => "P3",
                _ => "P5",
            },
        };
    }
}
