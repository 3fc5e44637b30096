metadata description = 'The ledger: PostgreSQL flexible server that takes Entra identities only. There is no password to leak or to rotate.'

@description('Name of the server, unique in Azure.')
@minLength(3)
@maxLength(63)
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Size of the server.')
param skuName string

@description('Tier of the size. High availability takes GeneralPurpose or MemoryOptimized.')
@allowed(['Burstable', 'GeneralPurpose', 'MemoryOptimized'])
param skuTier string

@description('Disk in GB. It grows by itself; the ledger of ten thousand rotations takes a few hundred MB.')
@minValue(32)
param storageGb int

@description('A standby that takes over by itself: none, in the same zone, or in another one.')
@allowed(['Disabled', 'SameZone', 'ZoneRedundant'])
param highAvailability string

@description('Days to which the server can be set back.')
@minValue(7)
@maxValue(35)
param backupDays int

@description('Whether backups are copied to the paired region. It cannot be changed later.')
param geoRedundantBackup bool

@description('Name of the database.')
param databaseName string

@description('Display name of the Entra group that administers the server.')
param administratorGroupName string

@description('Object id of the Entra group that administers the server.')
param administratorGroupId string

@description('Whether networks other than private endpoints and allowedAddresses are shut out.')
param isPrivate bool

@description('Public IPv4 addresses that may connect.')
param allowedAddresses string[]

@description('Resource id of the Log Analytics workspace that gets the server log.')
param workspaceId string

// 0.0.0.0 stands for "from Azure's own addresses": where the function app comes from when it has no network of its own.
var fromAzure = isPrivate
  ? []
  : [
      {
        name: 'azure-services'
        address: '0.0.0.0'
      }
    ]
var fromPeople = map(allowedAddresses, (address, index) => {
  name: 'allowed-${index}'
  address: address
})
var openings = concat(fromAzure, fromPeople)

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: skuName
    tier: skuTier
  }
  properties: {
    version: '17'
    createMode: 'Default'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    storage: {
      storageSizeGB: storageGb
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: backupDays
      geoRedundantBackup: geoRedundantBackup ? 'Enabled' : 'Disabled'
    }
    highAvailability: {
      mode: highAvailability
    }
    network: {
      publicNetworkAccess: empty(openings) ? 'Disabled' : 'Enabled'
    }
  }
}

// The server takes one change at a time, so each of the following waits for the one before.
resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = {
  parent: server
  name: databaseName
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

resource administrators 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: server
  name: administratorGroupId
  properties: {
    principalType: 'Group'
    principalName: administratorGroupName
    tenantId: tenant().tenantId
  }
  dependsOn: [database]
}

@batchSize(1)
resource firewall 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2025-08-01' = [
  for opening in openings: {
    parent: server
    name: opening.name
    properties: {
      startIpAddress: opening.address
      endIpAddress: opening.address
    }
    dependsOn: [administrators]
  }
]

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: server
  name: 'to-log-analytics'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'PostgreSQLLogs'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the server.')
output id string = server.id

@description('Name of the server.')
output name string = server.name

@description('Host that clients connect to.')
output host string = server.properties.fullyQualifiedDomainName

@description('Name of the database.')
output databaseName string = database.name
