using Rotunda.Rotation.Orchestrations;
using Rotunda.Rotation.Planning;

namespace Rotunda.Architecture.Tests;

/// <summary>
/// What can be told of the Functions head where its packages are not served: that no step kind was added without its activity.
/// The head's own tests look at the built assembly.
/// </summary>
public sealed class FunctionsHeadTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "src", "Functions");

    public static TheoryData<string> Kinds() => [.. StepKinds.Activities];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_step_kind_has_its_activity_function(string kind)
    {
        var name = typeof(StepKinds).GetFields().Single(field => field.IsLiteral && (string?)field.GetRawConstantValue() == kind).Name;

        Assert.Contains($"[Function(StepKinds.{name})]", File.ReadAllText(Path.Combine(Folder, "StepFunctions.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_orchestration_has_its_trigger()
    {
        var names = RotationOrchestrations.AddTo(new Rotunda.Orchestration.TaskRegistry()).Orchestrations.Keys;
        var triggers = File.ReadAllText(Path.Combine(Folder, "RotationFunctions.cs")).Split("[Function(").Length - 1;

        Assert.Equal(names.Count(), triggers);
    }
}
