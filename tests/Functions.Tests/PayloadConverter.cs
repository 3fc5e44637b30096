using System.Text;
using Microsoft.DurableTask;
using Rotunda.Orchestration;

namespace Rotunda.Functions.Tests;

/// <summary>As the Functions extension makes one from the worker's serializer.</summary>
internal sealed class PayloadConverter(PayloadSerializer payloads) : DataConverter
{
    private readonly PayloadObjectSerializer _serializer = new(payloads);

    public override object? Deserialize(string? data, Type targetType)
    {
        if (data is null)
        {
            return null;
        }

        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(data));
        return _serializer.Deserialize(stream, targetType, CancellationToken.None);
    }

    public override string? Serialize(object? value) =>
        value is null ? null : _serializer.Serialize(value, value.GetType(), CancellationToken.None).ToString();
}
