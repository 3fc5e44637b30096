using DurableTask.AzureStorage;

namespace Rotunda.Functions.Tests.Storage;

/// <summary>A task hub of its own in Azurite, and how the hosts over it are set.</summary>
/// <param name="ControlTimeout">How long a message to an orchestration that a dead host had taken stays hidden.</param>
/// <param name="WorkTimeout">The same for a step.</param>
internal sealed record StorageHub(string Name, TimeSpan ControlTimeout, TimeSpan WorkTimeout)
{
    /// <summary>The backend's own.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(100);

    /// <summary>Hosts with the same name are one machine, started again: it takes up its own leases at once.</summary>
    public string Machine { get; init; } = "one";

    /// <summary>How long another machine's leases hold after it has died.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan LeaseLook { get; init; } = TimeSpan.FromSeconds(10);

    public int Partitions { get; init; } = 1;

    /// <summary>As host.json has it.</summary>
    public int StepsAtOnce { get; init; } = 10;

    public bool KeepsSessions { get; init; }

    public static StorageHub New() => new($"t{Guid.NewGuid():N}"[..20], Usual, Usual);

    /// <summary>As the Functions extension sets it from host.json.</summary>
    public AzureStorageOrchestrationServiceSettings Settings(StorageAccountClientProvider clients) => new()
    {
        TaskHubName = Name,
        StorageAccountClientProvider = clients,
        WorkerId = Machine,
        AppName = Name,
        PartitionCount = Partitions,
        ControlQueueVisibilityTimeout = ControlTimeout,
        WorkItemQueueVisibilityTimeout = WorkTimeout,
        LeaseInterval = Lease,
        LeaseAcquireInterval = LeaseLook,
        MaxQueuePollingInterval = Polling,
        MaxConcurrentTaskActivityWorkItems = StepsAtOnce,
        MaxConcurrentTaskOrchestrationWorkItems = 20,
        UseTablePartitionManagement = true,
        ExtendedSessionsEnabled = KeepsSessions,
        ThrowExceptionOnInvalidDedupeStatus = true,
    };
}
