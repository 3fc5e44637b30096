using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Teams;

internal sealed class TeamsChannel() : WebChannel(TeamsDescriptor.Instance, "Microsoft Teams")
{
    /// <summary>A card may be 28 KB in all.</summary>
    private const int MostText = 8_000;

    private static readonly WebHints s_hints = WebHints.None.With(
        (401, "The workflow's address is no longer valid: copy it from the workflow again."),
        (403, "The workflow may be started by nobody who only knows its address: let anyone start it."),
        (404, "The workflow was deleted or turned off: make a new one."));

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var address = await SecretAddressAsync(call, TeamsDescriptor.Url, cancellationToken);
        var body = new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = Card(message),
            }),
        };
        using var reply = await session.SucceedAsync(Post(address, body) with { CarriesValue = true }, s_hints, cancellationToken);
        return StepOutcome.Done();
    }

    private static JsonObject Card(NoticeMessage message)
    {
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = new JsonArray(
                Text(Wording.Line(message.Title), isTitle: true),
                Text(Wording.Cut(message.Text, MostText), isTitle: false),
                new JsonObject
                {
                    ["type"] = "FactSet",
                    ["facts"] = new JsonArray([.. Wording.Facts(message).Append(("Id", message.Id)).Select(
                        fact => (JsonNode)new JsonObject { ["title"] = fact.Item1, ["value"] = fact.Item2 })]),
                }),
        };
        if (message.Link is { } link)
        {
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open", ["url"] = link });
        }

        return card;
    }

    private static JsonObject Text(string text, bool isTitle) => new()
    {
        // Blank lines part paragraphs: single ends of lines would be lost.
        ["type"] = "TextBlock", ["text"] = text.Replace("\n", "\n\n", StringComparison.Ordinal), ["wrap"] = true,
        ["weight"] = isTitle ? "Bolder" : "Default",
    };
}
