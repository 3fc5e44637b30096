using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Looking for drift, and mending it.</summary>
internal static class DriftCommands
{
    public static Command Verify(Terminal terminal)
    {
        var secret = new Argument<string?>("SECRET") { Description = "The secret's name; left out: all.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command(
            "verify",
            "Look now whether targets and providers hold the values in use. Changes nothing. Exit code 1 if any has drifted.") { secret };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var list = parsed.GetValue(secret) is { } name
                ? new DriftList([await client.PostAsync(
                    $"api/secrets/{Uri.EscapeDataString(name)}/verify",
                    ApiJson.Default.DriftView,
                    cancellationToken)])
                : await client.PostAsync("api/verify", ApiJson.Default.DriftList, cancellationToken);
            if (parsed.GetValue(CommonOptions.Json))
            {
                await terminal.Plain.WriteLineAsync(JsonSerializer.Serialize(list, ApiJson.Default.DriftList));
            }
            else
            {
                Show(terminal.Pretty, list);
            }

            return list.Secrets.Any(one => one.Drifted) ? ExitCodes.BadNews : ExitCodes.Ok;
        });
        return command;
    }

    public static Command Deliver(Terminal terminal)
    {
        var secret = new Argument<string>("SECRET") { Description = "The secret's name in the catalog." };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; goes on record.",
            DefaultValueFactory = _ => "asked for on the command line",
        };
        var key = new Option<string?>("--key") { Description = "Idempotency key: the same key starts one run only." };
        var follow = FollowOptions.Wait();
        var command = new Command("deliver", "Bring the value in use to its targets again. Makes no new value.") { secret, reason, key };
        follow.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var started = await client.PostAsync(
                $"api/secrets/{Uri.EscapeDataString(parsed.GetValue(secret)!)}/deliver",
                new ReasonBody(parsed.GetValue(reason)),
                ApiJson.Default.ReasonBody,
                ApiJson.Default.StartedView,
                parsed.GetValue(key),
                cancellationToken);
            return await follow.StartedAsync(client, terminal, parsed, started, cancellationToken);
        });
        return command;
    }

    private static void Show(IAnsiConsole console, DriftList list)
    {
        foreach (var secret in list.Secrets)
        {
            console.MarkupLineInterpolated($"[bold]{secret.Secret}[/]");
            if (secret.LookedAt is null)
            {
                console.MarkupLineInterpolated(
                    $"  not looked at: no value in use is stored, or a rotation is changing it. See: rotunda status {secret.Secret}");
            }

            foreach (var finding in secret.Findings)
            {
                var place = finding.Place == DriftFinding.AtProvider ? "the provider" : finding.Place;
                console.MarkupLineInterpolated($"  {Mark(finding.Standing)} {place}: {Word(finding)}");
            }

            if (secret.Findings.Any(finding => finding.IsDrift && finding.Place != DriftFinding.AtProvider))
            {
                console.MarkupLineInterpolated($"  To bring the value in use there again: rotunda deliver {secret.Secret}");
            }
        }
    }

    private static string Mark(Standing standing) => standing switch
    {
        Standing.Same => "✓",
        Standing.CannotTell => "?",
        _ => "✗",
    };

    private static string Word(DriftFinding finding) => finding.Standing switch
    {
        Standing.Same => "holds the value in use",
        Standing.CannotTell => $"cannot tell. {finding.Detail}".TrimEnd(),
        Standing.Missing => $"holds nothing. {finding.Detail}".TrimEnd(),
        _ when finding.Place == DriftFinding.AtProvider => $"does not take the value in use. {finding.Detail}".TrimEnd(),
        _ => $"holds something else. {finding.Detail}".TrimEnd(),
    };
}
