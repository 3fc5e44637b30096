metadata description = 'Flex Consumption plan and function app: package and host storage by identity, callers checked by App Service Authentication.'

@description('Name of the function app, unique in Azure.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan.')
param planName string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Whether instances are spread over availability zones; not every region has them.')
param zoneRedundant bool

@description('Resource id of the user-assigned identity that the app acts as.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Storage account of the host: package, host keys, leases, task hub.')
param hostStorageName string

@description('Container of the deployment package.')
param packageContainerName string

@description('Application Insights component.')
param componentName string

@description('Subnet of the app; empty for none.')
param subnetId string

@description('Client id of the Entra app registration that callers sign in to.')
param authClientId string

@description('Where the catalog is: the https address of a blob.')
param catalogUri string

@description('Vault whose near-expiry events are acted on.')
param vaultUri string

@description('How long after its promotion a value in the vault is marked as expired; empty for never.')
param vaultExpiry string

@description('How long the task hub keeps orchestrations that have ended.')
param keepEnded string

@description('Host of the ledger.')
param ledgerHost string

@description('Database of the ledger.')
param ledgerDatabaseName string

@description('Login of the app at the ledger: the name of its identity.')
param ledgerLogin string

@description('Name of the task hub: letters and digits. Changing it leaves every sleeping rotation behind.')
param taskHubName string

@description('Whether the task hub is in Azure Storage, and not in the Durable Task Scheduler.')
param isTaskHubInStorage bool

@description('Where the Durable Task Scheduler is; empty where the task hub is in Azure Storage.')
param schedulerEndpoint string

@description('Role of callers that come with a function key.')
@allowed(['viewer', 'operator', 'approver', 'admin'])
param machineRole string

@description('When the schedule is looked at (six-part cron, UTC).')
param sweepSchedule string

@description('When ledger and engine are compared.')
param watchdogSchedule string

@description('When notices are looked for.')
param noticeSchedule string

@description('When the summary is written.')
param reportSchedule string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int

@description('The most instances at once.')
@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances of the durable functions that are kept ready; 0 scales to none between ticks.')
@minValue(0)
param alwaysReadyInstances int

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

var identity = 'managedidentity'

// What Rotunda reads: the names are those of HeadSettings, which a test compares.
var headSettings = {
  Rotunda__Catalog: catalogUri
  Rotunda__KeyVault__Uri: vaultUri
  Rotunda__KeyVault__Expires: vaultExpiry
  Rotunda__KeepEnded: keepEnded
  Rotunda__Ledger: 'Host=${ledgerHost};Database=${ledgerDatabaseName};Username=${ledgerLogin};SSL Mode=VerifyFull'
  Rotunda__MachineRole: machineRole
  RotundaSweepSchedule: sweepSchedule
  RotundaWatchdogSchedule: watchdogSchedule
  RotundaNoticeSchedule: noticeSchedule
  RotundaReportSchedule: reportSchedule
  RotundaTaskHub: taskHubName
  AZURE_CLIENT_ID: identityClientId
}

// What the Functions host and its extensions read. The runtime is in functionAppConfig: this plan takes no FUNCTIONS_… settings.
var hostSettings = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: identity
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// What host.json says in a package that was built for the scheduler. Said here too, a package that was not built for it fails at its
// start, and does not begin a task hub in Azure Storage.
var schedulerSettings = isTaskHubInStorage
  ? {}
  : {
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};Authentication=ManagedIdentity;ClientID=${identityClientId}'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
    }

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // Callers are checked one by one; people and machines come from anywhere.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMb
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'durable'
                instanceCount: alwaysReadyInstances
              }
            ]
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      appSettings: map(items(union(headSettings, hostSettings, schedulerSettings)), setting => {
        name: setting.key
        value: setting.value
      })
    }
  }

  // Publishing takes an Entra identity, never the site's own user and password.
  resource ftpPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scmPublishing 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  // Who has no token is let through to the app, which refuses all but health checks and function keys.
  // No client secret: people sign in by the ID token alone.
  resource authentication 'config' = {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
      }
      globalValidation: {
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
          validation: {
            allowedAudiences: [
              authClientId
              'api://${authClientId}'
            ]
          }
        }
      }
      login: {
        cookieExpiration: {
          convention: 'FixedTime'
          timeToExpiration: '08:00:00'
        }
        tokenStore: {
          enabled: false
        }
      }
    }
  }
}

@description('Name of the function app.')
output name string = app.name

@description('Host name of the function app.')
output hostName string = app.properties.defaultHostName
