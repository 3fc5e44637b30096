using System.CommandLine;
using System.Text.Json;
using Rotunda.Access;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Who may come in, as what: at a server, or in the data directory itself.</summary>
internal static class TokenCommands
{
    public static Command Create(Terminal terminal) =>
        new("token", "Manage bearer tokens: in the data directory, or at a server for an admin with ROTUNDA_TOKEN.")
        {
            New(terminal), List(terminal), Renew(terminal), Revoke(terminal),
        };

    private static Command New(Terminal terminal)
    {
        var name = new Argument<string>(
            "NAME") { Description = "Its name, which the ledger records. Without --owner it is the name of whose it is." };
        var role = new Option<string>("--role") { Description = "What it may do.", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "approver", "admin");
        var expires = Expires("After how long it ends");
        var owner = new Option<string?>("--owner")
        {
            Description = "Whose it is, if its name is another one. All tokens of one owner count as one person.",
            HelpName = "PERSON",
        };
        var on = new Option<string[]>("--on")
        {
            Description = "The secrets that its role is for: owner=platform, tag=payments or name=pay-*; several with commas all have to "
                + "hold, and each further --on adds others. Left out: all.",
            HelpName = "SELECTOR",
        };
        var command = new Command("create", "Make a token and show it, once.") { name, role, expires, owner, on };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Lifetime(parsed.GetValue(expires));
            using var place = TokenPlace.Of(parsed);
            var made = await place.CreateAsync(
                new TokenBody(
                    parsed.GetValue(name), parsed.GetValue(role), parsed.GetValue(owner), parsed.GetValue(expires), parsed.GetValue(on)),
                cancellationToken);
            await terminal.Plain.WriteLineAsync(
                parsed.GetValue(CommonOptions.Json) ? JsonSerializer.Serialize(made, ApiJson.Default.NewTokenView) : made.Token);
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Null for no end.</summary>
    internal static TimeSpan? Lifetime(string? text) =>
        text is null ? NewToken.UsualLifetime
        : text == NewToken.Never ? null
        : DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero ? duration
        : throw new CommandException(ExitCodes.CannotWork, $"'{text}' is not a duration. Give one like 12h or 90d.");

    private static Command List(Terminal terminal)
    {
        var command = new Command("list", "Show all tokens. Their texts are not kept anywhere.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var place = TokenPlace.Of(parsed);
            var tokens = await place.ListAsync(cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(tokens, CliJson.Default.IReadOnlyListTokenView));
                return ExitCodes.Ok;
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns(
                "Name", "Owner", "Role", "On", "Created", "Last used", "Expires", "Revoked");
            foreach (var t in tokens)
            {
                table.AddRow(
                    new Text(t.Name),
                    new Text(t.Owner),
                    new Text(t.Role.ToString().ToLowerInvariant()),
                    new Text(t.On is { } on ? string.Join(" or ", on) : "all"),
                    Day(t.CreatedAt),
                    Day(t.UsedAt),
                    Day(t.ExpiresAt),
                    Day(t.RevokedAt));
            }

            terminal.Pretty.Write(table);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Renew(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Which one. One that was revoked cannot be renewed." };
        var expires = Expires("After how long from now it ends");
        var command = new Command("renew", "Give a token another end, also where it has ended by itself. Its text stays.") { name,
            expires };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Lifetime(parsed.GetValue(expires));
            using var place = TokenPlace.Of(parsed);
            var renewed = await place.RenewAsync(parsed.GetValue(name)!, parsed.GetValue(expires), cancellationToken);
            await terminal.Plain.WriteLineAsync(
                parsed.GetValue(CommonOptions.Json) ? JsonSerializer.Serialize(renewed, ApiJson.Default.TokenView)
                : renewed.ExpiresAt is { } end ? $"good until {end.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
                : "good until it is revoked");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Option<string?> Expires(string when) => new("--expires")
    {
        Description = $"{when}, for example 30d; or never. Default: 90d.", HelpName = "DURATION",
    };

    private static Command Revoke(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "Which one." };
        var command = new Command("revoke", "End a token now.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var place = TokenPlace.Of(parsed);
            await place.RevokeAsync(parsed.GetValue(name)!, cancellationToken);
            await terminal.Plain.WriteLineAsync("revoked");
            return ExitCodes.Ok;
        });
        return command;
    }

    private static Text Day(DateTimeOffset? at) => new(at is { } when ? $"{when.UtcDateTime:yyyy-MM-dd HH:mm}" : "-");
}
