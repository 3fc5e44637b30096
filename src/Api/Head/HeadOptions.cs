using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.CatalogFiles;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Head;

/// <summary>The app settings of the Functions head, read and checked.</summary>
/// <param name="Catalog">A path or an https address of a blob.</param>
/// <param name="Ledger">The ledger on PostgreSQL; null with <paramref name="DataDirectory"/>.</param>
/// <param name="DataDirectory">For one machine: the ledger and the embedded store in files. Null where the ledger is on PostgreSQL.</param>
/// <param name="Vault">The head's own vault; null if it has none.</param>
/// <param name="VaultExpires">How long after its promotion a value there is marked as expired; null for never.</param>
/// <param name="KeepEnded">How long the task hub keeps what has ended.</param>
/// <param name="TaskHub">The task hub's name; null where the host chooses it.</param>
/// <param name="MachineRole">Of callers with a function key.</param>
/// <param name="PlatformAuthentication">App Service Authentication checks callers.</param>
/// <param name="ApplicationInsights">Telemetry has somewhere to go.</param>
public sealed record HeadOptions(
    string Catalog,
    string? Ledger,
    string? DataDirectory,
    Uri? Vault,
    TimeSpan? VaultExpires,
    TimeSpan KeepEnded,
    string? TaskHub,
    Role MachineRole,
    bool PlatformAuthentication,
    bool ApplicationInsights)
{
    /// <summary>Set by the platform on every instance.</summary>
    private const string Instance = "WEBSITE_INSTANCE_ID";

    /// <summary>A vault tells of an expiry 30 days before it: a shorter life would begin with that.</summary>
    private static readonly TimeSpan ShortestExpiry = TimeSpan.FromDays(31);

    /// <param name="setting">Gives a setting by its name in <see cref="HeadSettings"/>: the environment, in a running head.</param>
    /// <exception cref="HeadSettingsException">Something is missing or wrong; the message lists all of it.</exception>
    public static HeadOptions Read(Func<string, string?> setting)
    {
        var problems = new List<string>();
        string? Text(string name) => setting(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
        var catalog = Text(HeadSettings.Catalog);
        var (ledger, data) = (Text(HeadSettings.Ledger), Text(HeadSettings.DataDirectory));
        CheckCatalog(catalog, problems);
        CheckLedger(ledger, data, isInstance: Text(Instance) is not null, problems);
        var options = new HeadOptions(
            catalog ?? "", ledger, data,
            VaultOf(Text(HeadSettings.KeyVaultUri), problems),
            DurationOf(HeadSettings.KeyVaultExpires, Text(HeadSettings.KeyVaultExpires), ShortestExpiry, "400d", problems),
            DurationOf(HeadSettings.KeepEnded, Text(HeadSettings.KeepEnded), HubCleaningOptions.Shortest, "90d", problems)
                ?? HubCleaningOptions.KeepByDefault,
            Text(HeadSettings.TaskHub),
            RoleOf(Text(HeadSettings.MachineRole), problems),
            string.Equals(Text(HeadSettings.PlatformAuthentication), "true", StringComparison.OrdinalIgnoreCase),
            Text(HeadSettings.ApplicationInsights) is not null);
        return problems.Count == 0 ? options : throw new HeadSettingsException(problems);
    }

    private static void CheckCatalog(string? catalog, List<string> problems)
    {
        if (catalog is null)
        {
            problems.Add($"{HeadSettings.Catalog} is not set. Give the catalog's path, or the https address of a blob.");
        }
        else if (BlobCatalogText.IsBlob(catalog))
        {
            if (!Uri.TryCreate(catalog, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps)
            {
                problems.Add($"{HeadSettings.Catalog} is not an https address.");
            }
            else if (address.Query.Length > 0 || address.UserInfo.Length > 0)
            {
                problems.Add(
                    $"{HeadSettings.Catalog} has a query or a user in its address. A signature there would be a secret; give the plain "
                        + "address, and the head's identity the role Storage Blob Data Reader.");
            }
        }
    }

    private static void CheckLedger(string? ledger, string? data, bool isInstance, List<string> problems)
    {
        if (ledger is null == data is null)
        {
            problems.Add($"Set {HeadSettings.Ledger} (PostgreSQL), or {HeadSettings.DataDirectory} to run on one machine, and not both.");
        }
        else if (data is not null && isInstance)
        {
            problems.Add(
                $"{HeadSettings.DataDirectory} is for one machine. In Azure the disk of an instance does not last, and the ledger must: "
                    + $"set {HeadSettings.Ledger}.");
        }
    }

    private static Uri? VaultOf(string? text, List<string> problems)
    {
        if (text is null || (Uri.TryCreate(text, UriKind.Absolute, out var vault) && vault.Scheme == Uri.UriSchemeHttps))
        {
            return text is null ? null : new Uri(text);
        }

        problems.Add($"{HeadSettings.KeyVaultUri} is not an https address, such as https://NAME.vault.azure.net/.");
        return null;
    }

    private static TimeSpan? DurationOf(string name, string? text, TimeSpan shortest, string example, List<string> problems)
    {
        if (text is null)
        {
            return null;
        }

        if (DurationText.TryParse(text, out var duration) && duration >= shortest)
        {
            return duration;
        }

        problems.Add($"{name} is no duration of at least {shortest.TotalDays:0}d. Give one such as {example}.");
        return null;
    }

    private static Role RoleOf(string? word, List<string> problems)
    {
        if (word is null)
        {
            return Role.Operator;
        }

        foreach (var role in Enum.GetValues<Role>())
        {
            if (string.Equals(role.ToString(), word, StringComparison.OrdinalIgnoreCase))
            {
                return role;
            }
        }

        problems.Add($"{HeadSettings.MachineRole} is no role. Use viewer, operator, approver or admin.");
        return default;
    }
}

/// <summary>The head cannot start with its settings; the message lists what is wrong and what to do.</summary>
public sealed class HeadSettingsException(IReadOnlyList<string> problems)
    : Exception($"The head cannot start:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
