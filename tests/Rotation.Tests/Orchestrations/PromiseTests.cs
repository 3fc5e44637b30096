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
        var ends = new Dictionary<(Strategy, RotationState), int>();
        for (var seed = first; seed < first + Number("ROTUNDA_SIM_SEEDS", 2000); seed++)
        {
            var simulation = new PromiseSimulation(seed, carriedOver);
            simulation.Run();
            foreach (var end in simulation.Ends)
            {
                ends[(simulation.Strategy, end)] = ends.GetValueOrDefault((simulation.Strategy, end)) + 1;
            }
        }

        // A simulation that never comes somewhere proves nothing about it.
        Assert.All(SamplePlans.Rotations, strategy => Assert.All(
            Enum.GetValues<RotationState>().Where(s => s.IsFinal()), state => Assert.Contains((strategy, state), ends.Keys)));
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
