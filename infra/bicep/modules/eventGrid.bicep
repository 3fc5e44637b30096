metadata description = 'Key Vault events: a system topic, and a subscription that brings SecretNearExpiry to the function app. What cannot be delivered is put aside as a blob.'

@description('Name of the system topic.')
param topicName string

@description('Region of the vault.')
param location string

@description('Tags of every resource.')
param tags object

@description('Resource id of the vault.')
param vaultId string

@description('Name of the function app.')
param functionAppName string

@description('Name of the function that takes the events. It must be published before the subscription is made.')
param functionName string

@description('Whether to make the subscription.')
param hasSubscription bool

@description('Storage account of the container for undelivered events.')
param storageName string

@description('Container for undelivered events.')
param deadLetterContainerName string

@description('Resource id of the action group that hears of undelivered events.')
param actionGroupId string

var storageBlobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource functionApp 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName

  resource function 'functions' existing = {
    name: functionName
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource deadLetters 'containers' existing = {
      name: deadLetterContainerName
    }
  }
}

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

resource deadLetterWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage::blobs::deadLetters
  name: guid(storage::blobs::deadLetters.id, topic.id, storageBlobDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataContributor)
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = if (hasSubscription) {
  parent: topic
  name: 'near-expiry'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry']
    }
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: functionApp::function.id
        maxEventsPerBatch: 1
        preferredBatchSizeInKilobytes: 64
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
          resourceId: storage.id
          blobContainerName: deadLetterContainerName
        }
      }
    }
  }
  dependsOn: [deadLetterWrite]
}

resource undelivered 'Microsoft.Insights/metricAlerts@2026-01-01' = if (hasSubscription) {
  name: '${topicName}-undelivered'
  location: 'global'
  tags: tags
  properties: {
    description: 'An event of the vault could not be delivered to Rotunda and was put aside: a secret may expire unnoticed.'
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
