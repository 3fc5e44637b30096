metadata description = 'Key Vault events: a system topic, and a subscription that puts SecretNearExpiry into the queue that the function app reads. What cannot be delivered is put aside as a blob.'

@description('Name of the system topic.')
param topicName string

@description('Region of the vault.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Resource id of the vault.')
param vaultId string

@description('Storage account of the queue.')
param queueStorageName string

@description('Queue that the function app reads.')
param queueName string

@description('Storage account of the container for undelivered events.')
param deadLetterStorageName string

@description('Container for undelivered events.')
param deadLetterContainerName string

@description('Resource id of the action group that hears of undelivered events.')
param actionGroupId string

var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

// The vault tells 30 days before a value expires: an event that is older than that has nothing more to say.
var messageTimeToLiveInSeconds = 30 * 24 * 60 * 60

resource queueStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: queueStorageName

  resource queues 'queueServices' existing = {
    name: 'default'

    resource nearExpiry 'queues' existing = {
      name: queueName
    }
  }
}

resource deadLetterStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: deadLetterStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainerName
    }
  }
}

// A system-assigned identity: it is the only one that gets through the firewall of a storage account, as a trusted service.
// https://learn.microsoft.com/azure/event-grid/handler-storage-queues
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: vaultId
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

// The roles that delivery takes: https://learn.microsoft.com/azure/event-grid/add-identity-roles
resource queueSend 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: queueStorage::queues::nearExpiry
  name: guid(queueStorage::queues::nearExpiry.id, topic.id, storageQueueDataMessageSender)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource deadLetterWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: deadLetterStorage::blobs::deadLetters
  name: guid(deadLetterStorage::blobs::deadLetters.id, topic.id, storageBlobDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'near-expiry'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry']
    }
    deliveryWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: queueStorage.id
          queueName: queueName
          queueMessageTimeToLiveInSeconds: messageTimeToLiveInSeconds
        }
      }
    }
    retryPolicy: {
      eventTimeToLiveInMinutes: 1440
      maxDeliveryAttempts: 30
    }
    deadLetterWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: deadLetterStorage.id
          blobContainerName: deadLetterContainerName
        }
      }
    }
  }
  dependsOn: [queueSend, deadLetterWrite]
}

resource undelivered 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${topicName}-undelivered'
  location: 'global'
  tags: tags
  properties: {
    description: 'An event of the vault could not be put into the queue, and was put aside as a blob: a secret may expire unnoticed.'
    severity: 2
    enabled: true
    scopes: [topic.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-lettered'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}
