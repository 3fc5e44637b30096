using System.Text;
using System.Text.Json;
using Rotunda.Api.Head;
using Rotunda.Orchestration;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Functions.Tests;

/// <summary>What the Functions head translates: payloads and states.</summary>
public sealed class DurableWordsTests
{
    private readonly PayloadObjectSerializer _serializer = new(DeskParts.Payloads);

    [Fact]
    public void Payloads_are_the_same_json_as_in_every_other_head()
    {
        var outcome = StepOutcome.RetryLater("busy");

        Assert.Equal(DeskParts.Payloads.Serialize(outcome), Write(outcome));
        Assert.Equal(outcome, Read<StepOutcome>(Write(outcome)));
        Assert.Equal("null", Write(null));
        Assert.Null(Read<StepOutcome>(""));
    }

    [Fact]
    public void Arguments_come_as_a_list_and_any_object_as_json()
    {
        var message = new ControlMessage(ControlVerb.Approve, "ada", null);

        Assert.Equal($"[{DeskParts.Payloads.Serialize(message)},null]", Write(new object?[] { message, null }));
        Assert.Equal(JsonValueKind.Object, Assert.IsType<JsonElement>(Read<object>(Write(message))).ValueKind);
        Assert.Equal(5, Read<int?>("5"));
    }

    [Fact]
    public void A_value_or_any_other_type_without_a_contract_is_refused()
    {
        using var value = SecretValue.FromText("canary");

        Assert.Throws<NotSupportedException>(() => Write(value));
        Assert.Throws<NotSupportedException>(() => Write(new object?[] { value }));
        Assert.Throws<NotSupportedException>(() => Write(new Uri("https://x")));
    }

    [Theory]
    [InlineData("Running", OrchestrationStatus.Running)]
    [InlineData("ContinuedAsNew", OrchestrationStatus.Running)]
    [InlineData("Pending", OrchestrationStatus.Pending)]
    [InlineData("Completed", OrchestrationStatus.Completed)]
    [InlineData("Failed", OrchestrationStatus.Failed)]
    [InlineData("Canceled", OrchestrationStatus.Terminated)]
    [InlineData("Terminated", OrchestrationStatus.Terminated)]
    [InlineData("Suspended", OrchestrationStatus.Stuck)]
    public void States_are_told_in_our_words(string word, OrchestrationStatus expected) => Assert.Equal(expected, DurableStatus.Of(word));

    [Fact]
    public void Every_state_of_ours_has_its_word_there() =>
        Assert.All(
            Enum.GetValues<OrchestrationStatus>(),
            status => Assert.All(DurableStatus.WordsOf(status), word => Assert.Equal(status, DurableStatus.Of(word))));

    [Fact]
    public void Why_an_instance_stands_is_told()
    {
        var told = new FailureDetails("X", "broke");

        Assert.Equal(told, DurableStatus.FailureOf(OrchestrationStatus.Failed, told, null));
        Assert.Equal(
            new FailureDetails("A.B+C", "no luck: at all\nor so"),
            DurableStatus.FailureOf(OrchestrationStatus.Failed, null, "A.B+C: no luck: at all\nor so"));
        Assert.Equal(
            new FailureDetails("Unknown", "no luck: at all"),
            DurableStatus.FailureOf(OrchestrationStatus.Failed, null, "no luck: at all"));
        Assert.Equal("no reason is on record", DurableStatus.FailureOf(OrchestrationStatus.Failed, null, null)!.Message);
        Assert.Equal("enough", DurableStatus.FailureOf(OrchestrationStatus.Terminated, null, "enough")!.Message);
        Assert.Contains("Resume", DurableStatus.FailureOf(OrchestrationStatus.Stuck, null, null)!.Message, StringComparison.Ordinal);
        Assert.Null(DurableStatus.FailureOf(OrchestrationStatus.Completed, null, "out"));
    }

    private string Write(object? value)
    {
        using var stream = new MemoryStream();
        _serializer.Serialize(stream, value, value?.GetType() ?? typeof(object), CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private object? Read<T>(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return _serializer.Deserialize(stream, typeof(T), CancellationToken.None);
    }
}
