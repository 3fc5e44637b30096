using System.Globalization;
using Rotunda.Rotation.Words;
using Rotunda.Testing.Simulation;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>Random rotations on the model world. ROTUNDA_SIM_SEEDS says how many; ROTUNDA_SIM_FIRST where to start.</summary>
public sealed class PromiseTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_promises_hold_whatever_happens(bool carriedOver)
    {
        var first = Number("ROTUNDA_SIM_FIRST", 1);
        var ends = new HashSet<(Strategy, RotationState)>();
        var met = new HashSet<(ModelBeginning, RotationState)>();
        for (var seed = first; seed < first + Number("ROTUNDA_SIM_SEEDS", 2000); seed++)
        {
            var simulation = new PromiseSimulation(seed, carriedOver);
            simulation.Run();
            ends.UnionWith(simulation.Ends);
            met.UnionWith(simulation.Met);
        }

        // A simulation that never comes somewhere proves nothing about it. Nobody is asked about a lease, so nobody rejects it.
        Assert.All([.. SamplePlans.Rotations, Strategy.Deliver], strategy => Assert.All(
            Enum.GetValues<RotationState>().Where(s => s.IsFinal() && (strategy, s) != (Strategy.Leased, RotationState.Rejected)), state =>
                Assert.Contains((strategy, state), ends)));

        // A secret that leaves the catalog has no emergencies.
        Assert.All(
            Enum.GetValues<RotationState>().Where(s => s.IsFinal() && s != RotationState.Superseded),
            state => Assert.Contains((Strategy.Retire, state), ends));
        Assert.All(
            Enum.GetValues<ModelBeginning>().Where(b => b != ModelBeginning.AsBelieved),
            beginning => Assert.Contains((beginning, RotationState.RolledBack), met));
    }

    [Fact]
    public void Without_the_look_at_the_beginning_they_would_not()
    {
        var broken = Enumerable.Range(1, 400).Select(seed => Record.Exception(new PromiseSimulation(
            seed, looksAtTheBeginning: false).Run)).OfType<PromiseBrokenException>().ToList();
        foreach (var beginning in Enum.GetNames<ModelBeginning>().Skip(1).Except([nameof(ModelBeginning.NotLocked)]))
        {
            Assert.Contains(broken, problem => problem.Message.Contains($"begins {beginning}:", StringComparison.Ordinal)
                && problem.Message.Contains("Locked out: the provider refuses", StringComparison.Ordinal));
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
