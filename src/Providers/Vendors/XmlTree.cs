using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Rotunda.Providers.Vendors;

/// <summary>
/// Answers in XML, as AWS has them, read as if they were JSON: elements are members; an element of "member" elements alone is a list.
/// </summary>
internal static class XmlTree
{
    private const string ListItem = "member";

    /// <summary>What the outermost element holds; null if it is no XML, or a page for people, as proxies send.</summary>
    public static JsonNode? Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var stream = new MemoryStream(body.ToArray());
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            var root = XDocument.Load(reader).Root!;
            return root.Name.LocalName.Equals("html", StringComparison.OrdinalIgnoreCase) ? null : Of(root);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static JsonNode Of(XElement element)
    {
        var inner = element.Elements().ToList();
        return inner.Count == 0 ? JsonValue.Create(element.Value)
            : inner.TrueForAll(part => part.Name.LocalName == ListItem) ? new JsonArray([.. inner.Select(Of)])
            : new JsonObject(inner.DistinctBy(part => part.Name.LocalName)
                .Select(part => KeyValuePair.Create(part.Name.LocalName, (JsonNode?)Of(part))));
    }
}
