using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Typed access to a binding's settings. The catalog's validator has checked types and references already.</summary>
public sealed class ProviderSettings(JsonObject values, IReferenceResolver references)
{
    public string? Text(string name) =>
        values[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <exception cref="SettingMissingException">It is not set.</exception>
    public string RequiredText(string name) => Text(name) ?? throw new SettingMissingException(name);

    public bool Flag(string name, bool otherwise = false) =>
        values[name] is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? values[name]!.GetValue<bool>()
            : otherwise;

    /// <summary>Also of settings that come from the catalog as it was read: those have long numbers.</summary>
    public int Number(string name, int otherwise) =>
        values[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.Number ? otherwise
        : value.TryGetValue<int>(out var number) ? number
        : checked((int)value.GetValue<long>());

    public IReadOnlyList<string> TextList(string name) =>
        values[name] is JsonArray array ? [.. array.Select(item => item!.GetValue<string>())] : [];

    public IReadOnlyDictionary<string, string> TextMap(string name) =>
        values[name] is JsonObject map
            ? map.ToDictionary(p => p.Key, p => p.Value!.GetValue<string>(), StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>As 30s, 15m, 2h, 7d, or combined: 1d12h.</summary>
    /// <exception cref="SettingInvalidException">It is none.</exception>
    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        return DurationText.TryParse(text, out var duration)
            ? duration
            : throw new SettingInvalidException(name, $"is no duration: {text}. Write one such as 30s, 15m or 1d12h.");
    }

    /// <summary>The value behind a reference; null if the setting is not set. The caller disposes it.</summary>
    /// <exception cref="ReferenceUnresolvedException">Set, but it leads nowhere.</exception>
    public async Task<SecretValue?> SecretAsync(string name, CancellationToken cancellationToken) =>
        Text(name) is { } reference ? await references.ResolveAsync(reference, cancellationToken) : null;

    /// <summary>The values behind a map of references, by name. The caller disposes them.</summary>
    /// <exception cref="ReferenceUnresolvedException">One leads nowhere.</exception>
    public async Task<IReadOnlyDictionary<string, SecretValue>> SecretsAsync(string name, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, SecretValue>(StringComparer.Ordinal);
        foreach (var (key, reference) in TextMap(name))
        {
            found[key] = await references.ResolveAsync(reference, cancellationToken);
        }

        return found;
    }

    /// <summary>The values behind a list of references. The caller disposes them.</summary>
    /// <exception cref="ReferenceUnresolvedException">One of them leads nowhere.</exception>
    public async Task<IReadOnlyList<SecretValue>> SecretListAsync(string name, CancellationToken cancellationToken)
    {
        var read = new List<SecretValue>();
        try
        {
            foreach (var reference in TextList(name))
            {
                read.Add(await references.ResolveAsync(reference, cancellationToken));
            }

            return read;
        }
        catch
        {
            read.ForEach(value => value.Dispose());
            throw;
        }
    }

    /// <summary>The settings of a map; null if it is not set.</summary>
    public ProviderSettings? Map(string name) => values[name] is JsonObject map ? new ProviderSettings(map, references) : null;

    /// <summary>The settings of each map in a list of maps.</summary>
    public IReadOnlyList<ProviderSettings> Maps(string name) =>
        values[name] is JsonArray array ? [.. array.OfType<JsonObject>().Select(map => new ProviderSettings(map, references))] : [];

    /// <exception cref="SettingMissingException">It is not set.</exception>
    /// <exception cref="ReferenceUnresolvedException">Set, but it leads nowhere.</exception>
    public async Task<SecretValue> RequiredSecretAsync(string name, CancellationToken cancellationToken) =>
        await SecretAsync(name, cancellationToken) ?? throw new SettingMissingException(name);
}
