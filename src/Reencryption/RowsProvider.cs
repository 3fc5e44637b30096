using System.Globalization;
using Rotunda.Providers.Contract;
using Rotunda.Reencryption.Passes;
using Rotunda.Reencryption.Tables;
using Rotunda.Rotation.Words;

namespace Rotunda.Reencryption;

/// <summary>Rows of PostgreSQL tables under a key.</summary>
internal sealed class RowsProvider : IProvider, IReencryptData, IValidateSetup
{
    private const string BackupPass = "backup";
    private const int MostRounds = 10;

    public ProviderDescriptor Descriptor => RowsDescriptor.Instance;

    public async Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        await RunAsync(call, keys: null, async work =>
        {
            await work.LoadTablesAsync(cancellationToken);
            return StepOutcome.Done(("tables", string.Join(", ", work.Tables.Select(table => table.Name))));
        }, cancellationToken);

    public Task<StepOutcome> PreflightAsync(ProviderCall call, DataKeys keys, CancellationToken cancellationToken) =>
        RunAsync(call, keys, work => new RowsPreflight(work).RunAsync(cancellationToken), cancellationToken);

    public Task<StepOutcome> RehearseAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken) =>
        RunAsync(call, keys, async work =>
        {
            await work.LoadTablesAsync(cancellationToken);
            var state = slice.Cursor is null ? new RehearsalState() : RehearsalState.Read(slice.Cursor);
            var lanes = state.Lanes.Count > 0
                ? [.. state.Lanes.Select(place => place.ToLane())]
                : await RehearsedLanesAsync(work, cancellationToken);
            var began = call.Time.GetTimestamp();
            var runner = new PassRunner(work.Setup, work.Ring, slice, call.Time);
            using var list = RowsList.Open(work.Setup, call.RotationId, state.Listed);
            await runner.RunAsync(lanes, new Rehearsal(work.Setup, work.Tables, work.Ring!, state, list).StepAsync, cancellationToken);
            state.Lanes = [.. lanes.Select(LanePlace.Of)];
            state.Seconds += call.Time.GetElapsedTime(began).TotalSeconds;
            state.Listed = list?.Length ?? 0;
            return lanes.TrueForAll(lane => lane.Done)
                ? RowsFindings.Of(work, state, list?.Path)
                : StepOutcome.Continue(
                [
                    .. runner.Facts(lanes.Sum(lane => lane.Rows), work.Tables.Sum(table => table.Estimate)),
                    (StepFacts.Cursor, state.Write()),
                ]);
        }, cancellationToken);

    public Task<StepOutcome> BackupAsync(ProviderCall call, Slice slice, CancellationToken cancellationToken) =>
        RunAsync(call, keys: null, async work =>
        {
            await work.LoadTablesAsync(cancellationToken);
            foreach (var table in work.Tables)
            {
                await work.Lanes.EnsureAsync(work.Connection, cancellationToken);
                await work.Sides.CreateAsync(work.Connection, table, cancellationToken);
            }

            var lanes = await work.LanesOfAsync(BackupPass, cancellationToken);
            var runner = new PassRunner(work.Setup, ring: null, slice, call.Time);
            var keeper = new RowKeeper(work, BackupPass);
            await runner.RunAsync(lanes, keeper.StepAsync, cancellationToken);
            var rows = lanes.Sum(lane => lane.Rows);
            if (!lanes.TrueForAll(lane => lane.Done))
            {
                return StepOutcome.Continue(runner.Facts(rows, work.Tables.Sum(table => table.Estimate)));
            }

            var kept = await keeper.CheckAsync(cancellationToken);
            var dump = await RowsDump.WriteAsync(work.Setup, call.RotationId, cancellationToken);
            return StepOutcome.Done((StepFacts.Rows, PassRunner.Number(kept)), ("schema", work.Setup.WorkSchema), ("dump", dump));
        }, cancellationToken);

    public Task<StepOutcome> MigrateAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken) =>
        RunAsync(call, keys, written: call.Attempt > 1, async work =>
        {
            await work.LoadTablesAsync(cancellationToken);
            var lanes = await work.LanesOfAsync(slice.Pass, cancellationToken);
            var total = await work.TotalAsync(cancellationToken);
            var runner = new PassRunner(work.Setup, work.Ring, slice, call.Time);
            if (await MoveAsync(work, runner, lanes, Move.Forward, slice.Pass, total, written: false, cancellationToken) is { } problem)
            {
                return problem;
            }

            var facts = runner.Facts(lanes.Sum(lane => lane.Rows), total);
            return lanes.TrueForAll(lane => lane.Done)
                ? StepOutcome.Done([facts[0], ("moved", PassRunner.Number(lanes.Sum(lane => lane.Moved)))])
                : StepOutcome.Continue(facts);
        }, cancellationToken);

    public Task<StepOutcome> VerifyRowsAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken) =>
        RoundsAsync(call, keys, slice, Move.Verify, cancellationToken);

    public Task<StepOutcome> RestoreRowsAsync(ProviderCall call, DataKeys keys, Slice slice, CancellationToken cancellationToken) =>
        RoundsAsync(call, keys, slice, Move.Back, cancellationToken);

    public Task<StepOutcome> DropBackupAsync(ProviderCall call, CancellationToken cancellationToken) =>
        RunAsync(call, keys: null, async work =>
        {
            if (!await work.Lanes.ExistsAsync(work.Connection, cancellationToken))
            {
                return StepOutcome.AlreadyDone();
            }

            var dropped = await work.Sides.DropAsync(work.Connection, cancellationToken);
            await work.Lanes.DeleteAsync(work.Connection, cancellationToken);
            return dropped == 0 ? StepOutcome.AlreadyDone() : StepOutcome.Done(("side tables", PassRunner.Number(dropped)));
        }, cancellationToken);

    public Task<StepOutcome> FenceAsync(ProviderCall call, CancellationToken cancellationToken) =>
        RunAsync(call, keys: null, async work =>
        {
            if (await work.Lanes.ExistsAsync(work.Connection, cancellationToken))
            {
                await work.Lanes.TakeAsync(work.Connection, cancellationToken);
            }

            return StepOutcome.Done();
        }, cancellationToken);

    private static async Task<List<Lane>> RehearsedLanesAsync(RowsWork work, CancellationToken cancellationToken) =>
    [
        .. await LanePlan.DrawAsync(work.Connection, work.Setup, work.Tables, cancellationToken),
        .. work.Tables.Where(table => table.Named.LeavesRowsOut).Select(table => new Lane(table.Number, Lane.LeftOut, null, null)),
    ];

    /// <summary>Round after round over all rows, until one finds nothing more to write.</summary>
    private static Task<StepOutcome> RoundsAsync(
        ProviderCall call,
        DataKeys keys,
        Slice slice,
        Move move,
        CancellationToken cancellationToken) =>
        RunAsync(call, keys, written: true, async work =>
        {
            await work.LoadTablesAsync(cancellationToken);
            var lanes = await work.LanesOfAsync(slice.Pass, cancellationToken);
            if (move == Move.Back && lanes.TrueForAll(lane => lane is { Done: true, Moved: 0 }))
            {
                return StepOutcome.AlreadyDone((StepFacts.Rows, PassRunner.Number(lanes.Sum(lane => lane.Rows))));
            }

            var total = await work.TotalAsync(cancellationToken);
            var runner = new PassRunner(work.Setup, work.Ring, slice, call.Time);
            if (lanes.TrueForAll(lane => lane.IsFresh))
            {
                await OpenWriters.WaitAsync(work, runner, call.Time, cancellationToken);
            }

            if (await MoveAsync(work, runner, lanes, move, slice.Pass, total, written: true, cancellationToken) is { } problem)
            {
                return problem;
            }

            var (facts, moved) = (runner.Facts(lanes.Sum(lane => lane.Rows), total), lanes.Sum(lane => lane.Moved));
            if (!lanes.TrueForAll(lane => lane.Done))
            {
                return StepOutcome.Continue([.. facts, ("round", PassRunner.Number(lanes[0].Round + 1))]);
            }

            if (moved == 0)
            {
                return StepOutcome.Done(facts[0], ("rounds", PassRunner.Number(lanes[0].Round + 1)));
            }

            await work.Lanes.ResetAsync(work.Connection, slice.Pass, cancellationToken);
            if ((lanes[0].Round + 1) % MostRounds == 0)
            {
                return StepOutcome.Unknown(
                    $"After {lanes[0].Round + 1} rounds the application still writes rows with the other key ({moved} in the last "
                        + "round). See that all of it has the keys that were delivered, and was restarted.");
            }

            return StepOutcome.Continue([.. facts, ("round", PassRunner.Number(lanes[0].Round + 1)), ("moved", PassRunner.Number(moved))]);
        }, cancellationToken);

    /// <summary>Null, or the problem: what is done until then stays done.</summary>
    /// <param name="written">Rows may have been written by the rotation before this pass.</param>
    private static async Task<StepOutcome?> MoveAsync(
        RowsWork work,
        PassRunner runner,
        List<Lane> lanes,
        Move move,
        string pass,
        long total,
        bool written,
        CancellationToken cancellationToken)
    {
        try
        {
            var movers = await work.MoversAsync(move, pass, cancellationToken);
            await runner.RunAsync(lanes, (session, lane, stop) => movers[lane.Table].StepAsync(session, lane, stop), cancellationToken);
            return null;
        }
        catch (Exception exception) when (RowsFailures.Explains(exception))
        {
            var moved = lanes.Sum(lane => lane.Moved);
            return RowsFailures.Of(
                exception,
                work.Setup,
                written || moved > 0,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lanes.Sum(lane => lane.Rows)} of {total} rows are done, {moved} of them written."));
        }
    }

    private static Task<StepOutcome> RunAsync(
        ProviderCall call,
        DataKeys? keys,
        Func<RowsWork, Task<StepOutcome>> run,
        CancellationToken cancellationToken) =>
        RunAsync(call, keys, written: false, run, cancellationToken);

    /// <param name="written">Rows may have been written, which the database cannot be asked about if it does not answer.</param>
    private static async Task<StepOutcome> RunAsync(
        ProviderCall call, DataKeys? keys, bool written, Func<RowsWork, Task<StepOutcome>> run, CancellationToken cancellationToken)
    {
        RowsSetup? setup = null;
        try
        {
            setup = await RowsSetup.ReadAsync(call.Settings, cancellationToken);
            var ring = keys is null ? null : await setup.RingAsync(call.Settings, keys, cancellationToken);
            await using var work = await RowsWork.OpenAsync(setup, ring, call.RotationId, cancellationToken);
            return await run(work);
        }
        catch (Exception exception) when (RowsFailures.Explains(exception))
        {
            return RowsFailures.Of(exception, setup, written, far: null);
        }
    }
}
