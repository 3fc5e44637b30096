using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.KubernetesSecrets;

/// <summary>The keys of a Secret that a binding owns, with their templates.</summary>
internal sealed class SecretKeys
{
    public const string Setting = "keys";

    private const int LongestKey = 253;
    private readonly IReadOnlyDictionary<string, DeliveryTemplate> _templates;

    private SecretKeys(IReadOnlyDictionary<string, DeliveryTemplate> templates) => _templates = templates;

    public IEnumerable<string> Names => _templates.Keys;

    /// <exception cref="DeliveryException">A key or a template is none; the message says what to do.</exception>
    public static SecretKeys Of(ProviderCall call)
    {
        var keys = call.Settings.TextMap(Setting);
        if (keys.Count == 0)
        {
            throw new DeliveryException(
                "'keys' is empty. Name at least one key of the Secret with its template, such as API_KEY: \"{value}\".");
        }

        if (keys.Keys.FirstOrDefault(key => !IsKey(key)) is { } wrong)
        {
            throw new DeliveryException(
                $"'{wrong}' cannot be a key of a Secret. Use letters, digits, '-', '_' and '.', {LongestKey} at "
                    + "most.");
        }

        return new SecretKeys(keys.ToDictionary(pair => pair.Key, pair => DeliveryTemplate.Parse(pair.Value), StringComparer.Ordinal));
    }

    /// <summary>Key to value, as base64, as a Secret's data has it. Keep it local.</summary>
    /// <exception cref="DeliveryException">A value that is asked for does not exist, or is no text.</exception>
    public IReadOnlyDictionary<string, string> Render(DeliveredValues values) => _templates.ToDictionary(
        pair => pair.Key, pair => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value.Render(values))), StringComparer.Ordinal);

    /// <summary>The first key at which the Secret does not have the value; null if it has all.</summary>
    public static string? Difference(JsonObject secret, IReadOnlyDictionary<string, string> wanted) =>
        wanted.FirstOrDefault(pair => !Same(secret.Text("data", pair.Key), pair.Value)).Key;

    private static bool Same(string? one, string other) =>
        one is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));

    private static bool IsKey(string key) =>
        key.Length is > 0 and <= LongestKey
            && key is not ("." or "..")
            && key.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_' or '.');
}
