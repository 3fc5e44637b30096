metadata description = 'Alerts: rotations that fail or are stuck, functions that fail or no longer run, events put aside, Key Vault that throttles or is away, a ledger that is down.'

@description('Start of the names of the alerts.')
param namePrefix string

@description('Region of the log alerts.')
param location string

@description('Tags of every resource.')
param tags { *: string }

@description('Application Insights component whose logs are read.')
param componentId string

@description('Name of the function app: the role name in its telemetry.')
param functionAppName string

@description('Name of the function that looks at the schedule.')
param sweepFunctionName string

@description('Queue of the events that could not be handled.')
param putAsideQueueName string

@description('Resource id of the vault.')
param vaultId string

@description('Resource id of the PostgreSQL server.')
param ledgerId string

@description('Resource id of the action group that hears of all of them.')
param actionGroupId string

// Event ids of the log; a test finds each of them in the code.
var stuckEvents = [
  4032
  4033
]
var notStartedEvents = [
  4012
  4021
  4022
]
var noticeEvents = [
  4041
]
var reportEvents = [
  4051
]
var putAsideEvents = [
  5031
]
var brokenEvents = [
  2004
  5002
  5011
  5021
]

// What comes straight from the worker and what comes through the host has its fields under different names, and an event
// with an exception is in a table of its own. Other parts number their events too, so the category counts as well.
var rotundaEvents = join(
  [
    'union traces, exceptions'
    'where cloud_RoleName =~ "${functionAppName}"'
    'where coalesce(tostring(customDimensions.CategoryName), tostring(customDimensions.Category)) startswith "Rotunda."'
    'extend event = toint(customDimensions.EventId)'
    'extend notice = coalesce(tostring(customDimensions.Action), tostring(customDimensions.prop__Action))'
    'extend failing = toint(coalesce(tostring(customDimensions.Failing), tostring(customDimensions.prop__Failing)))'
  ],
  ' | '
)
var isStuck = 'event in (${join(map(stuckEvents, id => string(id)), ', ')})'
var isNotStarted = 'event in (${join(map(notStartedEvents, id => string(id)), ', ')})'
var isNotice = 'event in (${join(map(noticeEvents, id => string(id)), ', ')})'
var isReport = 'event in (${join(map(reportEvents, id => string(id)), ', ')})'
var isPutAside = 'event in (${join(map(putAsideEvents, id => string(id)), ', ')})'
var isBroken = 'event in (${join(map(brokenEvents, id => string(id)), ', ')})'

var logAlerts = [
  {
    name: 'rotation-stuck'
    description: 'A rotation is stuck and waits for a person. See: rotunda status, then rotunda show ID.'
    severity: 1
    query: '${rotundaEvents} | where ${isStuck} or (${isNotice} and notice == "notice.stuck")'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'rotation-overdue'
    description: 'A secret is overdue, near its expiry or not adopted, or its rotation could not start. The log line says why.'
    severity: 2
    query: '${rotundaEvents} | where ${isNotStarted} or (${isNotice} and notice in ("notice.overdue", "notice.near-expiry", "notice.not-adopted"))'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'rotation-failed'
    description: 'The daily summary counts secrets whose last rotation failed. See: rotunda status.'
    severity: 2
    query: '${rotundaEvents} | where ${isReport} and failing > 0'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'rotunda-broken'
    description: 'The catalog cannot be used, a job failed, or the end of a step is not on record. Look whether the ledger and the vault are up.'
    severity: 1
    query: '${rotundaEvents} | where ${isBroken}'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    // Not a metric: QueueMessageCount counts all queues of an account together, once a day
    // (https://learn.microsoft.com/azure/storage/queues/queues-storage-monitoring-scenarios). The head says why it gives up; where it
    // died before it could, the host still says which queue it moves a message to.
    name: 'near-expiry-put-aside'
    description: 'An event of the vault could not be handled: a secret may expire unnoticed. It was put aside, into the queue ${putAsideQueueName}.'
    severity: 2
    query: 'union (${rotundaEvents} | where ${isPutAside}), (traces | where cloud_RoleName =~ "${functionAppName}" and message has "${putAsideQueueName}")'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'function-failures'
    description: 'Functions ended with an exception. A step that a provider refuses is no such case: this is Rotunda itself, or what it stands on.'
    severity: 2
    query: 'requests | where cloud_RoleName =~ "${functionAppName}" and not(tobool(success)) and (resultCode == "0" or toint(resultCode) >= 500)'
    windowSize: 'PT15M'
    operator: 'GreaterThan'
    threshold: 3
  }
  {
    name: 'schedule-not-looked-at'
    description: 'The schedule was not looked at for half an hour: nothing is rotated when it is due.'
    severity: 1
    query: 'requests | where cloud_RoleName =~ "${functionAppName}" and operation_Name =~ "${sweepFunctionName}" and tobool(success)'
    windowSize: 'PT30M'
    operator: 'LessThan'
    threshold: 1
  }
]

var metricAlerts = [
  {
    name: 'vault-throttles'
    description: 'Key Vault refuses calls with 429: too many for one vault.'
    severity: 2
    target: vaultId
    metricName: 'ServiceApiResult'
    timeAggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 5
    dimensions: [
      {
        name: 'StatusCode'
        operator: 'Include'
        values: ['429']
      }
    ]
  }
  {
    name: 'vault-availability'
    description: 'Key Vault answers fewer than 99 % of the calls.'
    severity: 1
    target: vaultId
    metricName: 'Availability'
    timeAggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    dimensions: []
  }
  {
    name: 'ledger-down'
    description: 'The PostgreSQL server is down: rotations wait where they are.'
    severity: 1
    target: ledgerId
    metricName: 'is_db_alive'
    timeAggregation: 'Maximum'
    operator: 'LessThan'
    threshold: 1
    dimensions: []
  }
  {
    name: 'ledger-disk'
    description: 'The disk of the PostgreSQL server is 85 % full and did not grow by itself. At 95 % the server takes no more writes.'
    severity: 2
    target: ledgerId
    metricName: 'storage_percent'
    timeAggregation: 'Average'
    operator: 'GreaterThan'
    threshold: 85
    dimensions: []
  }
]

resource logRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in logAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${namePrefix}-${alert.name}'
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.windowSize
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: alert.operator
            threshold: alert.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [actionGroupId]
      }
    }
  }
]

resource metricRules 'Microsoft.Insights/metricAlerts@2026-01-01' = [
  for alert in metricAlerts: {
    name: '${namePrefix}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [alert.target]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      autoMitigate: true
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricName: alert.metricName
            timeAggregation: alert.timeAggregation
            operator: alert.operator
            threshold: alert.threshold
            dimensions: alert.dimensions
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
]
