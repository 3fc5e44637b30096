using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Checks;

/// <summary>
/// Looks whether what the catalog tells as the value in use can be read, and whether its system takes it. A wrong one would be delivered
/// on the way back, and could not be ended at the end. Changes nothing; a system may count a value that it refuses as a failed login.
/// </summary>
public static class CurrentValueCheck
{
    /// <param name="call">Of the secret's provider.</param>
    /// <param name="tries">False: it is only read.</param>
    /// <returns>Done, with a warning where the system did not tell.</returns>
    /// <exception cref="ReferenceUnresolvedException">It leads nowhere.</exception>
    public static async Task<StepOutcome> RunAsync(
        ProviderRegistry providers,
        Policy policy,
        IReferenceResolver references,
        ProviderCall call,
        bool tries,
        CancellationToken cancellationToken)
    {
        var (id, reference) = policy.Current!;
        using var value = await references.ResolveAsync(reference!, cancellationToken);
        if (value.Length == 0)
        {
            return StepOutcome.Rejected($"{reference} ('current: value') is empty. Write the value in use there, or correct it.");
        }

        if (!tries || providers.Ability<IVerifyCredentials>(policy.Provider) is not { } verifier)
        {
            return StepOutcome.Done();
        }

        var account = AccountOf(policy, providers.DescriptorOf(policy.Provider), call.Settings);
        var tried = await verifier.VerifyAsync(call, new(id ?? account, account, null), value, cancellationToken);
        return tried switch
        {
            { Validity: Validity.Valid } => StepOutcome.Done(),
            { Validity: Validity.Invalid } => StepOutcome.Rejected(
                $"What {reference} ('current: value') holds is not usable now: {Sentence(tried.Detail ?? "its system refuses it")} Correct "
                    + "the reference, or write the value there that consumers use."),
            _ => StepOutcome.Done(("warning", $"Whether what {reference} ('current: value') holds works could not be tried: "
                + Sentence(tried.Detail ?? "its system does not tell"))),
        };
    }

    /// <summary>The only one there is, or the one of two that <c>current:</c> names.</summary>
    private static string? AccountOf(Policy policy, ProviderDescriptor? descriptor, ProviderSettings settings) =>
        descriptor?.AccountsSetting is { } accounts && policy.Current?.Id is { } id
        && settings.TextList(accounts).Contains(id, StringComparer.Ordinal) ? id
        : descriptor?.AccountSetting is { } account ? settings.Text(account) : null;

    private static string Sentence(string text) => text.EndsWith('.') ? text : $"{text}.";
}
