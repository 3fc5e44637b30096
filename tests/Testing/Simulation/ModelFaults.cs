using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.Simulation;

/// <summary>
/// Seeded faults around the model's steps: replies lost after the effect, refusals, slow systems, calls delivered twice,
/// crashes between two effects. Their number is bounded, so that every run comes to an end.
/// </summary>
public sealed class ModelFaults(Random random, double rate, int budget)
{
    private readonly Dictionary<string, (int Left, Func<Func<StepOutcome>, StepOutcome> Fault)> _outages = new(StringComparer.Ordinal);
    private int _left = budget;
    private bool _crashing;

    /// <summary>Called by the steps between their effects.</summary>
    public void MayCrash()
    {
        if (_crashing && random.Next(2) == 0)
        {
            _crashing = false;
            throw new CrashException();
        }
    }

    public StepOutcome Around(string kind, Func<StepOutcome> effect)
    {
        if (_outages.TryGetValue(kind, out var outage) && outage.Left > 0)
        {
            _outages[kind] = outage with { Left = outage.Left - 1 };
            return outage.Fault(effect);
        }

        if (_left <= 0 || random.NextDouble() >= rate)
        {
            return effect();
        }

        _left--;
        var fault = Choose(kind);
        if (random.Next(4) == 0)
        {
            // As long as a whole budget of attempts, or longer.
            _outages[kind] = (random.Next(2, 8), fault);
        }

        return fault(effect);
    }

    private Func<Func<StepOutcome>, StepOutcome> Choose(string kind) => random.Next(kind == StepKinds.Record ? 4 : 10) switch
    {
        0 => effect => { effect(); throw new SimulatedFailureException("the reply was lost"); },
        1 => _ => throw new SimulatedFailureException("the call was lost"),
        2 => effect => { effect(); return effect(); },
        3 => Crash,
        4 => effect => { effect(); return StepOutcome.Unknown("the reply was lost"); },
        5 => _ => StepOutcome.Unknown("no answer"),
        6 => _ => StepOutcome.RetryLater("busy"),
        7 => _ => StepOutcome.RetryLater("too many requests", TimeSpan.FromSeconds(90)),
        8 => _ => StepOutcome.Rejected("refused"),
        _ => kind is StepKinds.Issue or StepKinds.Apply or StepKinds.Verify
            ? _ => StepOutcome.NewValueNeeded("too weak")
            : _ => StepOutcome.Rejected("not allowed"),
    };

    /// <summary>The process dies somewhere within the step, or after it, and the step is run again.</summary>
    private StepOutcome Crash(Func<StepOutcome> effect)
    {
        _crashing = true;
        try
        {
            effect();
        }
        catch (CrashException)
        {
            // Died halfway.
        }

        _crashing = false;
        return effect();
    }

    private sealed class CrashException : Exception;
}
