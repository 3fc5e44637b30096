using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;

namespace Rotunda.Functions;

/// <summary>Key Vault's word, by Event Grid, that a value is about to expire.</summary>
public sealed class VaultFunctions(NearExpiryDesk desk, HeadOptions options, DurableClient client)
{
    [Function("SecretNearExpiry")]
    public Task NearExpiryAsync([EventGridTrigger] string json, [DurableClient] DurableTaskClient durable, CancellationToken cancellationToken) =>
        desk.HandleAsync(json, options.Vault, client.Use(durable, cancellationToken));
}
