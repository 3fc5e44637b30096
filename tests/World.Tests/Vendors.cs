using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.World.Tests;

/// <summary>
/// The way to every vendor, and what can go wrong on it: calls and replies that are lost, systems that are slow, busy, down or refuse.
/// Whoever calls is looked at: a call of a rotation that another has taken over is a promise broken.
/// </summary>
internal sealed class Vendors(WorldRun world)
{
    private const double FaultRate = 0.04;
    /// <summary>By their numbers; reads have the first of them only.</summary>
    private static readonly string[] s_faults =
        ["call lost", "busy", "unreachable", "slow", "hangs", "refused", "reply lost", "twice"];

    private const int OfReads = 5;
    private const int Twice = 7;
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Hanging = TimeSpan.FromMinutes(3);

    /// <summary>A sweep asks side by side.</summary>
    private readonly Lock _gate = new();

    /// <summary>Every value that exists begins with it.</summary>
    public const string Canary = "cNrY";

    /// <summary>A policy may name how values begin: only with what follows it is one.</summary>
    public static bool HoldsValue(string? text)
    {
        for (var at = From(0); at >= 0; at = From(at + 1))
        {
            if (at + Canary.Length < text!.Length && char.IsAsciiLetterOrDigit(text[at + Canary.Length]))
            {
                return true;
            }
        }

        return false;

        int From(int start) => text?.IndexOf(Canary, start, StringComparison.Ordinal) ?? -1;
    }

    /// <summary>By type of provider: until when it does not answer, in true time.</summary>
    public Dictionary<string, DateTimeOffset> Down { get; } = new(StringComparer.Ordinal);

    public Unit UnitOf(ProviderCall call) => world.Units[call.Settings.Number("unit", -1)];

    /// <summary>A call whose answer is an outcome.</summary>
    public Task<StepOutcome> AskAsync(
        string type, string what, ProviderCall call, bool acts, Func<Unit, StepOutcome> effect, CancellationToken cancellationToken) =>
        CallAsync(type, what, call, acts, effect, outcome => outcome, cancellationToken);

    /// <param name="acts">It changes something.</param>
    /// <param name="refuse">Makes an answer of an outcome; throws where there is none.</param>
    public async Task<T> CallAsync<T>(
        string type,
        string what,
        ProviderCall call,
        bool acts,
        Func<Unit, T> effect,
        Func<StepOutcome, T> refuse,
        CancellationToken cancellationToken)
    {
        var unit = UnitOf(call);
        string name;
        int fault;
        lock (_gate)
        {
            world.Counts.Calls++;
            world.Touch(unit);
            if (Down.TryGetValue(type, out var until) && world.True < until)
            {
                world.Fault(unit, "outage", $"{type} is down", null);
                throw new HttpRequestException(HttpRequestError.ConnectionError, $"{type} is down");
            }

            name = $"{unit.Number}/{type}/{what}/{unit.Count($"{type}/{what}")}";
            fault = world.Calm || !world.Luck.Is(name, FaultRate) || world.Plan.Muted.Contains(name)
                ? -1
                : world.Luck.Below(name + "/kind", acts ? s_faults.Length : OfReads);
            if (fault == Twice && type == KeyProvider.BlindId && what == "issue")
            {
                // Of a second key, at a vendor that lists none, nobody could ever know.
                fault = -1;
            }

            if (fault >= 0)
            {
                world.Fault(unit, s_faults[fault], what, name);
            }
        }

        switch (fault)
        {
            case 0:
                throw new TimeoutException("the call was lost");
            case 1:
                return refuse(StepOutcome.RetryLater("too many requests", world.Luck.Between(name + "/after", TimeSpan.Zero, Quick)));
            case 2:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "unreachable");
            case 3:
                var time = world.Luck.Between(name + "/time", TimeSpan.FromSeconds(1), Quick);
                return await SlowAsync(time, Effect, name, cancellationToken);
            case 4:
                return await SlowAsync(Hanging, Effect, name, cancellationToken);
            case 5:
                return refuse(StepOutcome.Rejected("refused"));
            case 6:
                Effect();
                throw new TimeoutException("the reply was lost");
            case Twice:
                Effect();
                return Effect();
            default:
                return Effect();
        }

        T Effect()
        {
            lock (_gate)
            {
                if (acts)
                {
                    world.Watch.Moves(unit, call, what);
                }

                var answer = effect(unit);
                if (world.Tells)
                {
                    world.Tell(unit, $"{what} of {call.RotationId} ({call.Step} #{call.Attempt}): {Short(answer)}");
                }

                return answer;
            }
        }
    }

    private static string Short(object? answer) => answer switch
    {
        StepOutcome outcome => $"{outcome.Kind} {outcome.Reason}",
        IssueResult issued => $"{issued.Outcome.Kind} {issued.Credential?.Id} {issued.Outcome.Reason}",
        System.Collections.ICollection some => $"{some.Count} listed",
        _ => answer?.ToString() ?? "nothing",
    };

    /// <summary>It happens in the middle. Where the process dies before that, it may happen all the same: the call is on its way.</summary>
    private async Task<T> SlowAsync<T>(TimeSpan time, Func<T> effect, string name, CancellationToken cancellationToken)
    {
        if (Lane.Current is not { } lane)
        {
            return effect();
        }

        try
        {
            await lane.ParkAsync(wake => world.After(time / 2, wake), cancellationToken);
        }
        catch (Exception gone) when (gone is SimulatedCrashException or OperationCanceledException)
        {
            if (world.Luck.Is(name + "/arrives", 0.5))
            {
                effect();
            }

            throw;
        }

        var answer = effect();
        await lane.ParkAsync(wake => world.After(time / 2, wake), cancellationToken);
        return answer;
    }
}
