using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Activities.Checks;

/// <summary>
/// Looks at one binding before anything is touched: its references resolve, and its provider finds nothing in the way. The first
/// step of a rotation and the doctor look alike.
/// </summary>
public static class SetupCheck
{
    /// <param name="outside">Runs what reaches the system.</param>
    /// <returns>Done, or what is wrong and what to do.</returns>
    public static async Task<StepOutcome> RunAsync(
        IProvider provider,
        ProviderBinding binding,
        IReferenceResolver references,
        Func<Func<Task<StepOutcome>>, Task<StepOutcome>> outside,
        ProviderCall call,
        CancellationToken cancellationToken)
    {
        var unresolved = await UnresolvedAsync(ReferencesOf(provider.Descriptor, binding.Settings), references, cancellationToken);
        if (unresolved.Count > 0)
        {
            return StepOutcome.Rejected(string.Join(' ', unresolved));
        }

        return provider is IValidateSetup setup
            ? await outside(() => setup.ValidateAsync(call, cancellationToken))
            : StepOutcome.Done();
    }

    /// <summary>The references that a binding's settings hold.</summary>
    public static IEnumerable<string> ReferencesOf(ProviderDescriptor descriptor, JsonObject settings) =>
        descriptor.Settings.Where(setting => setting.IsSecret).SelectMany(setting => settings[setting.Name] switch
        {
            JsonObject map => map.Select(pair => (string?)pair.Value),
            JsonArray list => list.Select(item => (string?)item),
            JsonValue value => [(string?)value],
            _ => [],
        }).OfType<string>();

    /// <summary>What is wrong with those that lead nowhere, a sentence each.</summary>
    public static async Task<IReadOnlyList<string>> UnresolvedAsync(
        IEnumerable<string> all,
        IReferenceResolver references,
        CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var reference in all.Distinct(StringComparer.Ordinal))
        {
            try
            {
                (await references.ResolveAsync(reference, cancellationToken)).Dispose();
            }
            catch (ReferenceUnresolvedException problem)
            {
                problems.Add(problem.Message);
            }
        }

        return problems;
    }
}
