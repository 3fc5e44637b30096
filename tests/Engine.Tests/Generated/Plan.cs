using System.Globalization;

namespace Rotunda.Engine.Tests.Generated;

/// <summary>A step of a generated orchestration. <paramref name="Label"/> is unique in the whole program.</summary>
internal abstract record Step(string Label);

internal sealed record Call(string Label, bool Fails) : Step(Label);

internal sealed record Wait(string Label) : Step(Label);

internal sealed record Sleep(string Label, int Minutes) : Step(Label);

internal sealed record Sequence(string Label, IReadOnlyList<Step> Steps) : Step(Label);

internal sealed record All(string Label, IReadOnlyList<Step> Branches) : Step(Label);

/// <summary>A race that one branch is sure to win: its rival is an event that never comes, or a timer centuries away.</summary>
internal sealed record Any(string Label, Step Winner, bool RivalIsTimer, bool RivalFirst, bool CancelRival) : Step(Label);

internal sealed record Child(string Label, Plan Plan) : Step(Label);

/// <summary>One instance: what each of its generations does.</summary>
internal sealed record Plan(string InstanceId, IReadOnlyList<Step> Generations)
{
    public static Plan Generate(int seed)
    {
        var random = new Random(seed);
        var labels = 0;
        return Instance(3);

        Plan Instance(int depth)
        {
            var id = $"i{labels++.ToString(CultureInfo.InvariantCulture)}";
            return new Plan(id, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Some(depth))]);
        }

        Step Some(int depth)
        {
            var label = $"s{labels++.ToString(CultureInfo.InvariantCulture)}";
            return random.Next(depth > 0 ? 10 : 4) switch
            {
                0 => new Wait(label),
                1 => new Sleep(label, random.Next(-5, 60)),
                2 or 3 => new Call(label, Fails: random.Next(4) == 0),
                4 or 5 => new Sequence(label, Several(depth)),
                6 or 7 => new All(label, Several(depth)),
                8 => new Any(label, Some(depth - 1), random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0),
                _ => new Child(label, Instance(depth - 1)),
            };
        }

        List<Step> Several(int depth) => [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Some(depth - 1))];
    }

    /// <summary>This instance and those below it.</summary>
    public IEnumerable<Plan> Instances() => Steps().OfType<Child>().SelectMany(child => child.Plan.Instances()).Prepend(this);

    /// <summary>The steps of this instance, not of its children.</summary>
    public IEnumerable<Step> Steps() => Generations.SelectMany(Below);

    /// <summary>What the instance must return: computed here, without any engine.</summary>
    public string Expected() => string.Concat(Generations.Select(Expected));

    private static string Expected(Step step) => step switch
    {
        Call { Fails: true } call => $"({call.Label} failed)",
        Call call => $"({call.Label} called)",
        Wait wait => $"({wait.Label} raised)",
        Sleep sleep => $"({sleep.Label} slept)",
        Sequence sequence => string.Concat(sequence.Steps.Select(Expected)),
        All all => $"[{string.Join('|', all.Branches.Select(Expected))}]",
        Any any => $"<{Expected(any.Winner)}>",
        Child child => $"{{{child.Plan.Expected()}}}",
        _ => throw new InvalidOperationException(),
    };

    private static IEnumerable<Step> Below(Step step) => (step switch
    {
        Sequence sequence => sequence.Steps.SelectMany(Below),
        All all => all.Branches.SelectMany(Below),
        Any any => Below(any.Winner),
        _ => [],
    }).Prepend(step);
}
