using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Orchestrations;

/// <summary>A record whose action is missing from the list is invisible to whoever reads the ledger.</summary>
public sealed class RotationActionsTests
{
    [Fact]
    public void Every_action_is_in_the_list_once()
    {
        string[] declared =
        [
            .. typeof(RotationActions).GetFields().Where(field => field.FieldType == typeof(string))
                .Select(field => (string)field.GetValue(null)!),
        ];
        Assert.Contains(RotationActions.Paused, declared);
        Assert.Equal(declared.Order(StringComparer.Ordinal), RotationActions.All.Order(StringComparer.Ordinal));
        Assert.Equal(declared.Length, declared.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Every_final_state_has_its_action() => Assert.All(
        Enum.GetValues<RotationState>().Where(state => state.IsFinal()),
        state => Assert.Contains(RotationActions.Of(state), RotationActions.All));
}
