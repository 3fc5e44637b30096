using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using System.Xml.XPath;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Targets.ConfigFile;

namespace Rotunda.Activities.Tests.Providers.ConfigFile;

/// <summary>Over many files that a seed makes: all that is not the value stays as it is to the byte, the real parser of the language
/// reads the value back and all others as before, and the way back gives the file that was there.</summary>
public sealed class ConfigTextTests
{
    private const int Files = 150;

    private const string Python = """
        import configparser, json, sys, tomllib, yaml
        for line in open(sys.argv[1], encoding='utf-8'):
            case = json.loads(line)
            with open(case['file'], encoding='utf-8-sig', newline='') as stream:
                text = stream.read()
            if case['format'] == 'yaml':
                tree = yaml.safe_load(text)
            elif case['format'] == 'toml':
                tree = tomllib.loads(text)
            elif case['format'] == 'json':
                tree = json.loads(text)
            else:
                parser = configparser.RawConfigParser()
                parser.read_string(text)
                tree = {section: dict(parser[section]) for section in parser.sections()}
            for name in case['names']:
                tree = tree[int(name) if isinstance(tree, list) else name]
            assert tree == case['value'], (case['file'], case['names'])
        print('good')
        """;

    private const string Java = """
        import java.io.*; import java.nio.file.*; import java.util.*;
        class Reader {
            public static void main(String[] a) throws Exception {
                for (String line : Files.readAllLines(Path.of(a[0]))) {
                    String[] parts = line.split("\t", -1);
                    Properties all = new Properties();
                    try (InputStream in = new FileInputStream(parts[0])) { all.load(in); }
                    String key = new String(Base64.getDecoder().decode(parts[1]), "UTF-8");
                    // A file in UTF-8 is read by readers of ISO 8859-1: keys in ASCII only.
                    if (!key.chars().allMatch(c -> c < 128)) continue;
                    String value = new String(Base64.getDecoder().decode(parts[2]), "UTF-8");
                    if (!value.equals(all.getProperty(key))) { System.out.println("bad " + parts[0]); return; }
                }
                System.out.println("good");
            }
        }
        """;

    private static readonly string Printable = string.Concat(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code));

    private static readonly string[] Values =
    [
        Printable, "ünï€𝄞ß", "1234", "true", "", " a ", "a'b", "a\"b", "it's \"x\"", "#x", "a: b # c", "line\nbreak\ttab", "p4ssw0rd",
        "]]>",
        "<&>", "\\", "a\\nb", "=x", "-", "~", "null", "0x1F", "\r\n",
    ];

    private static readonly string[] Tame = ["p4ssw0rd", "1234", "", "a'b=c", "x:y/z", "ünï", "!@^&*()-_+|[]{}<>?,.~`"];

    public static TheoryData<string> Formats => ["json", "yaml", "toml", "ini", "properties", "xml"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Only_the_value_changes_and_every_parser_reads_it(string format)
    {
        using var folder = new TempFolder();
        var cases = new List<(string File, IReadOnlyList<string> Names, string Value, bool Plain)>();
        for (var seed = 0; seed < Files; seed++)
        {
            var random = new Random(seed);
            var file = Made(format, random);
            if (file.Places.Count == 0)
            {
                continue;
            }

            var (path, names) = file.Places[random.Next(file.Places.Count)];
            var values = format == "ini" ? Tame : Values;
            var value = values[seed % values.Length];
            var before = Bytes(file.Text, hasMark: random.Next(3) == 0 && format != "properties");
            var text = ConfigText.Parse(before, LanguageOf(format));
            var node = text.Find(path) ?? throw new InvalidOperationException($"seed {seed}: no {path} in\n{file.Text}");
            var kept = text.Keep(path);
            text.Set(path, value, adds: false);
            var after = text.ToBytes();

            // The value alone is another.
            var mark = before.Length - Encoding.UTF8.GetByteCount(file.Text);
            var (head, tail) = (mark
                + Encoding.UTF8.GetByteCount(file.Text.AsSpan(0, node.Start)), Encoding.UTF8.GetByteCount(file.Text.AsSpan(node.End)));
            Assert.True(after.AsSpan().StartsWith(before.AsSpan(0, head)), $"seed {seed}, {path}: what stands before changed");
            Assert.True(after.AsSpan().EndsWith(before.AsSpan(before.Length - tail)), $"seed {seed}, {path}: what stands behind changed");
            Assert.Equal(value, ConfigText.Parse(after, LanguageOf(format)).Find(path)!.Text);

            // Those of others are read as before.
            var others = ConfigText.Parse(after, LanguageOf(format));
            Assert.All(file.Places.Where(place => place.Path != path), place => Assert.Equal(
                ConfigText.Parse(before, LanguageOf(format)).Find(place.Path)!.Text, others.Find(place.Path)!.Text));

            // Once more changes nothing, and the way back gives what was there.
            text.Set(path, value, adds: false);
            Assert.Equal(after, text.ToBytes());
            text.Restore(path, kept);
            Assert.True(
                before.AsSpan().SequenceEqual(text.ToBytes()),
                $"seed {seed}, {path}: the way back\n{file.Text}\n{Encoding.UTF8.GetString(text.ToBytes())}");

            var target = folder.File(string.Create(CultureInfo.InvariantCulture, $"{seed}.{format}"));
            await File.WriteAllBytesAsync(target, after);
            cases.Add((target, names, value, !file.Text.Contains("/*", StringComparison.Ordinal)
                && !System.Text.RegularExpressions.Regex.IsMatch(
                    file.Text, @",\s*[}\]]", System.Text.RegularExpressions.RegexOptions.NonBacktracking)));
            ReadHere(format, after, names, value);
        }

        Assert.True(cases.Count > Files / 2);
        await ReadOutsideAsync(format, folder, cases);
    }

    /// <summary>A name that is not there: added, read, and taken out again without a trace.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_added_goes_without_a_trace(string format)
    {
        if (format == "xml")
        {
            var text = ConfigText.Parse("<a/>"u8, new XmlLanguage());
            Assert.Contains("does not say what to make", Assert.Throws<DeliveryException>(() => text.Set("/a/b", "x", adds: true)).Message);
            return;
        }

        for (var seed = 0; seed < Files; seed++)
        {
            var random = new Random(seed);
            var file = Made(format, random);
            var path = format switch
            {
                "ini" => new[] { "main.added", "newsection.added", "added" }[seed % 3],
                "properties" => "added key",
                _ => new[] { "added", "added.deep.down" }[seed % 2],
            };
            var value = format == "ini" ? "p4ssw0rd" : Values[seed % Values.Length];
            var before = Encoding.UTF8.GetBytes(file.Text.EndsWith('\n') ? file.Text : file.Text + "\n");
            var text = ConfigText.Parse(before, LanguageOf(format));
            Assert.Contains(path, Assert.Throws<DeliveryException>(() => text.Set(path, value, adds: false)).Message);
            var kept = text.Keep(path);
            text.Set(path, value, adds: true);
            var added = ConfigText.Parse(text.ToBytes(), LanguageOf(format));
            Assert.Equal(value, added.Find(path)!.Text);
            Assert.All(file.Places, place => Assert.Equal(
                ConfigText.Parse(before, LanguageOf(format)).Find(place.Path)!.Text, added.Find(place.Path)!.Text));
            text.Restore(path, kept);
            Assert.True(
                before.AsSpan()
                    .SequenceEqual(text.ToBytes()), $"seed {seed}:\n{file.Text}\n---\n{Encoding.UTF8.GetString(text.ToBytes())}");
        }
    }

    internal static ConfigLanguage LanguageOf(string format) => format switch
    {
        "json" => new JsonLanguage(),
        "yaml" => new YamlLanguage(),
        "toml" => new TomlLanguage(),
        "ini" => new IniLanguage(),
        "properties" => new PropertiesLanguage(),
        _ => new XmlLanguage(),
    };

    private static MadeFile Made(string format, Random random) => format switch
    {
        "json" => MadeFile.Json(random),
        "yaml" => MadeFile.Yaml(random),
        "toml" => MadeFile.Toml(random),
        "ini" => MadeFile.Ini(random),
        "properties" => MadeFile.Properties(random),
        _ => MadeFile.Xml(random),
    };

    private static byte[] Bytes(string text, bool hasMark) => [.. hasMark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)];

    private static void ReadHere(string format, byte[] bytes, IReadOnlyList<string> names, string value)
    {
        var text = new StreamReader(new MemoryStream(bytes)).ReadToEnd();
        switch (format)
        {
            case "json":
                var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
                var node = JsonNode.Parse(text, documentOptions: options);
                foreach (var name in names)
                {
                    node = node is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)] : node![name];
                }

                Assert.Equal(value, (string?)node);
                break;
            case "xml":
                var document = XDocument.Parse(text, LoadOptions.PreserveWhitespace);
                var resolver = new System.Xml.XmlNamespaceManager(new System.Xml.NameTable());
                resolver.AddNamespace("p", "urn:p");
                var found = Assert.Single(((IEnumerable<object>)document.XPathEvaluate(names[0], resolver)).ToList());
                Assert.Equal(value, found is XAttribute attribute ? attribute.Value : ((XElement)found).Value);
                break;
        }
    }

    private static async Task ReadOutsideAsync(
        string format, TempFolder folder, List<(string File, IReadOnlyList<string> Names, string Value, bool Plain)> cases)
    {
        var list = folder.File("cases");
        switch (format)
        {
            case "xml":
                return;
            case "properties":
                static string Coded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
                await File.WriteAllLinesAsync(list, cases.Select(one => $"{one.File}\t{Coded(one.Names[0])}\t{Coded(one.Value)}"));
                var source = folder.File("Reader.java");
                await File.WriteAllTextAsync(source, Java);
                var read = await Commands.OutputAsync("java", source, list);
                Assert.SkipWhen(read is null, "needs a JDK");
                Assert.Equal("good", read!.Trim());
                return;
            default:
                // Python's JSON knows no comments.
                await File.WriteAllLinesAsync(list,
                    cases.Where(one => format != "json" || one.Plain).Select(one => JsonSerializer.Serialize(
                    new { file = one.File, names = one.Names, value = one.Value, format })));
                Assert.Equal("good", (await Commands.OutputAsync("/usr/bin/python3", "-c", Python, list))?.Trim());
                return;
        }
    }
}
