using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Rotunda.Testing.VendorFakes.Pulumi;

/// <summary>What ESC does with a definition: encrypts and decrypts <c>fn::secret</c>, and evaluates it. By
/// https://www.pulumi.com/docs/esc/reference/.</summary>
internal static class FakeEscYaml
{
    /// <exception cref="FakeVendorException">It is no definition.</exception>
    public static string Encrypt(string text) => Rewrite(text, secret => secret is YamlScalarNode plain
        ? (
            (int)plain.Start.Index,
            (int)plain.End.Index,
            $"{{ciphertext: {Convert.ToBase64String(Encoding.UTF8.GetBytes("escx" + plain.Value))}}}")
        : null);

    public static string Decrypt(string text) => Rewrite(text, secret => secret is YamlMappingNode map && Ciphertext(map) is { } cipher
        ? ((int)map.Start.Index, Behind(text, (int)map.Start.Index, (int)cipher.End.Index), JsonValue.Create(Plain(cipher)).ToJsonString())
        : null);

    /// <summary>The values as an opened environment shows them: <c>{ name: { value, secret?, trace } }</c>.</summary>
    public static JsonObject Evaluate(string text)
    {
        var root = Root(text);
        var values = root?.Children.FirstOrDefault(child => ((YamlScalarNode)child.Key).Value == "values").Value as YamlMappingNode;
        return values is null ? [] : Map(values);
    }

    private static JsonObject Map(YamlMappingNode map) =>
        new(map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, (JsonNode?)Value(child.Value))));

    private static JsonObject Value(YamlNode node)
    {
        var value = new JsonObject { ["trace"] = new JsonObject() };
        if (Secret(node) is { } secret)
        {
            (
                value["value"],
                value["secret"]) = (secret is YamlMappingNode map ? Plain(Ciphertext(map)!) : ((YamlScalarNode)secret).Value, true);
            return value;
        }

        value["value"] = node switch
        {
            YamlMappingNode map => Map(map),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(child => (JsonNode)Value(child))]),
            _ => ((YamlScalarNode)node).Value,
        };
        return value;
    }

    private static string Rewrite(string text, Func<YamlNode, (int Start, int End, string Text)?> change)
    {
        var changes = new List<(int Start, int End, string Text)>();
        if (Root(text) is { } root)
        {
            foreach (var node in root.AllNodes.Where(node => Secret(node) is not null))
            {
                changes.AddRange(change(Secret(node)!) is { } one ? [one] : []);
            }
        }

        foreach (var (start, end, replacement) in changes.OrderByDescending(one => one.Start))
        {
            text = text[..start] + replacement + text[end..];
        }

        return text;
    }

    private static YamlMappingNode? Root(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 0
                ? null
                : stream.Documents[0].RootNode as YamlMappingNode ?? throw new FakeVendorException("The definition is no mapping.");
        }
        catch (YamlDotNet.Core.YamlException problem)
        {
            throw new FakeVendorException($"The definition is no YAML: {problem.Message}");
        }
    }

    private static YamlNode? Secret(YamlNode node) =>
        node is YamlMappingNode { Children.Count: 1 } map && map.Children.First() is { Key: YamlScalarNode { Value: "fn::secret" } } entry
            ? entry.Value
            : null;

    private static YamlScalarNode? Ciphertext(YamlMappingNode map) =>
        map.Children.First() is { Key: YamlScalarNode { Value: "ciphertext" } } entry ? (YamlScalarNode)entry.Value : null;

    private static string Plain(YamlScalarNode cipher) => Encoding.UTF8.GetString(Convert.FromBase64String(cipher.Value!))["escx".Length..];

    private static int Behind(string text, int start, int end) => text[start] == '{' ? text.IndexOf('}', end) + 1 : end;
}
