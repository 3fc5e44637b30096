using System.CommandLine;
using System.Text.Json;
using Rotunda.Api.Views;

namespace Rotunda.Server.Commands;

/// <summary>Tries the channels that notices go to.</summary>
internal static class NotifyCommand
{
    public static Command Create(Terminal terminal) => new("notify", "Try the channels that notices go to.") { Test(terminal) };

    private static Command Test(Terminal terminal)
    {
        var channel = new Argument<string?>("CHANNEL")
        {
            Description = "The channel's name in the catalog. Left out: all of them.", Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "test", "Send a test message now, also in quiet hours. Exit code 1 if one was not taken. Needs an operator.") { channel };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = CommonOptions.Client(parsed);
            var view = await client.PostAsync(
                "api/notices/test",
                new NoticeTestBody(parsed.GetValue(channel)),
                ApiJson.Default.NoticeTestBody,
                ApiJson.Default.NoticeTestView,
                null,
                cancellationToken);
            await terminal.Plain.WriteLineAsync(parsed.GetValue(CommonOptions.Json)
                ? JsonSerializer.Serialize(view, ApiJson.Default.NoticeTestView)
                : string.Join(System.Environment.NewLine, view.Channels.Select(Line)));
            return view.Channels.All(one => one.Sent) ? ExitCodes.Ok : ExitCodes.BadNews;
        });
        return command;
    }

    private static string Line(NoticeTestResult result) =>
        result.Sent ? $"{result.Channel}: sent. Look whether it is there." : $"{result.Channel}: not sent. {result.Reason}";
}
