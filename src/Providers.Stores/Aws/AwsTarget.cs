using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.Aws;

/// <summary>A secret as a target: its whole text, or some keys of the JSON object in it.</summary>
internal sealed class AwsTarget
{
    private const int MostIds = 50;

    /// <summary>No text of AWS can be this, as it is no UTF-8.</summary>
    private static readonly byte[] WithoutValue = [0xff, .. "rotunda: a secret without a value"u8];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IReadOnlyDictionary<string, DeliveryTemplate> _keys;
    private readonly DeliveryTemplate _whole;

    private AwsTarget(string secret, IReadOnlyDictionary<string, DeliveryTemplate> keys, DeliveryTemplate whole) =>
        (Secret, _keys, _whole) = (secret, keys, whole);

    public string Secret { get; }

    public static AwsTarget Of(ProviderSettings settings) => new(
        settings.RequiredText(AwsDescriptor.Secret),
        settings.TextMap(AwsDescriptor.Keys).ToDictionary(key => key.Key, key => DeliveryTemplate.Parse(key.Value), StringComparer.Ordinal),
        DeliveryTemplate.Parse(settings.Text(AwsDescriptor.Template) ?? "{value}"));

    public static string DeletionOf(string secret) =>
        $"{secret} is scheduled for deletion at AWS. Restore it there (aws secretsmanager restore-secret), or name another one "
            + "in 'secret'.";

    public static string RotatedByAws(string secret) =>
        $"{secret} is rotated by AWS itself: two rotators would take each other's values away. Turn that off (aws secretsmanager "
            + $"cancel-rotate-secret --secret-id {secret}), or take the secret out of the catalog.";

    /// <exception cref="DeliveryException">What is there cannot be taken as text, or as an object with keys.</exception>
    public void Check(AwsValue current)
    {
        if (current.Text is null)
        {
            throw new DeliveryException($"{Secret} holds a binary value. Name a secret with text in 'secret'.");
        }

        if (_keys.Count > 0)
        {
            _ = Object(current.Text);
        }
    }

    /// <summary>The text with the values in it.</summary>
    public string With(string? current, DeliveredValues values)
    {
        if (_keys.Count == 0)
        {
            return _whole.Render(values);
        }

        var json = Object(current);
        foreach (var (key, template) in _keys)
        {
            json[key] = template.Render(values);
        }

        return json.ToJsonString(Readable);
    }

    public bool Holds(AwsValue current, DeliveredValues expected) => current.Text is { } text && With(text, expected) is { } wanted
        && (text == wanted || (_keys.Count > 0 && JsonNode.DeepEquals(Object(text), Object(wanted))));

    /// <summary>The whole text; with keys, those that this one owns. Of a secret that is there without a value, a mark that says
    /// so.</summary>
    public SecretValue Capture(AwsValue? current)
    {
        if (current is null)
        {
            return SecretValue.FromBytes(WithoutValue);
        }

        Check(current);
        if (_keys.Count == 0)
        {
            return SecretValue.FromText(current.Text!);
        }

        var json = Object(current.Text);
        return SecretValue.FromText(
            new JsonObject(
                _keys.Keys.Where(json.ContainsKey).Select(key => KeyValuePair.Create(key, json[key]?.DeepClone()))).ToJsonString());
    }

    /// <summary>Null where nothing stands and nothing stood.</summary>
    public string? Restored(string? current, SecretValue captured)
    {
        if (captured.RevealBytes().SequenceEqual(WithoutValue))
        {
            return Emptied(current);
        }

        if (_keys.Count == 0)
        {
            return captured.RevealText();
        }

        var (json, before) = (Object(current), Object(captured.RevealText()));
        foreach (var key in _keys.Keys)
        {
            if (before.ContainsKey(key))
            {
                json[key] = before[key]?.DeepClone();
            }
            else
            {
                json.Remove(key);
            }
        }

        return json.ToJsonString(Readable);
    }

    /// <summary>What stands for "nothing of ours" in a secret that is not ours to delete: AWS takes no current version away.</summary>
    public string? Emptied(string? current)
    {
        if (current is null)
        {
            return null;
        }

        var json = _keys.Count == 0 ? [] : Object(current);
        foreach (var key in _keys.Keys)
        {
            json.Remove(key);
        }

        return json.ToJsonString(Readable);
    }

    /// <summary>Adds a version and makes it current. Its id follows from the intent, so that a repeated call finds it.</summary>
    public async Task<string> PutCurrentAsync(
        AwsClient client,
        SecretValue value,
        string intent,
        string? current,
        CancellationToken cancellationToken)
    {
        for (var number = 1; number <= MostIds; number++)
        {
            var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Secret}\n{intent}\n{number}")))[..40];
            if (await client.PutAsync(Secret, version, value, null, cancellationToken) is not { } labels)
            {
                continue;
            }

            if (!labels.Contains(AwsClient.Current))
            {
                // The same value was put here earlier in this rotation, and another has become current since.
                await client.MoveAsync(Secret, AwsClient.Current, current, version, cancellationToken);
            }

            return version;
        }

        throw client.Session.Failure(
            StepOutcome.Rejected(
                $"{Secret} was written {MostIds} times by this rotation with other values each time. Find out what else writes it."));
    }

    private JsonObject Object(string? text)
    {
        try
        {
            return text is null ? [] : JsonNode.Parse(text) as JsonObject ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new DeliveryException(
                $"{Secret} holds no JSON object, so it has no keys. Use 'template' for the whole text, or name another secret.");
        }
    }
}
