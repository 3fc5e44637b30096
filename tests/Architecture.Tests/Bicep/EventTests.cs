using System.Text.Json;
using Rotunda.Api.Desk;

namespace Rotunda.Architecture.Tests.Bicep;

/// <summary>An event of the vault gets from Event Grid to the function that handles it, or is put aside and told of.</summary>
public sealed class EventTests
{
    private const string QueueType = "Microsoft.Storage/storageAccounts/queueServices/queues";

    [BicepFact]
    public async Task The_topic_may_write_where_it_is_told_to_and_nowhere_else()
    {
        foreach (var deployment in (await Infrastructure.CompiledAsync()).Deployments)
        {
            var may = deployment.Of("Microsoft.Authorization/roleAssignments")
                .Where(a => a["properties", "principalId"].GetString()!.Contains("/systemTopics/", StringComparison.Ordinal));

            Assert.Equal(
                new[] { QueueId(deployment), DeadLetterId(deployment) }.Order(StringComparer.Ordinal),
                may.Select(a => a.Scope()).Order(StringComparer.Ordinal));
            Assert.Contains(deployment.Resources, r => r.Id == QueueId(deployment));
            Assert.Contains(deployment.Resources, r => r.Id == DeadLetterId(deployment));
        }
    }

    [BicepFact]
    public async Task The_function_app_may_read_the_queue_wherever_the_task_hub_is()
    {
        const string StorageQueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
        foreach (var deployment in (await Infrastructure.CompiledAsync()).Deployments)
        {
            Assert.Single(deployment.Of("Microsoft.Authorization/roleAssignments"), a =>
                a["properties", "roleDefinitionId"].GetString()!.EndsWith(StorageQueueDataContributor, StringComparison.Ordinal)
                && a["properties", "principalId"].GetString()!.Contains("/userAssignedIdentities/", StringComparison.Ordinal)
                && QueueId(deployment).StartsWith(a.Scope() + "/", StringComparison.Ordinal));
        }
    }

    /// <summary>From outside of the network, a storage account lets in the system-assigned identity of a trusted service only.</summary>
    [BicepFact]
    public async Task The_topic_comes_through_the_firewall_of_a_private_account()
    {
        var prod = (await Infrastructure.CompiledAsync()).Prod;
        var subscription = Subscription(prod);
        Assert.Equal("SystemAssigned", subscription["properties", "deliveryWithResourceIdentity", "identity", "type"].GetString());
        Assert.Equal("SystemAssigned", subscription["properties", "deadLetterWithResourceIdentity", "identity", "type"].GetString());

        foreach (var id in new[] { QueueId(prod), DeadLetterId(prod) })
        {
            var accounts = prod.Of("Microsoft.Storage/storageAccounts");
            var account = Assert.Single(accounts, a => id.StartsWith(a.Id + "/", StringComparison.Ordinal));
            Assert.Equal("Deny", account["properties", "networkAcls", "defaultAction"].GetString());
            Assert.Equal("AzureServices", account["properties", "networkAcls", "bypass"].GetString());
            Assert.Equal("Enabled", account["properties", "publicNetworkAccess"].GetString());
        }
    }

    /// <summary>The head reads a queue of the host's account; what cannot be handled goes to a second one there.</summary>
    [BicepFact]
    public async Task The_queue_is_one_of_the_host_and_what_is_put_aside_is_told_of()
    {
        foreach (var deployment in (await Infrastructure.CompiledAsync()).Deployments)
        {
            Assert.Equal(NearExpiryQueue.Name, Destination(deployment).GetProperty("queueName").GetString());
            var host = deployment.Settings["AzureWebJobsStorage__accountName"];

            Assert.Equal(
                [$"{host}/default/{NearExpiryQueue.Name}", $"{host}/default/{NearExpiryQueue.AsideName}"],
                deployment.Of(QueueType).Select(q => q.Name).Order(StringComparer.Ordinal));
            var told = $"message has \"{NearExpiryQueue.AsideName}\"";
            Assert.Single(deployment.Queries, query => query.Contains(told, StringComparison.Ordinal));
        }
    }

    /// <summary>
    /// The host gives the second queue its name:
    /// https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger.
    /// </summary>
    [Fact]
    public void What_the_host_puts_aside_goes_where_the_head_does() =>
        Assert.Equal(NearExpiryQueue.Name + "-poison", NearExpiryQueue.AsideName);

    private static AzureResource Subscription(Deployment deployment) =>
        Assert.Single(deployment.Of("Microsoft.EventGrid/systemTopics/eventSubscriptions"));

    private static JsonElement Destination(Deployment deployment) =>
        Subscription(deployment)["properties", "deliveryWithResourceIdentity", "destination", "properties"];

    private static string QueueId(Deployment deployment)
    {
        var to = Destination(deployment);
        return $"{to.GetProperty("resourceId").GetString()}/queueServices/default/queues/{to.GetProperty("queueName").GetString()}";
    }

    private static string DeadLetterId(Deployment deployment)
    {
        var to = Subscription(deployment)["properties", "deadLetterWithResourceIdentity", "deadLetterDestination", "properties"];
        var container = to.GetProperty("blobContainerName").GetString();
        return $"{to.GetProperty("resourceId").GetString()}/blobServices/default/containers/{container}";
    }
}
