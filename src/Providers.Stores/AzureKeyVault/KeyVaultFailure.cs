using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;

namespace Rotunda.Providers.Stores.AzureKeyVault;

/// <summary>A vault's refusal. Of its text only the codes are taken: the rest may repeat what was sent.</summary>
internal sealed record KeyVaultFailure(int Status, string? Code, string? InnerCode, TimeSpan? RetryAfter)
{
    public bool IsNotFound => Status == 404 && Code == "SecretNotFound";

    /// <summary>The identity lacks the right, or the vault is protected from it; not: the vault is out of reach.</summary>
    public bool IsNotAllowed => Status == 403 && Code == "Forbidden" && InnerCode is not ("ForbiddenByFirewall" or "ForbiddenByConnection");

    /// <summary>Deleted already, or just now: what is left to do is the vault's.</summary>
    public bool IsDeletedOrAboutTo => Status == 409 && InnerCode is "ObjectIsDeletedButRecoverable" or "ObjectIsBeingDeleted";

    public bool IsDisabled => Status == 403 && InnerCode == "SecretDisabled";

    public static KeyVaultFailure Of(RequestFailedException exception, DateTimeOffset now)
    {
        var error = ErrorOf(exception.GetRawResponse());
        var inner = error?.FirstOrDefault(pair => pair.Key.Equals("innererror", StringComparison.OrdinalIgnoreCase)).Value as JsonObject;
        return new(exception.Status, CodeOf(error), CodeOf(inner), WaitOf(exception.GetRawResponse(), now));
    }

    public string Explained() =>
        string.Join("/", new[] { Code, InnerCode }.OfType<string>()) is { Length: > 0 } codes
            ? $"HTTP {Status} ({codes})"
            : $"HTTP {Status}";

    public string Hint(string vault, string name) => (Status, InnerCode) switch
    {
        (401, _) => "The token was refused: check 'tenant', and that the identity is of the vault's tenant.",
        (403, "ForbiddenByFirewall" or "ForbiddenByConnection") => "The vault's firewall does not let this machine in: allow its address "
            + "or its network there.",
        (403, _) => "The identity may not do this: see the permissions in the provider's page. A new role takes some minutes to count.",
        (404, _) => "Check that this is the address of a vault.",
        (409, "ObjectIsDeletedButRecoverable") =>
            $"The secret was deleted, and its name is taken until it is recovered (az keyvault secret recover --vault-name {vault} "
                + $"--name {name}) or purged. Or choose another name.",
        (409, "ObjectIsBeingDeleted") => "The secret is being deleted: recover it or choose another name, or wait until it is purged.",
        (409, "ObjectIsBeingRecovered") => "The secret is being recovered just now: wait for that.",
        (413, _) => "The value is too large: keep it in another store.",
        (429, _) => "The vault is throttling: wait, or give Rotunda a vault of its own.",
        _ => "See the vault's log for why.",
    };

    private static JsonObject? ErrorOf(Response? response)
    {
        try
        {
            return response is null ? null : (JsonNode.Parse(response.Content.ToMemory().Span) as JsonObject)?["error"] as JsonObject;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // No JSON, or the answer's body was not read.
            return null;
        }
    }

    /// <summary>A word of letters and digits: never a text.</summary>
    private static string? CodeOf(JsonObject? error) =>
        error?["code"] is JsonValue value
            && value.TryGetValue<string>(out var code)
            && code.Length is > 0 and <= 60
            && code.All(char.IsAsciiLetterOrDigit) ? code : null;

    private static TimeSpan? WaitOf(Response? response, DateTimeOffset now)
    {
        if (response?.Headers.TryGetValue("Retry-After", out var text) != true)
        {
            return null;
        }

        var wait = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
                ? date - now
                : TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : null;
    }
}
