using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rotunda.Rotation.Words;

/// <summary>What a provider can do. The planner reads these; it never asks for a provider by name.</summary>
[Flags]
public enum Abilities
{
    None = 0,
    /// <summary>The value is made here by a rule, and no system has to be told (signing keys).</summary>
    GenerateValues = 1 << 0,
    /// <summary>The provider mints credentials itself; several may live at once.</summary>
    IssueCredentials = 1 << 1,
    /// <summary>The provider takes a value that we choose, for an account.</summary>
    ApplyValues = 1 << 2,
    VerifyCredentials = 1 << 3,
    RevokeCredentials = 1 << 4,
    ListCredentials = 1 << 5,
    ReportUse = 1 << 6,
    /// <summary>A target: values are delivered to it.</summary>
    DeliverValues = 1 << 7,
    ConfirmSync = 1 << 8,
    RestartConsumers = 1 << 9,
    CheckConsumers = 1 << 10,
    StoreSecrets = 1 << 11,
    /// <summary>Holds data under a key, and can move it from one key to another.</summary>
    ReencryptData = 1 << 12,
    /// <summary>A consumer that can be stopped as a whole and started again as large as it was.</summary>
    ScaleConsumers = 1 << 13,
    /// <summary>Can make a credential stop working in a way that can be taken back.</summary>
    DisableCredentials = 1 << 14,
    /// <summary>A person makes its credentials, and gives their values.</summary>
    TakeSupplied = 1 << 15,
    /// <summary>Ends a credential that is shown to it: needs the value, and no id.</summary>
    RevokeByValue = 1 << 16,
    /// <summary>A channel: tells people something.</summary>
    SendNotices = 1 << 17,
    /// <summary>What it issues are leases: they end by themselves unless they are renewed, and at the latest at their maximum.</summary>
    LeaseCredentials = 1 << 18,
}

public enum SettingType
{
    Text,
    Integer,
    Boolean,
    /// <summary>30s, 15m, 2h, 7d, or combined: 1d12h.</summary>
    Duration,
    /// <summary>An absolute http or https address.</summary>
    Url,
    /// <summary>A path; relative ones are relative to the catalog's folder.</summary>
    Path,
    TextList,
    /// <summary>Names to texts.</summary>
    TextMap,
    /// <summary>One of <see cref="SettingDescriptor.Choices"/>.</summary>
    Choice,
    /// <summary>A list of maps, each with the settings in <see cref="SettingDescriptor.Fields"/>.</summary>
    MapList,
    /// <summary>One map with the settings in <see cref="SettingDescriptor.Fields"/>.</summary>
    Map,
}

/// <summary>One setting of a provider: the source of the validator, the JSON schema and the docs.</summary>
/// <param name="IsSecret">Takes a reference (env:NAME, file:PATH, file:PATH#KEY, store:NAME, key-vault:NAME); a literal is refused.</param>
/// <param name="Choices">With Choice, and with TextList for its entries: all that may stand there.</param>
/// <param name="Default">What holds when it is left out, as it would be written in the catalog; null for none.</param>
public sealed record SettingDescriptor(
    string Name,
    SettingType Type,
    string Description,
    bool Required = false,
    bool IsSecret = false,
    string? Default = null,
    IReadOnlyList<string>? Choices = null)
{
    /// <summary>With <see cref="SettingType.MapList"/> and <see cref="SettingType.Map"/>: what each map holds. None of them is a secret or a list of maps.</summary>
    public IReadOnlyList<SettingDescriptor> Fields { get; init; } = [];

    /// <summary>Where it holds a template, or templates by name: how what they give is written; null for other settings.</summary>
    public TemplateForm? Template { get; init; }

    /// <summary>With <see cref="SettingType.Integer"/>: the least and the most that may stand there; null for any.</summary>
    public (int Least, int Most)? Range { get; init; }

    /// <summary>A setting that is a TCP port.</summary>
    public static SettingDescriptor ForPort(string name, string description, string? usual = null) =>
        new(name, SettingType.Integer, description, Default: usual) { Range = (1, 65535) };
}

/// <summary>A setting with a value; null for any value.</summary>
public sealed record SettingValue(string Name, string? Value);

/// <summary>An ability that a binding has only where a setting is there.</summary>
/// <param name="Setting">Its name; of a map's field "map.field".</param>
public sealed record SettingAbility(string Setting, Abilities Ability);

/// <summary>What a setting brings with it when it has this value: every plan says so.</summary>
/// <param name="Value">Null: when it is left out. <see cref="Any"/>: when it is there, whatever it says.</param>
/// <param name="Text">Whole sentences.</param>
public sealed record SettingCost(string Setting, string? Value, string Text)
{
    /// <summary>Stands for each value.</summary>
    public const string Any = "*";

    /// <summary>What holds with any settings.</summary>
    public static SettingCost Always(string text) => new("", null, text);
}

/// <summary>
/// What the rest of Rotunda knows of a provider, as data: the single source of the registry, the settings schema and the docs.
/// </summary>
/// <param name="Id">As in the catalog's <c>type:</c>.</param>
/// <param name="Docs">The vendor's pages that the code rests on.</param>
/// <param name="Strategies">The strategies it can be rotated with, the default first. Empty for targets, consumers and stores.</param>
/// <param name="AccountsSetting">For <see cref="Strategy.Alternate"/>: the name of the TextList setting with the two accounts.</param>
/// <param name="AccountSetting">For <see cref="Strategy.InPlace"/>: the name of the setting with the one account.</param>
/// <param name="Limits">What an operator should know (limits, quirks), a sentence each.</param>
/// <param name="Permissions">The least that Rotunda's own credentials need there, a line each; empty where nothing is needed.</param>
/// <param name="Arrival">Targets: how it is confirmed that a value is where consumers read it.</param>
/// <param name="RollBack">Targets and providers: what the way back does, and what it cannot do.</param>
/// <param name="Example">A whole catalog that uses it, in YAML; it must validate.</param>
/// <param name="IsWriteOnly">Targets: what stands there cannot be read, so the way back delivers the value in use from the store again.</param>
/// <param name="IsEventual">Targets: what is delivered arrives later, so a way back waits for its arrival too before it goes on.</param>
/// <param name="FollowsWhen">Targets: the setting by which nothing is delivered there, as the value gets there by way of another target; its arrival is waited for, also on the way back.</param>
/// <param name="Confirmations">Targets: how many confirmations in a row arrival takes; more than 1 where answers come from replicas.</param>
/// <param name="OperationsSetting">Where a binding says itself what it can do: the name of the TextList setting with its <see cref="Operations"/>.</param>
public sealed record ProviderDescriptor(
    string Id,
    string Title,
    string Summary,
    Abilities Abilities,
    IReadOnlyList<SettingDescriptor> Settings,
    IReadOnlyList<string> Docs,
    IReadOnlyList<Strategy> Strategies,
    string? AccountsSetting = null,
    string? AccountSetting = null,
    IReadOnlyList<string>? Limits = null,
    IReadOnlyList<string>? Permissions = null,
    string? Arrival = null,
    string? RollBack = null,
    string? Example = null,
    bool IsWriteOnly = false,
    bool IsEventual = false,
    int Confirmations = 1,
    SettingValue? FollowsWhen = null,
    string? OperationsSetting = null)
{
    /// <summary>Channels: the name of the TextList setting with the addresses of those who get it, where a message can go to one of
    /// them alone; null where it cannot.</summary>
    public string? RecipientsSetting { get; init; }

    /// <summary>How a value is made where the policy does not say; null for the catalog's own default.</summary>
    public ValueRule? DefaultValue { get; init; }

    /// <summary>Targets: the strategies whose secrets may be delivered there; empty for any. For targets that let in only what stands
    /// there, so that with another strategy the credential in use would be shut out at once.</summary>
    public IReadOnlyList<Strategy> TakesOnly { get; init; } = [];

    /// <summary>Targets: its keys are written one after the other, so a reader may see some of the old and some of the new.</summary>
    public bool WritesSingly { get; init; }

    /// <summary>Issuers: what may stand as a credential's label.</summary>
    public LabelRule Labels { get; init; } = new();

    /// <summary>With <see cref="Abilities.TakeSupplied"/>: what a person is asked for, where the catalog does not say.</summary>
    public SuppliedCredential? Supplied { get; init; }

    /// <summary>Issuers that list: how long it may take until the list has what was made. Until then, a look that finds nothing tells
    /// nothing.</summary>
    public TimeSpan ListsAfter { get; init; }

    /// <summary>Issuers: how long it may take until a new credential works everywhere. Until then, that it is refused tells nothing.</summary>
    public TimeSpan WorksAfter { get; init; }

    /// <summary>Issuers: how many times in a row a new credential must work; more than 1 where answers come from replicas.</summary>
    public int Verifications { get; init; } = 1;

    /// <summary>Issuers: issuing once more takes the place of what an attempt without an answer made (there is one place, or the idle one
    /// of two), so nothing of it is left.</summary>
    public bool RepeatsIssue { get; init; }

    /// <summary>Appliers: applying the same value once more is harmless, and only a whole Apply is Done (a save on every node, a majority):
    /// a login with the value does not show that.</summary>
    public bool RepeatsApply { get; init; }

    /// <summary>Appliers with <see cref="Strategy.Overlap"/>: an account has two values at most, so a third one ends one of them.</summary>
    public bool HoldsTwo { get; init; }

    /// <summary>Appliers: the settings that say in which system an account is. Where two secrets have the same ones, and the same account,
    /// it is one account. Empty: not looked at.</summary>
    public IReadOnlyList<string> SystemSettings { get; init; } = [];

    /// <summary>Issuers: the credential in use ends by itself once a new one is issued, whatever becomes of the rotation; null where it
    /// lives on.</summary>
    public OldEnds? OldEnds { get; init; }

    /// <summary>Issuers: what a new credential has from the old one where the settings do not say, for people: "scopes", "the spending
    /// limit". Empty if nothing.</summary>
    public IReadOnlyList<string> Carries { get; init; } = [];

    /// <summary>What a person should know before a plan runs with such a setting.</summary>
    public IReadOnlyList<SettingCost> Costs { get; init; } = [];

    /// <summary>What a binding can do only where its settings say how.</summary>
    public IReadOnlyList<SettingAbility> NeedsSetting { get; init; } = [];

    /// <summary>Consumers: how long they may take to be well with a new value where the catalog does not say; null: as often as a step is tried.</summary>
    public TimeSpan? CheckTimeout { get; init; }

    /// <summary>What can never work in settings that are of their types each: told when the catalog is read, at the setting. Looks at the
    /// settings alone, never at files or systems; null where there is nothing to say.</summary>
    public Func<JsonObject, IEnumerable<SettingProblem>>? Check { get; init; }

    /// <summary>Targets with a template for each key: one spelling of a key under these settings, where several mean the same place.
    /// Null where each key is a place of its own.</summary>
    public Func<JsonObject, string, string>? PlaceOf { get; init; }

    /// <summary>
    /// What one binding of it can do: the same, or with <see cref="OperationsSetting"/> and <see cref="NeedsSetting"/> only what its
    /// settings name. Whoever
    /// asks whether a binding can do something asks this one.
    /// </summary>
    public ProviderDescriptor For(JsonObject settings)
    {
        if (NeedsSetting.Count > 0)
        {
            return this with
            {
                Abilities = NeedsSetting.Where(need => !IsSet(settings, need.Setting))
                    .Aggregate(Abilities, (left, need) => left & ~need.Ability),
            };
        }

        if (OperationsSetting is null || settings[OperationsSetting] is not JsonArray named)
        {
            return this;
        }

        var operations = named.Select(name => (string?)name ?? "").ToHashSet(StringComparer.Ordinal);
        var abilities = Abilities & Operations.Of(operations);
        return this with
        {
            Abilities = abilities,
            Strategies = [.. Strategies.Where(strategy => Operations.Suffice(abilities, strategy))],
            IsWriteOnly = IsWriteOnly || !operations.Contains(Operations.Capture),
        };
    }

    private static bool IsSet(JsonObject settings, string name)
    {
        JsonNode? node = settings;
        foreach (var part in name.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node is not null;
    }

    [JsonIgnore]
    public bool CanBeTarget => Abilities.HasFlag(Abilities.DeliverValues);

    [JsonIgnore]
    public bool CanBeConsumer => (Abilities & (Abilities.RestartConsumers | Abilities.CheckConsumers | Abilities.ScaleConsumers)) != Abilities.None;

    [JsonIgnore]
    public bool CanBeChannel => Abilities.HasFlag(Abilities.SendNotices);

    [JsonIgnore]
    public bool CanBeStore => Abilities.HasFlag(Abilities.StoreSecrets);

    [JsonIgnore]
    public bool CanBeProvider => (Abilities & (Abilities.GenerateValues | Abilities.IssueCredentials | Abilities.ApplyValues | Abilities.TakeSupplied)) != Abilities.None;
}
