using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Rotunda.Providers.Channels.Sending;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.GitHubIssues;

internal sealed class GitHubIssueChannel() : WebChannel(GitHubIssueDescriptor.Instance, "GitHub")
{
    private const int MostTitle = 250;
    private const int MostText = 60_000;

    private static readonly WebHints s_hints = new(
        new Dictionary<int, string>
        {
            [404] = "Check the repository's name; GitHub says this too where the token may not see it.",
            [410] = "The repository has no issues: turn them on.",
            [422] = "GitHub takes no such issue: check the labels.",
        },
        "message");

    protected override async Task<StepOutcome> SendAsync(
        WebSession session, ProviderCall call, NoticeMessage message, CancellationToken cancellationToken)
    {
        var root = WebAddress.Base(call.Settings.RequiredText(GitHubIssueDescriptor.Address), GitHubIssueDescriptor.Address);
        if (call.Settings.RequiredText(GitHubIssueDescriptor.Repository).Split('/') is not [{ Length: > 0 } owner, { Length: > 0 } name])
        {
            return StepOutcome.Rejected("The setting 'repository' is no OWNER/NAME. Correct it.");
        }

        using var token = await call.Settings.RequiredSecretAsync(GitHubIssueDescriptor.Token, cancellationToken);
        var issues = WebAddress.At(root, "repos", owner, name, "issues");
        var mark = $"<!-- rotunda {message.Id} -->";
        if (call.Attempt > 1 && await IsThereAsync(session, issues, token, mark, cancellationToken))
        {
            return StepOutcome.AlreadyDone();
        }

        var body = new JsonObject
        {
            ["title"] = Wording.Cut(Wording.Line(message.Title), MostTitle),
            // Names with "@" in them would call people.
            ["body"] = $"{Quiet(Wording.Cut(Wording.Body(message), MostText))}\n\n{mark}",
            ["labels"] = new JsonArray([.. call.Settings.TextList(GitHubIssueDescriptor.Labels).Select(label => (JsonNode)label)]),
        };
        using var reply = await session.SucceedAsync(As(Post(issues, body), token), s_hints, cancellationToken);
        return StepOutcome.Done();
    }

    private static string Quiet(string text) => text.Replace("@", "@\u200B", StringComparison.Ordinal);

    private static async Task<bool> IsThereAsync(
        WebSession session, Uri issues, SecretValue token, string mark, CancellationToken cancellationToken)
    {
        var look = new WebRequest(
            HttpMethod.Get, new Uri(issues + "?state=all&sort=created&direction=desc&per_page=100"), Changes: false);
        using var reply = await session.SucceedAsync(As(look, token), s_hints, cancellationToken);
        return reply.Json() is JsonArray all
            && all.OfType<JsonObject>().Any(issue => ((string?)issue["body"])?.Contains(mark, StringComparison.Ordinal) == true);
    }

    private static WebRequest As(WebRequest request, SecretValue token) => request with
    {
        Authorization = new AuthenticationHeaderValue("Bearer", token.RevealText()),
        Headers = [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")],
    };
}
