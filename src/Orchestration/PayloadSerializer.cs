using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rotunda.Orchestration;

/// <summary>
/// Turns inputs, outputs, events and statuses into the JSON text that histories hold. The host gives the source-generated
/// type resolvers of everything that is persisted; a type that is in none of them is refused, which also keeps types
/// without a contract (such as secret values) out of histories.
/// </summary>
public sealed class PayloadSerializer
{
    private readonly JsonSerializerOptions _options;

    public PayloadSerializer(params IReadOnlyList<IJsonTypeInfoResolver> resolvers)
    {
        _options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. resolvers, BasicPayloads.Default]),
        };
        _options.MakeReadOnly();
    }

    /// <exception cref="NotSupportedException">The type has no registered contract.</exception>
    public string? Serialize(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, _options.GetTypeInfo(value.GetType()));

    public T? Deserialize<T>(string? json) =>
        json is null ? default : (T?)JsonSerializer.Deserialize(json, _options.GetTypeInfo(typeof(T)));

    public object? Deserialize(string? json, Type type) =>
        json is null ? null : JsonSerializer.Deserialize(json, _options.GetTypeInfo(type));
}
