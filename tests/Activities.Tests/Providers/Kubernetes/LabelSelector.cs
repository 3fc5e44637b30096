using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Activities.Providers.Kubernetes;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Label selectors as queries have them.</summary>
/// <remarks>https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering</remarks>
internal static partial class LabelSelector
{
    public static bool Matches(JsonObject item, string selector) => selector.Length == 0 || Requirements().Split(selector).All(part => One(item, part));

    private static bool One(JsonObject item, string part)
    {
        string? Label(string name) => item.Text("metadata", "labels", name);
        var set = Set().Match(part);
        if (set.Success)
        {
            var value = Label(set.Groups[1].Value);
            var isIn = value is not null && set.Groups[3].Value.Split(',').Contains(value);
            return set.Groups[2].Value == "in" ? isIn : !isIn;
        }

        return part.Split('=') switch
        {
            [var name, var value] => Label(name) == value,
            [['!', .. var name]] => Label(name) is null,
            [var name] => Label(name) is not null,
            _ => throw new FakeVendorException($"The label selector '{part}' is none."),
        };
    }

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Requirements();

    [GeneratedRegex(@"^(\S+) (in|notin) \((.*)\)$")]
    private static partial Regex Set();
}
