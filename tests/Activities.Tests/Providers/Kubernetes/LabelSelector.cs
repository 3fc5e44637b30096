using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rotunda.Providers.Clients.Kubernetes;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Kubernetes;

/// <summary>Label selectors as queries have them.</summary>
/// <remarks>https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering</remarks>
internal static partial class LabelSelector
{
    public static bool Matches(JsonObject item, string selector) =>
        selector.Length == 0 || Requirements().Split(selector).All(part => One(item, part));

    private static bool One(JsonObject item, string part)
    {
        string? Label(string name) => item.Text("metadata", "labels", name);
        var set = Set().Match(part);
        if (set.Success)
        {
            var value = Label(set.Groups["label"].Value);
            var isIn = value is not null && set.Groups["values"].Value.Split(',').Contains(value);
            return set.Groups["operator"].Value == "in" ? isIn : !isIn;
        }

        return part.Split('=') switch
        {
            [var name, var value] => Label(name) == value,
            [['!', .. var name]] => Label(name) is null,
            [var name] => Label(name) is not null,
            _ => throw new FakeVendorException($"The label selector '{part}' is none."),
        };
    }

    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Requirements();

    [GeneratedRegex(
        @"^(?<label>\S+) (?<operator>in|notin) \((?<values>.*)\)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Set();
}
