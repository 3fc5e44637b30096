metadata description = 'Durable Task Scheduler with one task hub: the backend that takes the place of the task hub in Azure Storage.'

@description('Name of the scheduler: 3 to 64 letters, digits and hyphens.')
@minLength(3)
@maxLength(64)
param name string

@description('Name of the task hub.')
@minLength(3)
@maxLength(64)
param taskHubName string

@description('Region; not every region has the service.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Consumption is paid by dispatched action, Dedicated by capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param skuName string

@description('IPv4 ranges that may connect; an empty list lets nobody in. Access takes a role in any case.')
@minLength(1)
param allowedRanges string[]

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: allowedRanges
    sku: skuName == 'Dedicated'
      ? {
          name: skuName
          capacity: 1
        }
      : {
          name: skuName
        }
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
}

@description('Where the scheduler is.')
output endpoint string = scheduler.properties.endpoint
