using './main.bicep'

// Behind private endpoints, with a standby in another zone and copies in the paired region.
// IDs come from the environment, as docs/azure.md sets them; none of them is a secret.
param environmentName = 'prod'
param authClientId = readEnvironmentVariable('ROTUNDA_AUTH_CLIENT_ID')
param ledgerAdministratorGroupName = readEnvironmentVariable('ROTUNDA_LEDGER_GROUP_NAME')
param ledgerAdministratorGroupId = readEnvironmentVariable('ROTUNDA_LEDGER_GROUP_ID')
param catalogPublishersGroupId = readEnvironmentVariable('ROTUNDA_CATALOG_GROUP_ID', '')
param allowedAddresses = empty(readEnvironmentVariable('ROTUNDA_MY_ADDRESS', ''))
  ? []
  : [readEnvironmentVariable('ROTUNDA_MY_ADDRESS', '')]
param alertEmails = [readEnvironmentVariable('ROTUNDA_ALERT_EMAIL')]

param privateNetwork = true
param storageSku = 'Standard_ZRS'
param zoneRedundant = true
param vaultRecoveryDays = 90

param ledgerSku = 'Standard_D2ds_v5'
param ledgerTier = 'GeneralPurpose'
param ledgerStorageGb = 64
param ledgerHighAvailability = 'ZoneRedundant'
param ledgerBackupDays = 35
param ledgerGeoRedundantBackup = true

param alwaysReadyInstances = 1
param logRetentionDays = 180
