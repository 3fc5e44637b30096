using System.Reflection;
using DurableTask.Core;

namespace Rotunda.Functions.Tests;

/// <summary>
/// The sidecar's service, but for two things. How much it does at once: as many pieces of work as there are processors, and once
/// it is at that it looks again only every half second, which a machine with two would be at with each pair of steps side by side.
/// And the order of what arrived: its dispatcher sorts what names no execution (events) behind what does (ends of activities), so
/// that an event that came first is seen last when both are in one batch.
/// </summary>
public class WideService : DispatchProxy
{
    private const int AtOnce = 64;
    private IOrchestrationService? _inner;

    public static IOrchestrationService Of(IOrchestrationService inner)
    {
        var wide = Create<IOrchestrationService, WideService>();
        ((WideService)(object)wide)._inner = inner;
        return wide;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_" + nameof(IOrchestrationService.MaxConcurrentTaskOrchestrationWorkItems)
            or "get_" + nameof(IOrchestrationService.MaxConcurrentTaskActivityWorkItems) => AtOnce,
        nameof(IOrchestrationService.LockNextTaskOrchestrationWorkItemAsync) =>
            AsArrivedAsync((TimeSpan)args![0]!, (CancellationToken)args[1]!),
        _ => targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null),
    };

    /// <summary>With the execution named in every message, the dispatcher's sort has nothing to move.</summary>
    private async Task<TaskOrchestrationWorkItem> AsArrivedAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var item = await _inner!.LockNextTaskOrchestrationWorkItemAsync(timeout, cancellationToken);
        if (item?.OrchestrationRuntimeState.OrchestrationInstance?.ExecutionId is { } execution)
        {
            foreach (var message in item.NewMessages)
            {
                message.OrchestrationInstance.ExecutionId ??= execution;
            }
        }

        return item!;
    }
}
