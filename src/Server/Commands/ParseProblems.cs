using System.CommandLine;
using System.CommandLine.Parsing;
using Rotunda.Rotation.Catalog;

namespace Rotunda.Server.Commands;

/// <summary>What is wrong with a command line, in a sentence for the one who typed it.</summary>
internal static class ParseProblems
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        // What is not known comes first: whatever else is missing may have been meant by it.
        return parsed.UnmatchedTokens is [var unknown, ..] ? [Unknown(parsed.CommandResult, unknown)]
            : command.Subcommands.Count > 0 && command.Action is null ? [NoCommand(parsed)]
            : [.. parsed.Errors.Select(Of).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>A command's words as they are typed, without "rotunda".</summary>
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult above ? $"{PathOf(above)} {result.Command.Name}".TrimStart() : "";

    private static string Unknown(CommandResult at, string word)
    {
        var path = PathOf(at);
        if (word.StartsWith('-'))
        {
            var options = Chain(at).SelectMany(result => result.Command.Options.Where(option => option.Recursive || result == at))
                .Select(option => option.Name);
            return $"'{$"rotunda {path}".TrimEnd()}' has no option '{word}'."
                + DidYouMean(word, options.Where(name => name.StartsWith("--", StringComparison.Ordinal)));
        }

        return at.Command.Subcommands.Count > 0
            ? $"There is no command '{$"{path} {word}".TrimStart()}'.{DidYouMean(word, at.Command.Subcommands.Select(sub => sub.Name))}"
            : $"'rotunda {path}' does not take '{word}'. Put quotes around words that belong together.";
    }

    private static string NoCommand(ParseResult parsed) =>
        parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult) is { } missing ? Of(missing)
            : parsed.CommandResult.Parent is null ? "Give a command, such as: rotunda status. All of them: rotunda help"
            : $"'rotunda {PathOf(parsed.CommandResult)}' needs one of: "
                + $"{string.Join(", ", parsed.CommandResult.Command.Subcommands.Select(sub => sub.Name))}.";

    private static string Of(ParseError error)
    {
        var given = error.SymbolResult?.Tokens is [var token, ..] ? token.Value : null;
        return error.SymbolResult switch
        {
            OptionResult { Option: var option } when given is null && !option.Arity.Equals(ArgumentArity.Zero) =>
                $"{option.Name} needs a value. {option.Description}",
            OptionResult { Option: var option } when given is not null && IsNumber(option.ValueType) =>
                $"'{given}' is no whole number. Give one with {option.Name}.",
            ArgumentResult { Argument: var argument, Parent: CommandResult command } when given is null =>
                $"'rotunda {PathOf(command)}' needs {argument.Name}. {argument.Description}",
            ArgumentResult { Argument: var argument } when given is not null && IsNumber(argument.ValueType) =>
                $"'{given}' is no whole number. Give one as {argument.Name}.",
            _ => Line(error.Message),
        };
    }

    /// <summary>A list that comes a line each in one line.</summary>
    private static string Line(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 1 ? message : $"{lines[0]} {string.Join(", ", lines[1..].Select(line => line.Trim('\'')))}.";
    }

    private static bool IsNumber(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain == typeof(int) || plain == typeof(long));

    private static IEnumerable<CommandResult> Chain(CommandResult? at)
    {
        for (; at is not null; at = at.Parent as CommandResult)
        {
            yield return at;
        }
    }

    private static string DidYouMean(string word, IEnumerable<string> known) =>
        Suggestion.Near(word, known) is { } near ? $" Did you mean '{near}'?" : "";
}
