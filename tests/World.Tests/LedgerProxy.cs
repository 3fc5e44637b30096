using System.Reflection;
using System.Runtime.ExceptionServices;
using Rotunda.Ledger;

namespace Rotunda.World.Tests;

/// <summary>Stands before the real ledger: hears of starts, and is where a sabotage takes something away.</summary>
internal class LedgerProxy : DispatchProxy
{
    private SqlLedger _ledger = null!;
    private WorldRun _world = null!;

    public static ILedger Before(SqlLedger ledger, WorldRun world)
    {
        var proxy = Create<ILedger, LedgerProxy>();
        ((LedgerProxy)(object)proxy)._ledger = ledger;
        ((LedgerProxy)(object)proxy)._world = world;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        var isStart = name == nameof(ILedger.TryStartAsync);
        if (isStart)
        {
            args![0] = _world.AsReleased((Rotation.Planning.RotationPlan)args[0]!);
        }

        if (_world.Sabotage.InLedger(name) is { } instead)
        {
            return instead;
        }

        object? result;
        try
        {
            result = targetMethod.Invoke(_ledger, args);
        }
        catch (TargetInvocationException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerException!);
            throw;
        }

        if (isStart && result is Task<StartResult> { IsCompletedSuccessfully: true, Result.Kind: StartKind.Started })
        {
            _world.Started((Rotation.Planning.RotationPlan)args![0]!);
        }

        return result;
    }
}
