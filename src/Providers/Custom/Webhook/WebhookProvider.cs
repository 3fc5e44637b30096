using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Webhook;

internal sealed class WebhookProvider : ContractProvider, IDisposable
{
    private readonly WebhookClient _client = new();

    public override ProviderDescriptor Descriptor => WebhookDescriptor.Instance;

    public void Dispose() => _client.Dispose();

    protected override Task<ReadOnlyMemory<byte>> ExchangeAsync(
        ProviderCall call,
        ContractRequest request,
        CancellationToken cancellationToken) =>
        _client.PostAsync(call, request, cancellationToken);

    protected override Task<StepOutcome> CheckAsync(ProviderCall call, CancellationToken cancellationToken) =>
        WebhookClient.CheckAsync(call, cancellationToken);
}
