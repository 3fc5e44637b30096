using System.Text;
using System.Text.Json;
using Azure.Core.Serialization;
using Rotunda.Orchestration;

namespace Rotunda.Functions;

/// <summary>
/// The contracts of histories as the Functions worker takes them, for orchestrations, activities and events alike. A type without
/// a contract is refused.
/// </summary>
public sealed class PayloadObjectSerializer(PayloadSerializer payloads) : ObjectSerializer
{
    /// <summary>Asked for any object, it gives the JSON itself: who asks reads it by contract later.</summary>
    public override object? Deserialize(Stream stream, Type returnType, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var json = reader.ReadToEnd();
        return json.Length == 0
            ? null
            : payloads.Deserialize(
                json,
                returnType == typeof(object) ? typeof(JsonElement) : Nullable.GetUnderlyingType(returnType) ?? returnType);
    }

    public override ValueTask<object?> DeserializeAsync(Stream stream, Type returnType, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Deserialize(stream, returnType, cancellationToken));

    public override void Serialize(Stream stream, object? value, Type inputType, CancellationToken cancellationToken) =>
        stream.Write(Encoding.UTF8.GetBytes(Text(value)));

    public override ValueTask SerializeAsync(Stream stream, object? value, Type inputType, CancellationToken cancellationToken)
    {
        Serialize(stream, value, inputType, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <summary>Durable Task hands over an activity's input as a list of arguments, and takes the list off again at the other
    /// end.</summary>
    private string Text(object? value) => value is object?[] arguments && value.GetType() == typeof(object[])
        ? $"[{string.Join(',', arguments.Select(Text))}]"
        : payloads.Serialize(value) ?? "null";
}
