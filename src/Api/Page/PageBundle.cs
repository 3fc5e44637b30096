using System.Text;
using System.Text.RegularExpressions;

namespace Rotunda.Api.Page;

/// <summary>
/// Puts the page's modules into one file: a browser asks once in place of thirty times, and Home is there sooner. Each module becomes a
/// function that runs when it is first needed. It reads the few forms of import and export that the page uses, and refuses others:
/// a bundler would need Node to build Rotunda.
/// </summary>
internal static partial class PageBundle
{
    /// <summary>The module that the page begins with; the bundle has its name.</summary>
    public const string Entry = "app.js";

    private const string Pages = "pages/";
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture;

    /// <summary>The files with one in place of the modules.</summary>
    /// <param name="files">By name, with forward slashes.</param>
    /// <exception cref="FormatException">A module has an import or export of another form.</exception>
    public static Dictionary<string, byte[]> Of(IReadOnlyDictionary<string, byte[]> files)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>(
            files.Keys.Where(name => name == Entry || name.StartsWith(Pages, StringComparison.Ordinal)).Order());
        while (waiting.TryDequeue(out var name))
        {
            if (!modules.ContainsKey(name))
            {
                modules[name] = Wrapped(name, Encoding.UTF8.GetString(files[name]), waiting);
            }
        }

        var bundle = $$"""
            const made = {}, modules = {
            {{string.Concat(modules.OrderBy(module => module.Key, StringComparer.Ordinal).Select(module => module.Value))}}};
            function use(name) { return made[name] ??= modules[name](); }
            async function load(path) { return use(path.slice(2)); }
            use('{{Entry}}');

            """;
        var others = files.Where(file => !modules.ContainsKey(file.Key)).ToDictionary(StringComparer.Ordinal);
        others[Entry] = Encoding.UTF8.GetBytes(bundle);
        return others;
    }

    private static string Wrapped(string name, string code, Queue<string> waiting)
    {
        var body = Import().Replace(code, found =>
        {
            var path = new Uri(new Uri($"page:///{name}"), found.Groups["path"].Value).AbsolutePath[1..];
            waiting.Enqueue(path);
            return $"const {{{found.Groups["names"].Value.Replace(" as ", ": ", StringComparison.Ordinal)}}} = use('{path}');";
        });
        var exported = Export().Matches(body).Select(found => found.Groups["name"].Value);
        var rest = Export().Replace(body, "${what}").Replace("await import(", "await load(", StringComparison.Ordinal);
        return Other().Match(rest) is { Success: true } other
            ? throw new FormatException($"{name}: '{other.Value.Trim()}' is no form of import or export that the bundle knows.")
            : $"'{name}'() {{\n{rest}\nreturn {{ {string.Join(", ", exported)} }};\n}},\n";
    }

    [GeneratedRegex("^import \\{(?<names>[\\w\\s,]+)\\} from '(?<path>\\.[\\w./-]+)';", Lines, 1000)]
    private static partial Regex Import();

    [GeneratedRegex("^export (?<what>(?:async function|function|const|class) (?<name>\\w+))", Lines, 1000)]
    private static partial Regex Export();

    [GeneratedRegex("^\\s*(?:import|export)\\b.*|\\bimport\\(.*", Lines, 1000)]
    private static partial Regex Other();
}
