using Rotunda.Providers.Stores.Head;

namespace Rotunda.Api.Head;

/// <summary>
/// The names of the app settings that the Functions head reads: the one list that its code, <c>host.json</c>,
/// <c>local.settings.sample.json</c>, the infrastructure and the docs are checked against.
/// </summary>
/// <remarks>
/// A double underscore is a level of the configuration. The settings that the platform itself resolves in triggers and in
/// <c>host.json</c> (<c>%Name%</c>) have flat names: with levels in the name the scale controller does not find them, and
/// timers stay silent while the app sleeps (https://github.com/Azure/azure-functions-host/issues/8649).
/// </remarks>
public static class HeadSettings
{
    /// <summary>Where the catalog is: a path (in the package or on a mounted share) or the https address of a blob.</summary>
    public const string Catalog = "Rotunda__Catalog";

    /// <summary>
    /// The ledger's PostgreSQL connection text without a password (the login is by an Entra token), or <c>env:NAME</c> for another
    /// setting with the whole text, which is then a Key Vault reference.
    /// </summary>
    public const string Ledger = "Rotunda__Ledger";

    /// <summary>The address of the head's own vault: of the store <c>key-vault</c>, where values go unless the catalog says
    /// otherwise.</summary>
    public const string KeyVaultUri = HeadStoreOptions.KeyVaultSetting;

    /// <summary>How long after its promotion a value in the head's own vault is marked as expired, such as <c>400d</c>: the vault tells the
    /// head 30 days before. Left out: never.</summary>
    public const string KeyVaultExpires = HeadStoreOptions.KeyVaultExpiresSetting;

    /// <summary>How long the task hub keeps orchestrations that have ended, such as <c>90d</c> (which it is if left out).</summary>
    public const string KeepEnded = "Rotunda__KeepEnded";

    /// <summary>A folder for a SQLite ledger and the embedded store: for one machine (development), in place of the ledger and
    /// the vault.</summary>
    public const string DataDirectory = "Rotunda__DataDirectory";

    /// <summary>The role of callers that come with a function key: viewer, operator (default), approver or admin.</summary>
    public const string MachineRole = "Rotunda__MachineRole";

    /// <summary>When the schedule is looked at (six-part cron, UTC).</summary>
    public const string SweepSchedule = "RotundaSweepSchedule";

    /// <summary>When ledger and engine are compared.</summary>
    public const string WatchdogSchedule = "RotundaWatchdogSchedule";

    /// <summary>When notices are looked for.</summary>
    public const string NoticeSchedule = "RotundaNoticeSchedule";

    /// <summary>When the summary is written.</summary>
    public const string ReportSchedule = "RotundaReportSchedule";

    /// <summary>The name of the task hub. Letters and digits; changing it leaves every sleeping rotation behind.</summary>
    public const string TaskHub = "RotundaTaskHub";

    /// <summary>The storage account of the host and of the task hub (also as AzureWebJobsStorage__accountName and so on).</summary>
    public const string HostStorage = "AzureWebJobsStorage";

    /// <summary>The client id of the user-assigned identity that the head acts as.</summary>
    public const string ClientId = "AZURE_CLIENT_ID";

    /// <summary>Where telemetry goes; left out: nowhere but the log.</summary>
    public const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The Durable Task Scheduler's connection, where it takes the place of Azure Storage.</summary>
    public const string DurableTaskScheduler = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    /// <summary>Has to be "dotnet-isolated".</summary>
    public const string WorkerRuntime = "FUNCTIONS_WORKER_RUNTIME";

    /// <summary>Set to "True" by the platform, and only by it, while App Service Authentication checks callers.</summary>
    public const string PlatformAuthentication = "WEBSITE_AUTH_ENABLED";

    /// <summary>Those that the head or its host needs, or takes, from the app's settings.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Catalog, Ledger, KeyVaultUri, KeyVaultExpires, DataDirectory, MachineRole, KeepEnded,
        SweepSchedule, WatchdogSchedule, NoticeSchedule, ReportSchedule, TaskHub,
        HostStorage, ClientId, ApplicationInsights, DurableTaskScheduler, WorkerRuntime,
    ];
}
