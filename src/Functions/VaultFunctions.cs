using Azure.Storage.Queues.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Rotunda.Api.Desk;
using Rotunda.Api.Head;

namespace Rotunda.Functions;

/// <summary>Key Vault's word, put into a queue by Event Grid, that a value is about to expire.</summary>
public sealed class VaultFunctions(NearExpiryQueue queue, HeadOptions options, DurableClient client)
{
    /// <returns>What goes to the queue of messages that were put aside; null if it was worked on.</returns>
    [Function("SecretNearExpiry")]
    [QueueOutput(NearExpiryQueue.AsideName)]
    public async Task<string?> NearExpiryAsync(
        [QueueTrigger(NearExpiryQueue.Name)] QueueMessage message,
        [DurableClient] DurableTaskClient durable,
        CancellationToken cancellationToken)
    {
        var text = message.Body.ToString();
        return await queue.HandleAsync(text, message.DequeueCount, options.Vault, client.Use(durable, cancellationToken)) ? null : text;
    }
}
