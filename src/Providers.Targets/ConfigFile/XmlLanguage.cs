using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Targets.ConfigFile;

/// <summary>XML: a path is an XPath to one attribute or to one element with nothing but text in it.</summary>
internal sealed class XmlLanguage : ConfigLanguage
{
    private const char Data = 'C';
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public override string Name => "xml";

    public override ValuePath PathOf(string path)
    {
        try
        {
            if (XPathExpression.Compile(path).ReturnType == XPathResultType.NodeSet)
            {
                return new ValuePath(path, [(path, false)]);
            }
        }
        catch (XPathException)
        {
            throw NoPath(path);
        }

        throw new DeliveryException($"'{path}' leads to something that is neither an attribute nor an element. Correct the path.");
    }

    public override string? Near(string text, string path) => null;

    public override ConfigNode? Find(string text, string path)
    {
        var found = Select(Load(text), path);
        return found.Count switch
        {
            0 => null,
            1 when found[0] is XAttribute attribute => OfAttribute(text, attribute),
            1 when found[0] is XElement element => OfElement(text, element),
            1 => throw new DeliveryException($"'{path}' leads to something that is neither an attribute nor an element. Correct the path."),
            _ => throw new DeliveryException($"'{path}' leads to {found.Count} places. Say which one, for example by [@name='x']."),
        };
    }

    public override string Write(string text, ConfigNode node, string path, string value)
    {
        if (!IsXml(value))
        {
            throw new DeliveryException(
                $"The value for {path} has characters that XML cannot have. Write {{value:base64}} in the template.");
        }

        if (node.Style is '"' or '\'')
        {
            return $"{node.Style}{Escaped(value, isAttribute: true)}{node.Style}";
        }

        // From the end of the tag to the end of the closing one, so that an element without contents can get some, and lose it again.
        var raw = text[node.Start..node.End];
        var written = node.Style == Data && !value.Contains("]]>", StringComparison.Ordinal)
            && !value.Contains('\r', StringComparison.Ordinal)
            ? $"<![CDATA[{value}]]>"
            : Escaped(value, isAttribute: false);
        return $">{written}{(raw == "/>" ? $"</{NameBefore(text, node.Start)}>" : raw[raw.LastIndexOf("</", StringComparison.Ordinal)..])}";
    }

    public override string Add(string text, string path, string value) => throw new DeliveryException(
        $"{File} has no {path}, and a path of XML does not say what to make. Put it there by hand, empty: addMissing is not for XML.");

    public override string Remove(string text, string path, int kept) => throw new DeliveryException(
        $"{path} was not there when the rotation began, and stands there now. Remove it by hand.");

    public override int DepthOf(string text, string path) => 0;

    protected override ConfigNode Parse(string text) => throw new NotSupportedException();

    protected override string Insert(
        string text, IReadOnlyList<ConfigNode> parents, IReadOnlyList<string> rest, string path, string value) =>
        throw new NotSupportedException();

    protected override string Cut(string text, ConfigNode map, int index) => throw new NotSupportedException();

    private XDocument Load(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            var document = XDocument.Load(reader, LoadOptions.PreserveWhitespace | LoadOptions.SetLineInfo);
            return document.Declaration?.Encoding is { Length: > 0 } encoding
                && !encoding.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                && !encoding.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
                    ? throw Broken(1, $"It says that it is in {encoding}. Save it as UTF-8.")
                    : document;
        }
        catch (XmlException problem)
        {
            throw Broken(problem.LineNumber, "Correct it, or 'format'. A document type (DOCTYPE) is not read.");
        }
    }

    private static DeliveryException NoPath(string path) =>
        new($"'{path}' is no XPath. Write, for example, /configuration/appSettings/add[@key='Db']/@value.");

    private static List<object> Select(XDocument document, string path)
    {
        try
        {
            var names = new XmlNamespaceManager(new NameTable());
            foreach (var (prefix, name) in document.Root!.CreateNavigator().GetNamespacesInScope(XmlNamespaceScope.ExcludeXml))
            {
                names.AddNamespace(prefix, name);
            }

            return document.XPathEvaluate(path, names) is IEnumerable<object> found ? [.. found] : [""];
        }
        catch (XPathException)
        {
            throw NoPath(path);
        }
    }

    private static ConfigNode OfAttribute(string text, XAttribute attribute)
    {
        var at = text.AsSpan(PlaceOf(text, attribute)).IndexOfAny('"', '\'') + PlaceOf(text, attribute);
        return new ConfigNode(ConfigKind.Scalar, at, text.IndexOf(text[at], at + 1) + 1) { Text = attribute.Value, Style = text[at] };
    }

    private static ConfigNode OfElement(string text, XElement element)
    {
        var end = TagEnd(text, PlaceOf(text, element));
        if (text[end - 1] == '/')
        {
            return new ConfigNode(ConfigKind.Scalar, end - 1, end + 1) { Text = "" };
        }

        var nodes = element.Nodes().ToList();
        var close = nodes switch
        {
            [] => end + 1,
            [XCData] => text.IndexOf("]]>", end, StringComparison.Ordinal) + 3,
            [XText] => text.IndexOf('<', end),
            _ => -1,
        };
        return close < 0
            ? new ConfigNode(ConfigKind.Scalar, end, end)
            {
                Fixed = "has more in it than text (elements, comments), which would be lost. Correct the path, or take that out",
            }
            : new ConfigNode(ConfigKind.Scalar, end, text.IndexOf('>', close) + 1)
            {
                Text = element.Value, Style = nodes is [XCData] ? Data : ' ',
            };
    }

    /// <summary>Where the tag that has the place in it is closed.</summary>
    private static int TagEnd(string text, int at)
    {
        var quote = '\0';
        for (; quote != '\0' || text[at] != '>'; at++)
        {
            quote = quote == '\0' && text[at] is '"' or '\'' ? text[at] : text[at] == quote ? '\0' : quote;
        }

        return at;
    }

    /// <summary>The name of the tag that ends at the place.</summary>
    private static string NameBefore(string text, int end)
    {
        var start = end;
        while (text[start] != '<')
        {
            start--;
        }

        var name = text.AsSpan(start + 1, end - start - 1);
        return name[..(name.IndexOfAny(" \t\r\n/") is var stop and >= 0 ? stop : name.Length)].ToString();
    }

    private static int PlaceOf(string text, IXmlLineInfo info)
    {
        var at = 0;
        for (var line = 1; line < info.LineNumber; line++)
        {
            at += text.AsSpan(at).IndexOfAny('\r', '\n');
            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        }

        return at + info.LinePosition - 1;
    }

    private static bool IsXml(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (!XmlConvert.IsXmlChar(value[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static string Escaped(string value, bool isAttribute)
    {
        var text = new StringBuilder();
        foreach (var symbol in value)
        {
            text.Append(symbol switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' when isAttribute => "&quot;",
                '\'' when isAttribute => "&apos;",
                '\r' => "&#xD;",
                '\n' when isAttribute => "&#xA;",
                '\t' when isAttribute => "&#x9;",
                _ => symbol.ToString(),
            });
        }

        return text.ToString();
    }
}
