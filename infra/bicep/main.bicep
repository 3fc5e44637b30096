metadata description = 'Rotunda on Azure Functions: everything it needs in one resource group. How to use it: docs/azure.md.'

@description('Region of every resource.')
param location string = resourceGroup().location

@description('First part of every name: lower-case letters and digits.')
@minLength(3)
@maxLength(8)
param name string = 'rotunda'

@description('Second part of every name, such as dev or prod.')
@minLength(2)
@maxLength(5)
param environmentName string

@description('Tags of every resource.')
param tags { *: string } = {}

@description('Client id of the Entra app registration that callers sign in to.')
@minLength(36)
@maxLength(36)
param authClientId string

@description('Display name of the Entra group that administers the ledger: its members may migrate it.')
param ledgerAdministratorGroupName string

@description('Object id of that group.')
@minLength(36)
@maxLength(36)
param ledgerAdministratorGroupId string

@description('Object id of the Entra group that publishes the catalog; empty for none.')
param catalogPublishersGroupId string = ''

@description('Mail addresses that get the alerts.')
param alertEmails string[] = []

@description('Whether to put storage, vault and ledger behind private endpoints and the function app into a virtual network.')
param privateNetwork bool = false

@description('IPv4 range of the virtual network, at least a /25.')
param networkPrefix string = '10.85.0.0/25'

@description('Public IPv4 addresses that may connect to ledger, vault and catalog: those of the people who migrate and publish. Empty in a private network means: only from inside.')
param allowedAddresses string[] = []

@description('Redundancy of the storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'

@description('Whether instances of the function app are spread over availability zones; not every region has them.')
param zoneRedundant bool = false

@description('Days in which a deleted secret, or the deleted vault, can be recovered; nobody can purge it earlier. It cannot be changed later.')
@minValue(7)
@maxValue(90)
param vaultRecoveryDays int = 90

@description('Size of the ledger server.')
param ledgerSku string = 'Standard_B1ms'

@description('Tier of that size. High availability takes GeneralPurpose or MemoryOptimized.')
@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param ledgerTier string = 'Burstable'

@description('Disk of the ledger server in GB.')
@minValue(32)
param ledgerStorageGb int = 32

@description('A standby of the ledger server: none, in the same zone, or in another one.')
@allowed(['Disabled', 'SameZone', 'ZoneRedundant'])
param ledgerHighAvailability string = 'Disabled'

@description('Days to which the ledger can be set back.')
@minValue(7)
@maxValue(35)
param ledgerBackupDays int = 14

@description('Whether backups of the ledger are copied to the paired region. It cannot be changed later.')
param ledgerGeoRedundantBackup bool = false

@description('Where the task hub is. Changing it leaves every sleeping rotation behind.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param taskHubBackend string = 'AzureStorage'

@description('Name of the task hub: letters and digits. Changing it leaves every sleeping rotation behind.')
@minLength(3)
@maxLength(45)
param taskHubName string = 'rotunda'

@description('Durable Task Scheduler: Consumption is paid by dispatched action, Dedicated by capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Durable Task Scheduler: IPv4 ranges that may connect. Access takes a role in any case.')
param schedulerAllowedRanges string[] = ['0.0.0.0/0']

@description('Name of the blob that is the catalog.')
param catalogBlobName string = 'catalog.yaml'

@description('How long after its promotion a value in the vault is marked as expired, such as 400d; empty for never. The vault tells 30 days before, and the secret is then rotated: choose more than the longest interval in the catalog plus its grace period plus 30 days.')
param vaultExpiry string = '400d'

@description('How long the task hub keeps orchestrations that have ended, such as 90d. The ledger keeps its record of them for ever.')
param keepEnded string = '90d'

@description('Role of callers that come with a function key.')
@allowed(['viewer', 'operator', 'approver', 'admin'])
param machineRole string = 'operator'

@description('When the schedule is looked at (six-part cron, UTC).')
param sweepSchedule string = '0 */5 * * * *'

@description('When ledger and engine are compared.')
param watchdogSchedule string = '30 */10 * * * *'

@description('When notices are looked for.')
param noticeSchedule string = '0 5/10 * * * *'

@description('When the summary is written.')
param reportSchedule string = '0 0 6 * * *'

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('The most instances at once.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances of the durable functions that are kept ready; 0 scales to none between ticks.')
@minValue(0)
param alwaysReadyInstances int = 0

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Gigabytes of logs taken in a day; -1 is no cap. A cap that is reached makes the alerts blind.')
@minValue(-1)
param logDailyQuotaGb int = -1

var baseName = '${name}-${environmentName}'
var uniquePart = uniqueString(resourceGroup().id, baseName)
var allTags = union({ application: 'rotunda', environment: environmentName }, tags)
var isTaskHubInStorage = taskHubBackend == 'AzureStorage'

// Modules get names from here, not from the outputs of others: `what-if` knows these before anything is deployed.
var identityName = 'id-${baseName}'
var componentName = 'appi-${baseName}'
var hostStorageName = toLower('sthost${take(name, 4)}${uniquePart}')
var catalogStorageName = toLower('stcat${take(name, 5)}${uniquePart}')
var vaultName = 'kv-${baseName}-${take(uniquePart, 6)}'
var functionAppName = 'func-${baseName}-${take(uniquePart, 6)}'
var schedulerName = 'dts-${baseName}-${take(uniquePart, 6)}'
var packageContainerName = 'app-package'
var catalogContainerName = 'catalog'
var deadLetterContainerName = 'events-dead-letter'

// Names in the code: a function, the queue that another one reads, and the queue of what that one could not handle.
var sweepFunctionName = 'Sweep'
var nearExpiryQueueName = 'rotunda-near-expiry'
var putAsideQueueName = '${nearExpiryQueueName}-poison'

module identity 'modules/identity.bicep' = {
  params: {
    name: identityName
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: 'log-${baseName}'
    componentName: componentName
    actionGroupName: 'ag-${baseName}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    alertEmails: alertEmails
  }
}

module hostStorage 'modules/storage.bicep' = {
  params: {
    name: hostStorageName
    location: location
    tags: allTags
    skuName: storageSku
    containerNames: [packageContainerName]
    queueNames: [nearExpiryQueueName, putAsideQueueName]
    keepsVersions: false
    isPrivate: privateNetwork
    // Nobody but the function app, its deployment and Event Grid has business here: the first two come from inside, the third as a
    // trusted service.
    allowedAddresses: []
    workspaceId: monitoring.outputs.workspaceId
  }
}

module catalogStorage 'modules/storage.bicep' = {
  params: {
    name: catalogStorageName
    location: location
    tags: allTags
    skuName: storageSku
    containerNames: [catalogContainerName, deadLetterContainerName]
    queueNames: []
    keepsVersions: true
    isPrivate: privateNetwork
    allowedAddresses: allowedAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/keyVault.bicep' = {
  params: {
    name: vaultName
    location: location
    tags: allTags
    recoveryDays: vaultRecoveryDays
    isPrivate: privateNetwork
    allowedAddresses: allowedAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module ledger 'modules/ledger.bicep' = {
  params: {
    name: 'psql-${baseName}-${take(uniquePart, 6)}'
    location: location
    tags: allTags
    skuName: ledgerSku
    skuTier: ledgerTier
    storageGb: ledgerStorageGb
    highAvailability: ledgerHighAvailability
    backupDays: ledgerBackupDays
    geoRedundantBackup: ledgerGeoRedundantBackup
    databaseName: 'rotunda'
    administratorGroupName: ledgerAdministratorGroupName
    administratorGroupId: ledgerAdministratorGroupId
    isPrivate: privateNetwork
    allowedAddresses: allowedAddresses
    workspaceId: monitoring.outputs.workspaceId
  }
}

module scheduler 'modules/scheduler.bicep' = if (!isTaskHubInStorage) {
  params: {
    name: schedulerName
    taskHubName: taskHubName
    location: location
    tags: allTags
    skuName: schedulerSku
    allowedRanges: schedulerAllowedRanges
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  params: {
    name: 'vnet-${baseName}'
    location: location
    tags: allTags
    addressPrefix: networkPrefix
  }
}

module hostBlobEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-host-blob'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: hostStorage.outputs.id
    part: 'blob'
    zoneId: network!.outputs.blobZoneId
  }
}

module hostQueueEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-host-queue'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: hostStorage.outputs.id
    part: 'queue'
    zoneId: network!.outputs.queueZoneId
  }
}

module hostTableEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-host-table'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: hostStorage.outputs.id
    part: 'table'
    zoneId: network!.outputs.tableZoneId
  }
}

module catalogBlobEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-catalog-blob'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: catalogStorage.outputs.id
    part: 'blob'
    zoneId: network!.outputs.blobZoneId
  }
}

module vaultEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-vault'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: vault.outputs.id
    part: 'vault'
    zoneId: network!.outputs.vaultZoneId
  }
}

module ledgerEndpoint 'modules/privateEndpoint.bicep' = if (privateNetwork) {
  params: {
    name: 'pep-${baseName}-ledger'
    location: location
    tags: allTags
    subnetId: network!.outputs.endpointsSubnetId
    targetId: ledger.outputs.id
    part: 'postgresqlServer'
    zoneId: network!.outputs.ledgerZoneId
  }
}

module roles 'modules/roles.bicep' = {
  params: {
    identityName: identityName
    hostStorageName: hostStorageName
    catalogStorageName: catalogStorageName
    catalogContainerName: catalogContainerName
    vaultName: vaultName
    componentName: componentName
    isTaskHubInStorage: isTaskHubInStorage
    schedulerName: schedulerName
    taskHubName: taskHubName
    catalogPublishersGroupId: catalogPublishersGroupId
  }
  dependsOn: [identity, monitoring, hostStorage, catalogStorage, vault, scheduler]
}

// After the roles and the endpoints: the host reads its storage when it starts.
module functionApp 'modules/functionApp.bicep' = {
  params: {
    name: functionAppName
    planName: 'plan-${baseName}'
    location: location
    tags: allTags
    zoneRedundant: zoneRedundant
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorageName
    packageContainerName: packageContainerName
    componentName: componentName
    subnetId: privateNetwork ? network!.outputs.functionsSubnetId : ''
    authClientId: authClientId
    catalogUri: '${catalogStorage.outputs.blobEndpoint}${catalogContainerName}/${catalogBlobName}'
    vaultUri: vault.outputs.uri
    vaultExpiry: vaultExpiry
    keepEnded: keepEnded
    ledgerHost: ledger.outputs.host
    ledgerDatabaseName: ledger.outputs.databaseName
    ledgerLogin: identityName
    taskHubName: taskHubName
    isTaskHubInStorage: isTaskHubInStorage
    schedulerEndpoint: isTaskHubInStorage ? '' : scheduler!.outputs.endpoint
    machineRole: machineRole
    sweepSchedule: sweepSchedule
    watchdogSchedule: watchdogSchedule
    noticeSchedule: noticeSchedule
    reportSchedule: reportSchedule
    instanceMemoryMb: instanceMemoryMb
    maximumInstances: maximumInstances
    alwaysReadyInstances: alwaysReadyInstances
  }
  dependsOn: [
    roles
    hostBlobEndpoint
    hostQueueEndpoint
    hostTableEndpoint
    catalogBlobEndpoint
    vaultEndpoint
    ledgerEndpoint
  ]
}

module eventGrid 'modules/eventGrid.bicep' = {
  params: {
    topicName: 'evgt-${baseName}'
    location: location
    tags: allTags
    vaultId: vault.outputs.id
    queueStorageName: hostStorageName
    queueName: nearExpiryQueueName
    deadLetterStorageName: catalogStorageName
    deadLetterContainerName: deadLetterContainerName
    actionGroupId: monitoring.outputs.actionGroupId
  }
  dependsOn: [hostStorage, catalogStorage]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    namePrefix: baseName
    location: location
    tags: allTags
    componentId: monitoring.outputs.componentId
    functionAppName: functionApp.outputs.name
    sweepFunctionName: sweepFunctionName
    putAsideQueueName: putAsideQueueName
    vaultId: vault.outputs.id
    ledgerId: ledger.outputs.id
    actionGroupId: monitoring.outputs.actionGroupId
  }
}

@description('Name of the function app.')
output functionAppName string = functionApp.outputs.name

@description('Where the API is.')
output url string = 'https://${functionApp.outputs.hostName}'

@description('Where Entra sends people back to after they signed in: the redirect URI of the app registration.')
output redirectUri string = 'https://${functionApp.outputs.hostName}/.auth/login/aad/callback'

@description('Storage account of the catalog.')
output catalogStorageName string = catalogStorage.outputs.name

@description('Container of the catalog.')
output catalogContainerName string = catalogContainerName

@description('Name of the vault.')
output vaultName string = vault.outputs.name

@description('Server of the ledger.')
output ledgerServerName string = ledger.outputs.name

@description('Host of the ledger.')
output ledgerHost string = ledger.outputs.host

@description('Database of the ledger.')
output ledgerDatabaseName string = ledger.outputs.databaseName

@description('Name of the identity of the function app, and its login at the ledger.')
output identityName string = identity.outputs.name

@description('Object id of the identity of the function app.')
output identityPrincipalId string = identity.outputs.principalId
