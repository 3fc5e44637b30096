using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>What makes pause and resume mean the schedule (of a secret, a tag, or all) and not a rotation under way.</summary>
internal sealed class PauseOptions
{
    private readonly bool _ends;
    private readonly Option<string?> _until = new("--until")
    {
        Description = "Scheduled rotations do not start until then: a day, a moment (UTC) or a duration. Left out: a migration under way "
            + "is halted.",
        HelpName = "2026-12-01|2026-12-01T08:00Z|48h",
    };

    private readonly Option<string?> _tag = new("--tag") { Description = "The schedule of all secrets with this tag." };
    private readonly Option<bool> _all = new("--all") { Description = "The schedule of all secrets." };
    private readonly Option<bool> _schedule = new("--schedule") { Description = "The secret's schedule, and not its open rotation." };
    private readonly Option<bool> _list = new("--list") { Description = "Show what is paused, and change nothing." };

    private PauseOptions(bool ends) => _ends = ends;

    /// <summary>Null for the verbs that know no schedule.</summary>
    public static PauseOptions? For(string verb) => verb is "pause" or "resume" ? new PauseOptions(verb == "resume") : null;

    public void AddTo(Command command, Argument<string> id, Option<string> reason)
    {
        id.Arity = ArgumentArity.ZeroOrOne;
        command.Add(_tag);
        command.Add(_all);
        command.Add(_ends ? _schedule : _until);
        if (!_ends)
        {
            command.Add(_list);
            reason.Required = false;
        }
    }

    /// <summary>The exit code; null where a rotation is meant.</summary>
    public async Task<int?> RunAsync(
        ApiClient client, Terminal terminal, ParseResult parsed, string? name, string? reason, CancellationToken cancellationToken)
    {
        if (!_ends && parsed.GetValue(_list))
        {
            return await ListAsync(client, terminal, parsed, cancellationToken);
        }

        var (tag, all, until) = (parsed.GetValue(_tag), parsed.GetValue(_all), _ends ? null : parsed.GetValue(_until));
        var named = (name is null ? 0 : 1) + (tag is null ? 0 : 1) + (all ? 1 : 0);
        if (named != 1 || (!_ends && string.IsNullOrEmpty(reason)) || (!_ends && name is null && until is null))
        {
            throw new CommandException(ExitCodes.CannotWork, _ends
                ? "Name one of SECRET, --tag TAG and --all: whose schedule goes on."
                : "Name one of SECRET, --tag TAG and --all, with --until and --reason: whose schedule rests until when, and why.");
        }

        if (name is not null && until is null && !await MeansScheduleAsync(client, parsed, name, cancellationToken))
        {
            return null;
        }

        var path = name is null ? _ends ? "api/pauses/end" : "api/pauses"
            : $"api/secrets/{Uri.EscapeDataString(name)}/{(_ends ? "resume" : "pause")}";
        var view = _ends
            ? await client.PostAsync(
                path, new ResumeBody(reason, tag), ApiJson.Default.ResumeBody, ApiJson.Default.PauseView, null, cancellationToken)
            : await client.PostAsync(
                path, new PauseBody(until, reason, tag), ApiJson.Default.PauseBody, ApiJson.Default.PauseView, null, cancellationToken);
        await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
            ? JsonSerializer.Serialize(view, ApiJson.Default.PauseView)
            : _ends ? $"The schedule of {Of(view)} goes on: what is due starts with the next look. See: rotunda next"
            : $"{Sentence(view)} Rotations under way go on; people and emergencies start others as always. To end it: rotunda resume "
                + $"{Again(view)} --reason WHY");
        return ExitCodes.Ok;
    }

    /// <summary>Of a secret without an open rotation only its schedule can be meant.</summary>
    private async Task<bool> MeansScheduleAsync(ApiClient client, ParseResult parsed, string name, CancellationToken cancellationToken)
    {
        if (!_ends)
        {
            await RefuseIdleAsync(client, name, cancellationToken);
            return false;
        }

        if (parsed.GetValue(_schedule))
        {
            return true;
        }

        var list = await client.GetAsync("api/pauses", ApiJson.Default.PauseList, cancellationToken);
        return list.Pauses.Any(pause => pause.Scope == "secret" && pause.Name == name)
            && (await client.GetAsync($"api/secrets/{Uri.EscapeDataString(name)}", ApiJson.Default.SecretView, cancellationToken))
                .Summary.ActiveRotationId is null;
    }

    /// <summary>Who leaves --until out at a secret of which nothing is under way has most likely forgotten it.</summary>
    private static async Task RefuseIdleAsync(ApiClient client, string name, CancellationToken cancellationToken)
    {
        SecretView secret;
        try
        {
            secret = await client.GetAsync($"api/secrets/{Uri.EscapeDataString(name)}", ApiJson.Default.SecretView, cancellationToken);
        }
        catch (CommandException)
        {
            // It is no secret, so it names a rotation.
            return;
        }

        if (secret.Summary.ActiveRotationId is null)
        {
            throw new CommandException(
                ExitCodes.CannotWork,
                $"No rotation of '{name}' is under way that could be halted. To let its schedule rest, say until when: rotunda pause "
                    + $"{name} --until 2d --reason WHY");
        }
    }

    private static async Task<int> ListAsync(
        ApiClient client, Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        var list = await client.GetAsync("api/pauses", ApiJson.Default.PauseList, cancellationToken);
        await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
            ? JsonSerializer.Serialize(list, ApiJson.Default.PauseList)
            : list.Pauses.Count == 0 ? "Nothing is paused by command."
            : string.Join(System.Environment.NewLine, list.Pauses.Select(Sentence)));
        return ExitCodes.Ok;
    }

    private static string Sentence(PauseView pause) =>
        $"Scheduled rotations of {Of(pause)} do not start until {pause.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC (by {pause.By}: "
            + $"{pause.Reason}).";

    private static string Of(PauseView pause) =>
        pause.Scope == "all" ? "all secrets" : pause.Scope == "tag" ? $"all with the tag {pause.Name}" : pause.Name!;

    private static string Again(PauseView pause) =>
        pause.Scope == "all" ? "--all" : pause.Scope == "tag" ? $"--tag {pause.Name}" : $"{pause.Name} --schedule";
}
