using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Access;
using Rotunda.Rotation.Words;
using Rotunda.Server.Hosting;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>These change the data directory's token file itself; a running server takes the change at once.</summary>
internal static class TokenCommands
{
    public static Command Create(Terminal terminal) =>
        new("token", "Manage bearer tokens, in the data directory.") { New(terminal), List(terminal), Revoke(terminal) };

    private static Command New(Terminal terminal)
    {
        var name = new Argument<string>(
            "NAME") { Description = "Its name, which the ledger records. Without --owner it is the name of whose it is." };
        var role = new Option<string>("--role") { Description = "What it may do.", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "approver", "admin");
        var expires = new Option<string?>("--expires") { Description = "After how long it ends, for example 90d.", HelpName = "DURATION" };
        var owner = new Option<string?>("--owner")
        {
            Description = "Whose it is, if its name is another one. All tokens of one owner count as one person.",
            HelpName = "PERSON",
        };
        var command = new Command("create", "Make a token and show it, once.") { name, role, expires, owner };
        command.SetAction(async (parsed, _) =>
        {
            var lifetime = parsed.GetValue(expires) is { } text
                ? DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero
                    ? duration
                    : throw new CommandException(ExitCodes.CannotWork, $"'{text}' is not a duration. Give one like 12h or 90d.")
                : (TimeSpan?)null;
            var kind = Enum.Parse<Role>(parsed.GetValue(role)!, ignoreCase: true);
            var token = Change(parsed, file => file.Create(parsed.GetValue(name)!, kind, lifetime, parsed.GetValue(owner)));
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(new NewTokenView(parsed.GetValue(name)!, kind, token), CliJson.Default.NewTokenView)
                : token);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "Show all tokens. Their texts are not kept anywhere.");
        command.SetAction(async (parsed, _) =>
        {
            var tokens = Open(parsed).Read();
            if (parsed.GetValue(CommonOptions.Json))
            {
                IReadOnlyList<TokenView> views =
                    [.. tokens.Select(t => new TokenView(t.Name, t.Owner ?? t.Name, t.Role, t.CreatedAt, t.ExpiresAt, t.RevokedAt))];
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(views, CliJson.Default.IReadOnlyListTokenView));
                return ExitCodes.Ok;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Owner", "Role", "Created", "Expires", "Revoked");
            foreach (var t in tokens)
            {
                table.AddRow(
                    new Text(t.Name),
                    new Text(t.Owner ?? t.Name),
                    new Text(t.Role.ToString().ToLowerInvariant()),
                    Day(t.CreatedAt),
                    Day(t.ExpiresAt),
                    Day(t.RevokedAt));
            }

            terminal.Pretty.Write(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Revoke(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Which one." };
        var command = new Command("revoke", "End a token now.") { name };
        command.SetAction(async (parsed, _) =>
        {
            if (!Change(parsed, file => file.Revoke(parsed.GetValue(name)!)))
            {
                throw new CommandException(
                    ExitCodes.BadNews,
                    $"There is no token named '{parsed.GetValue(name)}' that could be revoked. See all with: rotunda token list");
            }

            await terminal.Plain.WriteLineAsync("revoked");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static TokenFile Open(ParseResult parsed)
    {
        var data = DataDirectory.Look(parsed.GetValue(CommonOptions.Data)!);
        return Directory.Exists(data.Path)
            ? new TokenFile(data.TokenFile, TimeProvider.System)
            : throw new CommandException(ExitCodes.CannotWork, $"There is no data directory {data.Path}. Give the server's with --data.");
    }

    private static T Change<T>(ParseResult parsed, Func<TokenFile, T> change)
    {
        try
        {
            return change(Open(parsed));
        }
        catch (TokenRefusedException refused)
        {
            throw new CommandException(ExitCodes.CannotWork, refused.Message);
        }
    }

    private static Text Day(DateTimeOffset? at) => new(at is { } when ? $"{when.UtcDateTime:yyyy-MM-dd HH:mm}" : "-");
}
