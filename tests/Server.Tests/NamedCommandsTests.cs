using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rotunda.Server.Commands;

namespace Rotunda.Server.Tests;

/// <summary>Whoever is told to run a command can run it: each "rotunda …" that a message or a page names is one of the real ones, with
/// its real options.</summary>
public sealed partial class NamedCommandsTests
{
    /// <summary>Names of other things: of database sessions, of keys derived from a key, of a shell's variables.</summary>
    private static readonly string[] NoCommands =
    [
        "rotunda re-encrypt", "rotunda verification", "rotunda scram", "rotunda store key id", "rotunda store encryption",
        "rotunda word words",
    ];

    [GeneratedRegex(
        @"(?<![\w/@.-])(?:\./)?rotunda (?<words>[a-z][a-z-]*(?: [a-z][a-z-]*)?)(?<rest>[^`""'\n]*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?<=\s)--[a-z][a-z-]*", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Option();

    [GeneratedRegex(@"""(?:[^""\\\n]|\\.)*""", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Literal();

    [GeneratedRegex(@"^(?: {4}|\t).*$|```.*?```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline, 5000)]
    private static partial Regex Code();

    [Fact]
    public void Every_command_that_is_named_exists_with_its_options()
    {
        var root = CommandLine.Build(Terminal.OfProcess());
        var named = Places().SelectMany(place => place.Texts.SelectMany(text => NamedIn(text).Select(one => (place.Path, one)))).ToList();
        Assert.True(named.Count > 100, $"Only {named.Count} were found.");
        var wrong = named.Select(found => (found.Path, Wrong: WhatIsWrong(root, found.one))).Where(found => found.Wrong is not null)
            .Select(found => $"{found.Path}: {found.Wrong}").Distinct().ToList();
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Theory]
    [InlineData("rotunda store put NAME", "rotunda store")]
    [InlineData("rotunda ledger unite", "rotunda ledger unite")]
    [InlineData("rotunda rotate orders-db --force", "rotunda rotate --force")]
    public void One_that_does_not_exist_is_found(string text, string wrong)
    {
        var root = CommandLine.Build(Terminal.OfProcess());
        Assert.Equal(wrong, WhatIsWrong(root, Assert.Single(NamedIn($"Run: {text}."))));
    }

    private static IEnumerable<Match> NamedIn(string text) => Named().Matches(text)
        .Where(match => !NoCommands.Any(name => match.Value.StartsWith(name, StringComparison.Ordinal)));

    private static string? WhatIsWrong(Command root, Match named)
    {
        var words = named.Groups["words"].Value.Split(' ');
        if (root.Subcommands.FirstOrDefault(c => c.Name == words[0]) is not { } command)
        {
            return $"rotunda {words[0]}";
        }

        if (command.Subcommands.Count > 0 && words.Length > 1)
        {
            if (command.Subcommands.FirstOrDefault(c => c.Name == words[1]) is not { } sub)
            {
                return $"rotunda {words[0]} {words[1]}";
            }

            command = sub;
        }

        var known = root.Options.Concat(command.Options).SelectMany(option => option.Aliases.Prepend(option.Name)).ToHashSet();
        // What follows another command on the same line is that one's.
        var rest = named.Groups["rest"].Value.Split(['|', ';', '&'])[0].Split(" rotunda ")[0];
        return Option().Matches(rest).Select(option => option.Value).FirstOrDefault(option => !known.Contains(option)) is { } unknown
            ? $"rotunda {command.Name} {unknown}"
            : null;
    }

    private static IEnumerable<(string Path, IEnumerable<string> Texts)> Places([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
        foreach (var path in Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")))
        {
            yield return (path[(root.Length + 1)..], Literal().Matches(File.ReadAllText(path)).Select(match => match.Value));
        }

        var pages = Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(root, "README.md")).Append(Path.Combine(root, "CONTRIBUTING.md"));
        foreach (var path in pages)
        {
            yield return (path[(root.Length + 1)..], Code().Matches(File.ReadAllText(path)).SelectMany(match => match.Value.Split('\n')));
        }
    }
}
