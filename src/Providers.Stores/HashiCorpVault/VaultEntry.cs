using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Vault;

namespace Rotunda.Providers.Stores.HashiCorpVault;

internal enum VaultEntryKind
{
    /// <summary>Nothing was ever written there, or its history was removed whole.</summary>
    Absent,
    Present,
    /// <summary>Deleted softly: it can be undeleted.</summary>
    Deleted,
    Destroyed,
}

/// <summary>One version of a secret, or that there is none.</summary>
/// <param name="Version">The number that a check-and-set names; 0 where nothing was ever written.</param>
/// <param name="Data">Its keys; null unless present.</param>
/// <param name="DeletedAt">When it was, or will be, deleted; null for never.</param>
/// <param name="Custom">The secret's custom metadata.</param>
internal sealed record VaultEntry(VaultEntryKind Kind, int Version, JsonObject? Data, DateTimeOffset? DeletedAt, JsonObject? Custom)
{
    public static VaultEntry Absent { get; } = new(VaultEntryKind.Absent, 0, null, null, null);

    /// <summary>From the "data" of an answer; null if it is not of that form.</summary>
    public static VaultEntry? Of(JsonNode? answer)
    {
        if (answer?["data"] is not JsonObject body
            || body["metadata"] is not JsonObject metadata
            || metadata["version"] is not JsonValue number
            || !number.TryGetValue<int>(out var version))
        {
            return null;
        }

        var data = body["data"] as JsonObject;
        var destroyed = metadata["destroyed"] is JsonValue flag && flag.TryGetValue<bool>(out var gone) && gone;
        return new(
            destroyed ? VaultEntryKind.Destroyed : data is null ? VaultEntryKind.Deleted : VaultEntryKind.Present,
            version, data, TimeOf(metadata["deletion_time"]), metadata["custom_metadata"] as JsonObject);
    }

    public string? Text(string key) => TextOf(Data?[key]);

    public static string? TextOf(JsonNode? node) => VaultText.Of(node);

    public static DateTimeOffset? TimeOf(JsonNode? node) =>
        DateTimeOffset.TryParse(TextOf(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Its data may hold values.</summary>
    public override string ToString() => $"{Kind} {Version}";
}

/// <summary>What a write brought about.</summary>
/// <param name="DeletedAt">When Vault will delete it again, where it is set up so.</param>
internal sealed record VaultWritten(int Version, DateTimeOffset? DeletedAt);
