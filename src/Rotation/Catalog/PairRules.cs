using System.Text.Json.Nodes;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Catalog;

/// <summary>A name and its value that change together (an account and its password, a key's id and its secret) and are written apart: who
/// reads in between has the name of one with the value of the other.</summary>
public static class PairRules
{
    /// <summary>What a plan and the check say of a target that writes its keys one after the other; null where no pair is torn.</summary>
    public static string? Apart(ProviderDescriptor descriptor, JsonObject settings)
    {
        if (!descriptor.WritesSingly)
        {
            return null;
        }
        var keys = TemplateRules.TemplatesOf(descriptor, settings).Select(one => Holds(one.Text)).ToList();
        return keys.Exists(one => one is { Name: true, Value: false }) && keys.Exists(one => one is { Name: false, Value: true })
            ? $"{descriptor.Title} writes its keys one after the other: who reads in between has the name of one with the value of the "
                + "other. Where that matters, put both into one key ({username}:{value}, or a JSON text), and take it apart there."
            : null;
    }

    /// <summary>Warns of a pair that goes to one file, or one place of another kind, by two targets.</summary>
    internal static void Check(Policy policy, CatalogMap map, IReadOnlyDictionary<string, ProviderDescriptor> descriptors)
    {
        if (policy.Strategy is not (Strategy.Overlap or Strategy.Alternate or Strategy.Supplied) || policy.Targets.Count < 2)
        {
            // The name stays, or goes where the value goes.
            return;
        }
        foreach (var place in CatalogPlaces.Of([policy], descriptors).GroupBy(place => place.Where, StringComparer.Ordinal))
        {
            var targets = policy.Targets.Where(target => place.Any(one => one.Target == target.Name))
                .Select(target => (target.Name, Holds: HoldsOf(target, descriptors[target.Provider.Type]))).ToList();
            if (targets.Find(one => one.Holds is { Name: true, Value: false }) is { Name: not null } name
                && targets.Find(one => one.Holds is { Name: false, Value: true }) is { Name: not null } value)
            {
                map.Map("targets", known: null)?.Warn(
                    value.Name,
                    $"has the value, and {name.Name} the user name that belongs to it, in {place.First().Described}: they are written "
                        + "in two steps, and who reads in between has the name of one with the value of the other. Put both into "
                        + "one target, which "
                        + "writes them in one step.");
            }
        }
    }

    private static (bool Name, bool Value) HoldsOf(TargetBinding target, ProviderDescriptor descriptor) =>
        TemplateRules.TemplatesOf(descriptor, target.Provider.Settings).Select(one => Holds(one.Text))
            .Aggregate((Name: false, Value: false), (all, one) => (all.Name || one.Name, all.Value || one.Value));

    private static (bool Name, bool Value) Holds(string text)
    {
        try
        {
            var template = TemplateText.Parse(text);
            return (template.AllParts.Any(part => part.Name == "username"), template.HoldsValue);
        }
        catch (FormatException)
        {
            // Told elsewhere.
            return (false, false);
        }
    }
}
