using System.CommandLine;
using System.Text;

namespace Rotunda.Server.Commands;

/// <summary>
/// Completion scripts, written from the commands themselves: subcommands and options, and the secrets' names where the server answers.
/// </summary>
internal static class CompletionScript
{
    public static string For(string shell, Command root)
    {
        var words = Words(root, "rotunda", [.. root.Options.Where(option => option.Recursive)]).ToList();
        return shell switch
        {
            "bash" => Bash(words),
            // zsh runs bash's completions.
            "zsh" => "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(words),
            _ => Fish(root),
        };
    }

    /// <summary>By a command's path: what may follow it.</summary>
    private static IEnumerable<(string Path, string Words, bool TakesName)> Words(Command command, string path, List<Option> common)
    {
        var options = command.Options.Concat(common).Where(option => !option.Hidden).Select(option => option.Name)
            .Where(name => name.StartsWith("--", StringComparison.Ordinal));
        var words = command.Subcommands.Select(sub => sub.Name).Concat(options.Append("--help")).Distinct(StringComparer.Ordinal);
        yield return (path, string.Join(' ', words), TakesName(command));
        foreach (var below in command.Subcommands.SelectMany(sub => Words(sub, $"{path} {sub.Name}", common)))
        {
            yield return below;
        }
    }

    private static bool TakesName(Command command) => command.Arguments.Any(argument => argument.Name is "SECRET" or "ID");

    private static string Bash(List<(string Path, string Words, bool TakesName)> words)
    {
        var text = new StringBuilder();
        text.Append("_rotunda() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" path=rotunda word words= names=\n");
        text.Append("  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n    case \"$path $word\" in\n");
        foreach (var (path, _, _) in words.Skip(1))
        {
            text.Append($"      '{path}') path='{path}' ;;\n");
        }

        text.Append("    esac\n  done\n  case \"$path\" in\n");
        foreach (var (path, follows, takesName) in words)
        {
            text.Append($"    '{path}') words='{follows}'{(takesName ? " names=1" : "")} ;;\n");
        }

        text.Append("  esac\n");
        text.Append("  if [[ -n $names && $cur != -* ]]; then\n");
        text.Append("    words=\"$words $(rotunda secrets --json 2>/dev/null | grep -o '\"name\":\"[^\"]*\"' | cut -d'\"' -f4)\"\n  fi\n");
        text.Append("  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o default -F _rotunda rotunda ./rotunda");
        return text.ToString();
    }

    private static string Fish(Command root)
    {
        var text = new StringBuilder("complete -c rotunda -f\n");
        foreach (var command in root.Subcommands)
        {
            text.Append($"complete -c rotunda -n __fish_use_subcommand -a {command.Name} -d '{Quoted(command.Description)}'\n");
            var seen = $"__fish_seen_subcommand_from {command.Name}";
            foreach (var sub in command.Subcommands)
            {
                text.Append($"complete -c rotunda -n '{seen}' -a {sub.Name} -d '{Quoted(sub.Description)}'\n");
            }

            var options = command.Options.Concat(command.Subcommands.SelectMany(sub => sub.Options))
                .Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)).DistinctBy(option => option.Name);
            foreach (var option in options)
            {
                text.Append($"complete -c rotunda -n '{seen}' -l {option.Name[2..]} -d '{Quoted(option.Description)}'\n");
            }

            if (TakesName(command))
            {
                text.Append($"complete -c rotunda -n '{seen}' -a '(rotunda secrets --json 2>/dev/null | string match -rag \"\\\"name\\\":\\\"([^\\\"]*)\\\"\")'\n");
            }
        }

        foreach (var option in root.Options.Where(option => option.Name.StartsWith("--", StringComparison.Ordinal)))
        {
            text.Append($"complete -c rotunda -l {option.Name[2..]} -d '{Quoted(option.Description)}'\n");
        }

        return text.ToString().TrimEnd();
    }

    private static string Quoted(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
