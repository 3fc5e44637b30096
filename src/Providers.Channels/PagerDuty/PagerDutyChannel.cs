using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.PagerDuty;

internal sealed class PagerDutyChannel() : WebChannel(PagerDutyDescriptor.Instance, "PagerDuty")
{
    private const int MostSummary = 1_024;
    private const int MostText = 20_000;

    private static readonly WebHints s_hints = WebHints.None.With(
        (400, "PagerDuty takes no event with this key: check that it is the integration key of an Events API v2 integration."));

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var root = WebAddress.Base(call.Settings.RequiredText(PagerDutyDescriptor.Address), PagerDutyDescriptor.Address);
        using var key = await call.Settings.RequiredSecretAsync(PagerDutyDescriptor.RoutingKey, cancellationToken);
        var body = new JsonObject
        {
            ["routing_key"] = key.RevealText(),
            ["event_action"] = message.Ends ? "resolve" : "trigger",
            ["dedup_key"] = message.Condition ?? message.Id,
        };
        if (!message.Ends)
        {
            body["payload"] = Payload(message);
            body["client"] = "Rotunda";
            if (message.Link is { } link)
            {
                body["client_url"] = link;
                body["links"] = new JsonArray(new JsonObject { ["href"] = link, ["text"] = "Rotunda" });
            }
        }

        var request = Post(WebAddress.At(root, "v2", "enqueue"), body) with { CarriesValue = true };
        using var reply = await session.SucceedAsync(request, s_hints, cancellationToken);
        return StepOutcome.Done();
    }

    private static JsonObject Payload(NoticeMessage message)
    {
        var details = new JsonObject { ["text"] = Wording.Cut(message.Text, MostText) };
        foreach (var (name, value) in Wording.Facts(message))
        {
            details[name.ToLowerInvariant()] = value;
        }

        return new JsonObject
        {
            ["summary"] = Wording.Cut(Wording.Line(message.Title), MostSummary),
            ["source"] = message.Secret ?? "rotunda",
            ["severity"] = message.Severity switch
            {
                NoticeSeverity.Urgent => "critical",
                NoticeSeverity.Warning => "warning",
                _ => "info",
            },
            ["timestamp"] = message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["class"] = NoticeKinds.NameOf(message.Kind),
            ["custom_details"] = details,
        };
    }
}
