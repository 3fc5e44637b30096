using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Sending;

/// <summary>A channel that is reached over HTTP.</summary>
internal abstract class WebChannel(ProviderDescriptor descriptor, string system) : IProvider, ISendNotices, IDisposable
{
    private readonly WebClients _clients = new();

    public ProviderDescriptor Descriptor => descriptor;

    public Task<StepOutcome> SendAsync(ProviderCall call, NoticeMessage message, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(() => SendAsync(_clients.Begin(call, system), call, message, cancellationToken));

    public void Dispose() => _clients.Dispose();

    protected abstract Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken);

    /// <summary>A request that makes something of the message. Answers are not quoted where it shows a key in its body.</summary>
    protected static WebRequest Post(Uri address, JsonNode body, AuthenticationHeaderValue? authorization = null) =>
        new(HttpMethod.Post, address, Changes: true)
        {
            Body = System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()), Authorization = authorization,
        };

    /// <summary>An address that is a credential: whoever knows it can write there. No message holds any of it.</summary>
    protected static async Task<Uri> SecretAddressAsync(ProviderCall call, string setting, CancellationToken cancellationToken)
    {
        using var value = await call.Settings.RequiredSecretAsync(setting, cancellationToken);
        if (!Uri.TryCreate(value.RevealText().Trim(), UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new WebFailureException(
                StepOutcome.Rejected($"What the setting '{setting}' leads to is no https:// address. Put the webhook's address there."));
        }

        SecretScope.Current?.RegisterToken(address.AbsoluteUri);
        SecretScope.Current?.RegisterToken(address.GetLeftPart(UriPartial.Path));
        SecretScope.Current?.RegisterToken(address.AbsolutePath);
        SecretScope.Current?.RegisterToken(address.Query);
        return address;
    }

    protected static JsonNode? Maybe(string? text) => text is null ? null : JsonValue.Create(text);
}
