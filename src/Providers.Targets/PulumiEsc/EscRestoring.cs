using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PulumiEsc;

/// <summary>How an environment's definition gets back what stood in it, and how an opened one is read.</summary>
internal static class EscRestoring
{
    /// <summary>The standing definition with what stood at the paths before; everything else in it stays.</summary>
    /// <param name="isOursAlone">What stands is the one revision that was made since, and it is ours: nobody else has written.</param>
    /// <exception cref="EscDocumentException">It cannot be changed safely.</exception>
    public static EscDocument Restored(EscDocument standing, EscDocument before, IReadOnlyList<ValuePath> paths, bool isOursAlone)
    {
        if (paths.All(path => Same(standing.At(path), before.At(path))))
        {
            return standing;
        }

        return isOursAlone ? before : paths.Aggregate(standing, (edited, path) => PutBack(edited, before, path));
    }

    /// <summary>The value at a path of an opened environment; null if there is none that is a text. The caller disposes it.</summary>
    public static SecretValue? Value(JsonObject properties, ValuePath path)
    {
        JsonNode? node = properties;
        foreach (var (name, isIndex) in path.Parts)
        {
            node = (node, isIndex) switch
            {
                (JsonObject map, false) => map[name]?["value"],
                (JsonArray list, true) when int.Parse(name, CultureInfo.InvariantCulture) is var index && index < list.Count =>
                    list[index]?["value"],
                _ => null,
            };
        }

        return node is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? SecretValue.FromText(value.GetValue<string>())
            : null;
    }

    private static EscDocument PutBack(EscDocument edited, EscDocument before, ValuePath path)
    {
        if (before.At(path) is not { } node)
        {
            return edited.Without(path, before.DepthOf(path));
        }

        // As it was written, where that fits; else on one line.
        return Same(edited.At(path), node)
            ? edited
            : Tried(() => edited.WithNode(path, before, node, isVerbatim: true), path, node)
                ?? edited.WithNode(path, before, node, isVerbatim: false);
    }

    private static EscDocument? Tried(Func<EscDocument> change, ValuePath path, EscNode wanted)
    {
        try
        {
            return change() is var changed && Same(changed.At(path), wanted) ? changed : null;
        }
        catch (EscDocumentException)
        {
            return null;
        }
    }

    public static bool Same(EscNode? one, EscNode? other) =>
        one is null || other is null ? one is null && other is null : one.Leaves().SequenceEqual(other.Leaves());
}
