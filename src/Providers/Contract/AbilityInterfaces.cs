using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Contract;

/// <summary>Which interface stands for which ability. An ability without one needs no call (generated values).</summary>
public static class AbilityInterfaces
{
    public static IReadOnlyDictionary<Abilities, Type> All { get; } = new Dictionary<Abilities, Type>
    {
        [Abilities.IssueCredentials] = typeof(IIssueCredentials),
        [Abilities.ApplyValues] = typeof(IApplyValues),
        [Abilities.VerifyCredentials] = typeof(IVerifyCredentials),
        [Abilities.RevokeCredentials] = typeof(IRevokeCredentials),
        [Abilities.RevokeByValue] = typeof(IRevokeByValue),
        [Abilities.DisableCredentials] = typeof(IDisableCredentials),
        [Abilities.ListCredentials] = typeof(IListCredentials),
        [Abilities.ReportUse] = typeof(IReportUse),
        [Abilities.DeliverValues] = typeof(IDeliverValues),
        [Abilities.ConfirmSync] = typeof(IConfirmSync),
        [Abilities.RestartConsumers] = typeof(IRestartConsumers),
        [Abilities.CheckConsumers] = typeof(ICheckConsumers),
        [Abilities.ReencryptData] = typeof(IReencryptData),
        [Abilities.ScaleConsumers] = typeof(IScaleConsumers),
        [Abilities.StoreSecrets] = typeof(IOpenStore),
        [Abilities.SendNotices] = typeof(ISendNotices),
        [Abilities.LeaseCredentials] = typeof(ILeaseCredentials),
    };

    /// <summary>True if the abilities include the one that the interface stands for.</summary>
    public static bool Has<T>(Abilities abilities) => All.Any(pair => pair.Value == typeof(T) && abilities.HasFlag(pair.Key));

    /// <summary>The provider as an ability; null if its descriptor does not say that it has it.</summary>
    public static T? As<T>(IProvider provider)
        where T : class => Has<T>(provider.Descriptor.Abilities) ? provider as T : null;

    /// <summary>The abilities whose interfaces the provider implements.</summary>
    public static Abilities Of(IProvider provider) =>
        All.Where(pair => pair.Value.IsInstanceOfType(provider)).Aggregate(Abilities.None, (sum, pair) => sum | pair.Key);
}
