using System.Reflection;
using DurableTask.Core;

namespace Rotunda.Functions.Tests;

/// <summary>
/// The sidecar's service, but for how much it does at once: as many pieces of work as there are processors, and once it is at that
/// it looks again only every half second, which a machine with two would be at with each pair of steps side by side.
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
        _ => targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null),
    };
}
