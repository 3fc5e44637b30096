metadata description = 'The identity that the function app acts as. What it may do is in roles.bicep.'

@description('Name of the user-assigned identity; it is the name of the login at PostgreSQL, too.')
param name string

@description('Region.')
param location string

@description('Tags of every resource.')
param tags { *: string }

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Name of the identity.')
output name string = identity.name

@description('Object id of the identity: what roles are assigned to.')
output principalId string = identity.properties.principalId

@description('Client id of the identity: what the code asks for when it gets its access.')
output clientId string = identity.properties.clientId
