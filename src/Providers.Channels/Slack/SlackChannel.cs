using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Slack;

internal sealed class SlackChannel() : WebChannel(SlackDescriptor.Instance, "Slack")
{
    private const int MostText = 12_000;

    private static readonly WebHints s_hints = WebHints.None.With(
        (403, "The webhook was removed, or its channel is archived: make a new one."),
        (404, "The webhook was removed: make a new one."),
        (410, "The channel is archived: make a webhook for another one."));

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var address = await SecretAddressAsync(call, SlackDescriptor.Url, cancellationToken);
        var text = $"*{Escaped(Wording.Line(message.Title))}*\n{Escaped(Wording.Body(message))}\nId: {message.Id}";
        var body = new JsonObject { ["text"] = Wording.Cut(text, MostText), ["unfurl_links"] = false };
        using var reply = await session.SucceedAsync(Post(address, body) with { CarriesValue = true }, s_hints, cancellationToken);
        return StepOutcome.Done();
    }

    /// <summary>The three symbols that control Slack's texts.</summary>
    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
}
