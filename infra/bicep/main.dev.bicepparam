using './main.bicep'

// A copy for trying out: the smallest sizes, no standby, reachable from the internet (with an Entra identity only).
// IDs come from the environment, as docs/azure.md sets them; none of them is a secret.
param environmentName = 'dev'
param authClientId = readEnvironmentVariable('ROTUNDA_AUTH_CLIENT_ID')
param ledgerAdministratorGroupName = readEnvironmentVariable('ROTUNDA_LEDGER_GROUP_NAME')
param ledgerAdministratorGroupId = readEnvironmentVariable('ROTUNDA_LEDGER_GROUP_ID')
param catalogPublishersGroupId = readEnvironmentVariable('ROTUNDA_CATALOG_GROUP_ID', '')
param allowedAddresses = empty(readEnvironmentVariable('ROTUNDA_MY_ADDRESS', ''))
  ? []
  : [readEnvironmentVariable('ROTUNDA_MY_ADDRESS', '')]

param vaultRecoveryDays = 7
param ledgerBackupDays = 7
param logDailyQuotaGb = 1
param maximumInstances = 5
