metadata description = 'Virtual network with a subnet for the function app and one for private endpoints, and the private DNS zones.'

@description('Name of the virtual network.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('IPv4 range of the network, at least a /25; it must not overlap with networks it is to be peered with.')
param addressPrefix string

var storageSuffix = environment().suffixes.storage
var zoneNames = [
  'privatelink.blob.${storageSuffix}'
  'privatelink.queue.${storageSuffix}'
  'privatelink.table.${storageSuffix}'
  // .vault.azure.net in the public cloud; its private zone is privatelink.vaultcore.azure.net.
  'privatelink${replace(environment().suffixes.keyvaultDns, 'vault', 'vaultcore')}'
  'privatelink.postgres.database.azure.com'
]

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [addressPrefix]
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource functionsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: network
  name: 'functions'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: network
  name: 'endpoints'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, index) in zoneNames: {
    parent: zones[index]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

@description('Subnet of the function app.')
output functionsSubnetId string = functionsSubnet.id

@description('Subnet of the private endpoints.')
output endpointsSubnetId string = endpointsSubnet.id

@description('DNS zone of blobs.')
output blobZoneId string = zones[0].id

@description('DNS zone of queues.')
output queueZoneId string = zones[1].id

@description('DNS zone of tables.')
output tableZoneId string = zones[2].id

@description('DNS zone of vaults.')
output vaultZoneId string = zones[3].id

@description('DNS zone of PostgreSQL servers.')
output ledgerZoneId string = zones[4].id
