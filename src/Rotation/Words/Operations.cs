namespace Rotunda.Rotation.Words;

/// <summary>What a binding of <see cref="ProviderDescriptor.OperationsSetting"/> may say that it can do, by the names of the
/// catalog.</summary>
public static class Operations
{
    public const string Validate = "validate";
    public const string Issue = "issue";
    public const string Apply = "apply";
    public const string Verify = "verify";
    public const string Revoke = "revoke";
    public const string List = "list";
    public const string ReportUse = "report-use";

    /// <summary>A trial cut-off before the revoke, and its way back.</summary>
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string Deliver = "deliver";
    public const string Confirm = "confirm";

    /// <summary>Tells what stands at the target, and takes it back. Without it the way back delivers the value in use again.</summary>
    public const string Capture = "capture";
    public const string Restore = "restore";
    public const string Restart = "restart";
    public const string Check = "check";

    private static readonly Dictionary<string, Abilities> ByName = new(StringComparer.Ordinal)
    {
        [Validate] = Abilities.None,
        [Issue] = Abilities.IssueCredentials,
        [Apply] = Abilities.ApplyValues,
        [Verify] = Abilities.VerifyCredentials,
        [Revoke] = Abilities.RevokeCredentials,
        [List] = Abilities.ListCredentials,
        [ReportUse] = Abilities.ReportUse,
        [Disable] = Abilities.DisableCredentials,
        [Enable] = Abilities.None,
        [Deliver] = Abilities.DeliverValues,
        [Confirm] = Abilities.ConfirmSync,
        [Capture] = Abilities.None,
        [Restore] = Abilities.None,
        [Restart] = Abilities.RestartConsumers,
        [Check] = Abilities.CheckConsumers,
    };

    /// <summary>All names, in the order in which a rotation comes to them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    public static Abilities Of(IEnumerable<string> operations) =>
        operations.Aggregate(Abilities.None, (sum, name) => sum | ByName.GetValueOrDefault(name));

    /// <summary>True if the abilities are enough to make a new value the strategy's way.</summary>
    public static bool Suffice(Abilities abilities, Strategy strategy) => strategy switch
    {
        Strategy.Overlap => (abilities & (Abilities.IssueCredentials | Abilities.GenerateValues)) != Abilities.None,
        Strategy.Alternate => abilities.HasFlag(Abilities.ApplyValues),
        Strategy.DualKey => abilities.HasFlag(Abilities.GenerateValues),
        Strategy.Leased => abilities.HasFlag(Abilities.IssueCredentials | Abilities.LeaseCredentials),
        Strategy.Supplied => abilities.HasFlag(Abilities.TakeSupplied),
        _ => (abilities & (Abilities.ApplyValues | Abilities.GenerateValues)) != Abilities.None,
    };
}
