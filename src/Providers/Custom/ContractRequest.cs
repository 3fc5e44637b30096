using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.References;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom;

/// <summary>One request, as JSON, and the values in it, so that they can be taken out of what comes back.</summary>
internal sealed class ContractRequest : IDisposable
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly SecretScope _scope = new();
    private readonly JsonObject _json;
    private byte[] _body = [];

    private ContractRequest(string operation, JsonObject json) => (Operation, _json) = (operation, json);

    public string Operation { get; }

    public bool Changes => ContractWords.Changes(Operation);

    /// <summary>Who answers it, for people: a program's path, or an address. Null while nobody was asked.</summary>
    public string? AskedOf { get; set; }

    /// <summary>Cleared when the request is disposed.</summary>
    public ReadOnlyMemory<byte> Body => _body;

    /// <param name="fill">Adds what the operation has besides.</param>
    /// <exception cref="ReferenceUnresolvedException">A credential leads nowhere.</exception>
    public static async Task<ContractRequest> CreateAsync(
        ProviderCall call,
        string operation,
        Action<ContractRequest> fill,
        CancellationToken cancellationToken)
    {
        var request = new ContractRequest(operation, new JsonObject
        {
            ["version"] = ContractWords.Version,
            ["operation"] = operation,
            ["secret"] = call.Secret,
            ["rotation"] = call.RotationId,
            ["number"] = call.Number,
            ["step"] = call.Step,
            ["attempt"] = call.Attempt,
            ["parameters"] = new JsonObject(
                call.Settings.TextMap(ContractSettings.Parameters).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
        });
        var credentials = new JsonObject();
        foreach (var (name, value) in await call.Settings.SecretsAsync(ContractSettings.Credentials, cancellationToken))
        {
            using (value)
            {
                credentials[name] = request.Shown(value);
            }
        }

        request._json["credentials"] = credentials;
        fill(request);
        request._body = JsonSerializer.SerializeToUtf8Bytes(request._json);
        return request;
    }

    public ContractRequest With(string name, JsonNode? node)
    {
        _json[name] = node;
        return this;
    }

    public ContractRequest WithValue(string name, SecretValue? value) => With(name, Shown(value));

    public ContractRequest WithValues(DeliveredValues values) => With("values", new JsonObject
    {
        ["primary"] = Delivered(values.Primary),
        ["secondary"] = values.Secondary is { } secondary ? Delivered(secondary) : null,
        ["salt"] = values.Salt,
    });

    /// <summary>A value that came back, too, is taken out of texts.</summary>
    public SecretValue Register(SecretValue value) => _scope.Register(value);

    /// <summary>For people: one line, without values, bounded.</summary>
    public string Clean(string text, int longest = 300)
    {
        var line = string.Concat(_scope.Redact(text).Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= longest ? line : line[..longest] + "…";
    }

    /// <summary>There is no answer that could be understood.</summary>
    public OutcomeException Unclear(string why)
    {
        var told = AskedOf is null ? why : $"{AskedOf} does not answer {Operation} as it should. {why}";
        return new(Changes ? StepOutcome.Unknown(told) : StepOutcome.RetryLater(told));
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_body);
        _scope.Dispose();
    }

    private JsonObject Delivered(DeliveredCredential credential) => new()
    {
        ["value"] = Shown(credential.Value),
        ["username"] = credential.Username,
        ["fingerprint"] = credential.Fingerprint,
    };

    /// <summary>As text, and what is no text as an object with base64.</summary>
    private JsonNode? Shown(SecretValue? value)
    {
        if (value is null)
        {
            return null;
        }

        _scope.Register(value);
        try
        {
            return Strict.GetString(value.RevealBytes());
        }
        catch (DecoderFallbackException)
        {
            return new JsonObject { ["base64"] = Convert.ToBase64String(value.RevealBytes()) };
        }
    }
}
