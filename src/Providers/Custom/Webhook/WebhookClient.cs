using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Webhook;

/// <summary>Posts signed requests.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly WebHints Hints = WebHints.None.With(
        (
            401,
            "The service refuses the signature: check that 'key' (or 'secondKey') is the one it knows, that it expects exactly this 'url' "
                + "(or 'audience'), and that both clocks are right."));

    private readonly WebClients _clients = new();

    /// <exception cref="OutcomeException">There is no answer of success.</exception>
    public async Task<ReadOnlyMemory<byte>> PostAsync(ProviderCall call, ContractRequest request, CancellationToken cancellationToken)
    {
        var address = AddressOf(call.Settings);
        request.AskedOf = address.GetLeftPart(UriPartial.Path);
        var session = _clients.Begin(call, "webhook", call.Settings.Text(WebhookDescriptor.Authority));
        using var key = await KeyAsync(call.Settings, WebhookDescriptor.Key, cancellationToken)
            ?? throw new SettingMissingException(WebhookDescriptor.Key);
        using var second = await KeyAsync(call.Settings, WebhookDescriptor.SecondKey, cancellationToken);
        var (timestamp, signature) = WebhookSignature.Of(
            AudienceOf(call.Settings),
            request.Body.Span,
            call.Time.GetUtcNow(),
            second is null ? [key] : [key, second]);
        using var reply = await session.SucceedAsync(
            new WebRequest(HttpMethod.Post, address, request.Changes)
            {
                Body = request.Body,
                Headers = [(WebhookSignature.TimestampHeader, timestamp), (WebhookSignature.SignatureHeader, signature)],
                CarriesValue = true,
                Timeout = call.Settings.Duration(WebhookDescriptor.Timeout, TimeSpan.FromSeconds(30)),
            },
            Hints,
            cancellationToken);
        return reply.Body.Length <= ContractWords.LargestAnswer
            ? reply.Body.ToArray()
            : throw request.Unclear("The answer is larger than 1 MB.");
    }

    public static async Task<StepOutcome> CheckAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        var address = AddressOf(call.Settings);
        _ = AudienceOf(call.Settings);
        using var key = await KeyAsync(call.Settings, WebhookDescriptor.Key, cancellationToken)
            ?? throw new SettingMissingException(WebhookDescriptor.Key);
        using var second = await KeyAsync(call.Settings, WebhookDescriptor.SecondKey, cancellationToken);
        return StepOutcome.Done(("url", address.GetLeftPart(UriPartial.Path)));
    }

    public void Dispose() => _clients.Dispose();

    /// <summary>Who the request is for, as it is signed: the text of the catalog, so that the service can know it beforehand.</summary>
    private static string AudienceOf(ProviderSettings settings)
    {
        var audience = settings.Text(WebhookDescriptor.Audience) ?? settings.RequiredText(WebhookDescriptor.Url);
        return audience.Length > 0 && !audience.Any(char.IsControl) ? audience
            : throw new OutcomeException(
                StepOutcome.Rejected(
                    $"'{WebhookDescriptor.Audience}' is empty or has more than one line. Give the service's name, or leave it out."));
    }

    private static Uri AddressOf(ProviderSettings settings)
    {
        var text = settings.RequiredText(WebhookDescriptor.Url);
        // The rule is the same for all: https, or this machine. The slash that it adds is not wanted here.
        _ = WebAddress.Base(text, WebhookDescriptor.Url);
        return new Uri(text);
    }

    private static async Task<SecretValue?> KeyAsync(ProviderSettings settings, string name, CancellationToken cancellationToken)
    {
        var key = await settings.SecretAsync(name, cancellationToken);
        return key is not { Length: < WebhookSignature.ShortestKey } ? key
            : throw new OutcomeException(
                StepOutcome.Rejected(
                    $"'{name}' leads to a key of less than {WebhookSignature.ShortestKey} bytes. Make a random one of 32."));
    }
}
