using System.Globalization;
using System.Text;

namespace Rotunda.Activities.Tests.Providers.ConfigFile;

/// <summary>A configuration file that a seed makes: comments, quotes, indentation and line ends as people write them.</summary>
/// <param name="Path">As the catalog has it.</param>
/// <param name="Names">The same, name by name; digits for places in a list.</param>
internal sealed record MadeFile(string Text, IReadOnlyList<(string Path, IReadOnlyList<string> Names)> Places)
{
    private static readonly string[] Simple = ["alpha", "db", "pass_word", "Key-1", "ünï"];
    private static readonly string[] Odd = ["a.b", "with space", "x:y", "q'q", "a#b"];

    public static MadeFile Json(Random random)
    {
        var (text, places) = (new StringBuilder(), new List<(string, IReadOnlyList<string>)>());
        var end = End(random);
        var comments = random.Next(2) == 0;
        string Gap(int depth) => random.Next(4) switch
        {
            0 => "",
            1 => " ",
            2 when comments => $" /* c, \"x\" */{end}{Blanks(depth)}// 𝄞 {{{end}{Blanks(depth)}",
            _ => end + Blanks(depth),
        };
        void Value(int depth, string path, string[] names)
        {
            switch (depth < 4 ? random.Next(8) : 7)
            {
                case 0 or 1 or 2:
                    text.Append('{');
                    var all = Names(random);
                    for (var i = 0; i < all.Count; i++)
                    {
                        text.Append(Gap(depth + 1)).Append('"').Append(all[i]).Append('"').Append(random.Next(3) == 0
                            ? " \n" : "").Append(": ");
                        Value(depth + 1, Join(path, all[i]), [.. names, all[i]]);
                        text.Append(Gap(0)).Append(i + 1 < all.Count || (comments && random.Next(3) == 0) ? "," : "");
                    }
                    text.Append(Gap(depth)).Append('}');
                    break;
                case 3:
                    text.Append('[');
                    for (var i = 0; i < 2; i++)
                    {
                        text.Append(i > 0 ? "," : "").Append(Gap(depth + 1));
                        Value(depth + 1, $"{path}[{i}]", [.. names, Number(i)]);
                    }
                    text.Append(']');
                    break;
                case 4:
                    text.Append(random.Next(2) == 0 ? "12.5e3" : "true");
                    break;
                default:
                    places.Add((path, names));
                    text.Append(random.Next(3) switch { 0 => "\"old, \\\"}{ \\u00e4\"", 1 => "\"\"", _ => "\"ol𝄞d\"" });
                    break;
            }
        }

        text.Append('{');
        var roots = Names(random);
        for (var i = 0; i < roots.Count; i++)
        {
            text.Append(i > 0 ? "," : "").Append(Gap(1)).Append('"').Append(roots[i]).Append("\":");
            Value(1, Join("", roots[i]), [roots[i]]);
        }
        text.Append(end).Append('}').Append(random.Next(2) == 0 ? end : "");
        return new(text.ToString(), places);
    }

    public static MadeFile Yaml(Random random)
    {
        var (text, places) = (new StringBuilder(random.Next(3) == 0 ? "# head 𝄞\n---\n" : ""),
            new List<(string, IReadOnlyList<string>)>());
        void Comment(int depth) => text.Append(random.Next(5) == 0 ? $"{Blanks(depth)}# 'c' \"𝄞: {{\n" : random.Next(8) == 0 ? "\n" : "");
        void Scalar(int depth, string path, string[] names)
        {
            places.Add((path, names));
            text.Append(random.Next(8) switch
            {
                0 => " plain-𝄞 text",
                1 => " 'it''s # old'",
                2 => " \"ol\\\"d\\n\\u00e4\"",
                3 => $" |{(random.Next(2) == 0 ? "-" : "")}\n{Blanks(depth + 1)}line one\n{Blanks(depth + 1)}line: two",
                4 => $" >\n{Blanks(depth + 1)}folded\n{Blanks(depth + 1)}text",
                5 => "   12345",
                6 => "",
                _ => " yes",
            });
            text.Append(text[^1] is 'o' or 't' or 'd' ? "" : random.Next(3) == 0 ? "  # why: 'x'" : "").Append('\n');
        }

        void Map(int depth, string path, string[] names)
        {
            foreach (var name in Names(random))
            {
                Comment(depth);
                text.Append(Blanks(depth)).Append(name.AsSpan().ContainsAny(":'# .") ? $"\"{name}\"" : name).Append(':');
                var (at, all) = (Join(path, name), (string[])[.. names, name]);
                switch (depth < 3 ? random.Next(6) : 5)
                {
                    case 0:
                        text.Append('\n');
                        Map(depth + 1, at, all);
                        break;
                    case 1:
                        text.Append('\n');
                        for (var i = 0; i < 2; i++)
                        {
                            text.Append(Blanks(depth)).Append("- name:");
                            Scalar(depth + 1, $"{at}[{i}].name", [.. all, Number(i), "name"]);
                            text.Append(Blanks(depth)).Append("  more: [1, two]\n");
                        }
                        break;
                    case 2:
                        places.Add(($"{at}.f", [.. all, "f"]));
                        text.Append(" { e: 1, f: 'old, }', g: [a, b] }\n");
                        break;
                    default:
                        Scalar(depth, at, all);
                        break;
                }
            }
        }

        Map(0, "", []);
        return new(text.ToString().ReplaceLineEndings(End(random)), places);
    }

    public static MadeFile Toml(Random random)
    {
        var (text, places) = (new StringBuilder(), new List<(string, IReadOnlyList<string>)>());
        void Pairs(string path, string[] names)
        {
            foreach (var name in Names(random))
            {
                text.Append(random.Next(4) == 0 ? "# 'c' \"𝄞 = [\n" : "").Append(random.Next(4) == 0 ? "  " : "");
                text.Append(name.All(symbol => char.IsAsciiLetterOrDigit(symbol) || symbol is '-' or '_') ? name : $"\"{name}\"");
                var (at, all) = (Join(path, name), (string[])[.. names, name]);
                switch (random.Next(7))
                {
                    case 0:
                        places.Add(($"{at}.sub", [.. all, "sub"]));
                        text.Append(".sub = 'old'");
                        break;
                    case 1:
                        places.Add(($"{at}.b[1]", [.. all, "b", "1"]));
                        text.Append(" = { a = 1, b = [ \"x\", \"old\" ] }");
                        break;
                    case 2:
                        text.Append(" = 1979-05-27T07:32:00Z");
                        break;
                    default:
                        places.Add((at, all));
                        text.Append(random.Next(5) switch
                        {
                            0 => " = 'lit # \"𝄞'",
                            1 => "=\"ba\\\"s\\u00e4\"",
                            2 => " = '''\nmulti\n'q' '''",
                            3 => " = \"\"\"\nmul\\\n  ti \"\"\"",
                            _ => "\t=\t\"\"",
                        });
                        break;
                }
                text.Append(random.Next(3) == 0 ? "  # why 'x'" : "").Append('\n');
            }
        }

        Pairs("", []);
        text.Append("[table]\n");
        Pairs("table", ["table"]);
        text.Append("[ \"o.dd\" . sub ] # c\n");
        Pairs("[\"o.dd\"].sub", ["o.dd", "sub"]);
        for (var i = 0; i < 2; i++)
        {
            text.Append("\n[[many]]\n");
            Pairs($"many[{i}]", ["many", Number(i)]);
        }
        return new(text.ToString().ReplaceLineEndings(End(random)), places);
    }

    public static MadeFile Ini(Random random)
    {
        var (text, places) = (new StringBuilder("; head ünï\n"), new List<(string, IReadOnlyList<string>)>());
        foreach (var section in new[] { "main", "o.dd part", "last" })
        {
            text.Append($"[{section}]\n");
            foreach (var name in Names(random).Where(name => !name.AsSpan().ContainsAny(":#")))
            {
                text.Append(random.Next(4) == 0 ? "# c = [x]\n" : random.Next(5) == 0 ? "\n" : "");
                places.Add((Join(Join("", section), name), [section, name.ToLowerInvariant()]));
                text.Append(name).Append(random.Next(3) switch { 0 => "=", 1 => " = ", _ => ": " })
                    .Append(random.Next(3) switch { 0 => "", 1 => "old value", _ => "ö/=x" }).Append('\n');
            }
        }
        return new(text.ToString().ReplaceLineEndings(End(random)), places);
    }

    public static MadeFile Properties(Random random)
    {
        var (text, places) = (new StringBuilder("! head \n"), new List<(string, IReadOnlyList<string>)>());
        foreach (var name in Names(random).Concat(["spring.datasource.password", "last"]))
        {
            text.Append(random.Next(4) == 0 ? "# c = \\\n" : random.Next(5) == 0 ? "  \n" : "").Append(random.Next(4) == 0 ? "\t" : "");
            places.Add((name, [name]));
            text.Append(name.Replace(" ", "\\ ", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal))
                .Append(random.Next(4) switch { 0 => "=", 1 => " = ", 2 => ":", _ => " : " })
                .Append(random.Next(4) switch { 0 => "", 1 => "old \\u00e4 \\", 2 => "a=b:c\\\\", _ => "v" });
            text.Append(text[^1] == '\\' && text[^2] != '\\' ? "\n   more" : "").Append('\n');
        }
        return new(text.ToString().ReplaceLineEndings(End(random)), places);
    }

    public static MadeFile Xml(Random random)
    {
        var (text, places) = (new StringBuilder(random.Next(2) == 0 ? "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" : ""),
            new List<(string, IReadOnlyList<string>)>());
        text.Append("<!-- <𝄞 a='x'> -->\n<configuration xmlns:p=\"urn:p\">\n");
        for (var i = 0; i < 4; i++)
        {
            var path = $"/configuration/add[@key='k{i}']/@value";
            places.Add((path, [path]));
            text.Append($"  <add key='k{i}' other=\"a>b\" value{(random.Next(2) == 0 ? " = " : "=")}")
                .Append(random.Next(3) switch { 0 => "\"ol&amp;d'𝄞\"", 1 => "'a\"b'", _ => "\"\"" }).Append(random.Next(2) == 0
                    ? "/>" : "  />\n");
            places.Add(($"//e{i}", [$"//e{i}"]));
            text.Append($"\t<e{i} a='>'").Append(random.Next(5) switch
            {
                0 => "/>",
                1 => $"></e{i}>",
                2 => $">old &lt; 𝄞\n  </e{i} >",
                3 => $"><![CDATA[old <x/> ]]></e{i}>",
                _ => $" >x</e{i}>",
            }).Append("<!-- c --><p:q p:r='1'>t</p:q>\n");
        }
        places.Add(("/configuration/p:last/@p:a", ["/configuration/p:last/@p:a"]));
        text.Append("<p:last p:a='o'/></configuration>\n");
        return new(text.ToString().ReplaceLineEndings(End(random)), places);
    }

    private static List<string> Names(Random random)
    {
        var all = Simple.Concat(Odd).ToArray();
        random.Shuffle(all);
        return [.. all.Take(random.Next(1, 4))];
    }

    private static string Join(string path, string name) =>
        name.AsSpan().ContainsAny(". []\"") ? $"{path}[\"{name}\"]" : path.Length == 0 ? name : $"{path}.{name}";

    private static string Blanks(int depth) => new(' ', 2 * depth);

    private static string End(Random random) => random.Next(2) == 0 ? "\n" : "\r\n";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
