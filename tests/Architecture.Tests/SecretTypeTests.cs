using System.Reflection;
using System.Text.Json;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;

namespace Rotunda.Architecture.Tests;

/// <summary>Promise 5 at the level of types: nothing that is persisted or sent can hold a value.</summary>
public sealed class SecretTypeTests
{
    [Fact]
    public void A_secret_value_prints_as_a_mask()
    {
        using var value = SecretValue.FromText("canary");

        Assert.Equal("***", $"{value}");
    }

    [Fact]
    public void A_secret_value_is_refused_by_the_serializer()
    {
        using var value = SecretValue.FromText("canary");

        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(value));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<SecretValue>("\"canary\""));
    }

    [Fact]
    public void A_cleared_value_cannot_be_read()
    {
        var value = SecretValue.FromText("canary");
        value.Dispose();

        Assert.Throws<ObjectDisposedException>(value.RevealText);
    }

    [Fact]
    public void No_persisted_type_reaches_a_secret_value()
    {
        var contracts = typeof(RotationJson).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.PropertyType.IsGenericType && p.PropertyType.Name.StartsWith("JsonTypeInfo", StringComparison.Ordinal))
            .Select(p => p.PropertyType.GetGenericArguments()[0])
            .ToList();

        Assert.True(contracts.Count > 10, "The contracts of the domain were not found.");
        Assert.DoesNotContain(typeof(SecretValue), contracts);
    }
}
