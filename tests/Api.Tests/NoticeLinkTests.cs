using System.Text;
using System.Text.RegularExpressions;
using MimeKit;
using Rotunda.Activities.Notices;
using Rotunda.Api.Desk;
using Rotunda.Ledger;
using Rotunda.Interpreter;
using Rotunda.Rotation.Words;
using Rotunda.Testing.RealServers;

namespace Rotunda.Api.Tests;

/// <summary>Links that notices carry: from what a rotation asks to what a real mail server gets, and what an attacker can do with
/// it.</summary>
public sealed partial class NoticeLinkTests : IAsyncLifetime
{
    private const string Asks = "approval: { before: start, need: 2, timeout: 2d, from: { people: [anna, Ben, ada] } }";
    private static readonly CancellationToken None = CancellationToken.None;
    private MailServer _mails = null!;
    private NoticeHost _host = null!;

    public ValueTask InitializeAsync()
    {
        _mails = MailServer.Start(tls: false);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mails.DisposeAsync();
    }

    /// <summary>Not the requester, nobody whom the plan does not name, and no shared mailbox.</summary>
    [Fact]
    public async Task Each_person_whom_the_plan_names_gets_a_link_and_nobody_else()
    {
        await StartAsync();
        var id = await _host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested);
        await _host.TellAsync();
        await _host.SentAsync(3);

        Assert.Equal(
            ["anna@example.com True", "ben@example.com True", "team@example.com False"],
            _mails.Mails.Select(mail => $"{mail.To.Mailboxes.Single().Address} {LinkOf(mail) is not null}").Order(StringComparer.Ordinal));
        Assert.All(_mails.Mails, mail => Assert.Contains($"rotunda approve {id}", mail.TextBody, StringComparison.Ordinal));
        await NothingIsKeptAsync([CodeOf("anna"), CodeOf("ben")]);
    }

    [Fact]
    public async Task A_link_decides_once_as_its_person_on_that_plan()
    {
        await StartAsync();
        var until = _host.Clock.GetUtcNow() + TimeSpan.FromDays(2);
        await _host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested, until: until);
        await _host.TellAsync();
        await _host.SentAsync(3);
        var links = _host.Get<ApprovalLinks>();
        var (anna, ben) = (CodeOf("anna"), CodeOf("ben"));

        var (kept, _) = (await links.FindAsync(anna, None))!.Value;
        Assert.Equal(("anna", "a-key-1"), (kept.Person, kept.RotationId));
        Assert.Equal(until, kept.ExpiresAt);
        Assert.Equal(ControlOutcomeKind.Accepted, (await DecideAsync(kept)).Kind);

        // Replayed, also by one who looked it up before it was used; forged; and bent to another plan, rotation or person.
        Assert.Null(await links.FindAsync(anna, None));
        Assert.Equal(ControlOutcomeKind.NoCode, (await DecideAsync(kept, ControlVerb.Reject)).Kind);
        Assert.Equal(ControlOutcomeKind.NotAsked, (await DecideAsync(kept with { Person = "eve" })).Kind);
        Assert.Null(await links.FindAsync((ben[0] == '0' ? "1" : "0") + ben[1..], None));
        var (other, _) = (await links.FindAsync(ben, None))!.Value;
        Assert.Equal(ControlOutcomeKind.OtherPlan, (await DecideAsync(other with { PlanHash = new string('a', 64) })).Kind);
        var second = await _host.RotationAsync(
            RotationState.WaitingForApproval, RotationActions.ApprovalRequested, secret: "b-key");
        Assert.Equal(ControlOutcomeKind.OtherPlan, (await DecideAsync(other with { RotationId = second })).Kind);
        Assert.Equal(ControlOutcomeKind.NotAsked, (await DecideAsync(other with { Person = "eve" })).Kind);
        Assert.Equal(1, (await _host.Ledger.StandAsync("a-key-1", kept.StepId!, None)).Given);
        Assert.Equal(0, (await _host.Ledger.StandAsync(second, kept.StepId!, None)).Given);
    }

    /// <summary>As the engine does after a crash between the mail and its commit: the same attempt again.</summary>
    [Fact]
    public async Task A_mail_that_is_sent_again_leaves_one_link_that_works()
    {
        await StartAsync();
        var input = await AttemptAsync();
        var activity = _host.Get<NoticeActivity>();

        Assert.True((await activity.RunAsync(input, None)).Succeeded);
        Assert.True((await activity.RunAsync(input, None)).Succeeded);

        var codes = _mails.Mails.Select(mail => CodeOf(LinkOf(mail)!)).ToList();
        Assert.Equal(2, _mails.Mails.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Null(await _host.Get<ApprovalLinks>().FindAsync(codes[0], None));
        Assert.NotNull(await _host.Get<ApprovalLinks>().FindAsync(codes[1], None));

        await activity.RunAsync(input with { GivenUp = "no answer" }, None);
        Assert.Null(await _host.Get<ApprovalLinks>().FindAsync(codes[1], None));
        await NothingIsKeptAsync(codes);
    }

    [Fact]
    public async Task Who_has_answered_by_then_gets_nothing()
    {
        await StartAsync();
        var input = await AttemptAsync();
        var step = input.Message.StepId!;
        await _host.Ledger.DecideAsync(new DecisionInput("a-key-1", step, "anna", Verdicts.Approve, null, null), None);

        Assert.True((await _host.Get<NoticeActivity>().RunAsync(input, None)).Succeeded);
        Assert.Empty(_mails.Mails);

        await _host.RecordAsync("a-key-1", RotationState.Running, RotationActions.ApprovalGiven);
        Assert.True((await _host.Get<NoticeActivity>().RunAsync(
            input with { Message = input.Message with { Person = "ben" } }, None)).Succeeded);
        Assert.Empty(_mails.Mails);
    }

    [Fact]
    public async Task Who_is_asked_for_a_value_gets_a_form()
    {
        await StartAsync(
            "a-key: { strategy: supplied, provider: { type: manual }, owner: team, ask: { create: a key, from: [anna] } }");
        await _host.RotationAsync(RotationState.WaitingForValue, RotationActions.ValueRequested);
        await _host.TellAsync();
        await _host.SentAsync(2);

        var mail = Assert.Single(_mails.Mails, one => LinkOf(one) is not null);
        Assert.Equal("anna@example.com", mail.To.Mailboxes.Single().Address);
        Assert.StartsWith("https://rotunda.example.com/provide/a-key-1#", LinkOf(mail), StringComparison.Ordinal);
        var desk = _host.Get<ProvideDesk>();
        Assert.Equal("open", (await desk.LookAsync(CodeOf("anna"), None))!.State);
        Assert.Null(await _host.Get<ApprovalLinks>().FindAsync(CodeOf("anna"), None));
        using var value = SecretValue.FromText("canary-value-0123456789");
        var given = (await desk.ProvideByCodeAsync(CodeOf("anna"), value, None))!.Value;
        using var another = SecretValue.FromText("another-value-0123456789");
        Assert.Null(await desk.ProvideByCodeAsync(CodeOf("anna"), another, None));
        Assert.Contains("form [anna]", (await _host.RowsAsync(AuditActions.ValueProvided)).Select(row => row.Actor));
        await NothingIsKeptAsync([CodeOf("anna"), given.Next!]);
    }

    /// <summary>Without the server's address there is no link to make: the notice tells the command.</summary>
    [Fact]
    public async Task The_command_is_told_instead()
    {
        await StartAsync();
        _host.SetNotices(
            $"channels:\n  mail: {Mail()}\nroutes:\n  all: {{ to: [mail] }}");
        var id = await _host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested);
        await _host.TellAsync();
        await _host.SentAsync(1);

        var mail = Assert.Single(_mails.Mails);
        Assert.DoesNotContain("https://", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains($"Answer: rotunda approve {id}", mail.TextBody, StringComparison.Ordinal);
    }

    private async Task<NoticeAttempt> AttemptAsync()
    {
        await _host.RotationAsync(RotationState.WaitingForApproval, RotationActions.ApprovalRequested);
        var rotation = (await _host.Ledger.GetRotationAsync("a-key-1", None))!;
        var step = rotation.Plan.Steps.First(one => one.Kind == Rotunda.Rotation.Planning.StepKinds.Approval).Id;
        return new NoticeAttempt(
            "mail",
            new NoticeMessage("mail-0123", NoticeKind.NeedsApproval, NoticeSeverity.Warning, "a title", "a text", _host.Clock.GetUtcNow())
            {
                Secret = "a-key", RotationId = "a-key-1", Person = "anna", StepId = step,
            },
            1);
    }

    private Task<ControlOutcome> DecideAsync(CodeRecord code, ControlVerb verb = ControlVerb.Approve) =>
        _host.Get<ApprovalLinks>().DecideAsync(code, verb, "looked at it", signedIn: null, None);

    private string CodeOf(string person) => person.Contains('#', StringComparison.Ordinal)
        ? person.Split('#')[1]
        : CodeOf(LinkOf(_mails.Mails.Last(mail => mail.To.Mailboxes.Single().Address == $"{person}@example.com"))!);

    private static string? LinkOf(MimeMessage mail) => Link().Match(mail.TextBody ?? "") is { Success: true } found ? found.Value : null;

    /// <summary>Neither the ledger nor the engine's hub has a code, in no file of theirs.</summary>
    private async Task NothingIsKeptAsync(IReadOnlyList<string> codes)
    {
        var files = new List<string>();
        foreach (var file in Directory.GetFiles(_host.Folder, "*.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            await open.CopyToAsync(bytes, None);
            files.Add(Encoding.Latin1.GetString(bytes.ToArray()));
        }

        Assert.Contains(files, text => text.Contains("a-key-1", StringComparison.Ordinal));
        Assert.All(files, text => Assert.All(codes, code => Assert.DoesNotContain(code, text, StringComparison.Ordinal)));
    }

    private async Task StartAsync(string? secret = null) => _host = await NoticeHost.StartAsync(
        string.Join('\n',
            "link: https://rotunda.example.com",
            "people: { anna: anna@example.com, ben: ben@example.com, ada: ada@example.com, eve: eve@example.com }",
            $"channels:\n  mail: {Mail()}\n  more: {Mail()}",
            "routes:\n  all: { to: [mail] }\n  never: { to: [more], kinds: [drifted] }"),
        secret ?? $"a-key: {{ provider: {{ type: generated }}, owner: team, {Asks} }}\n"
            + $"b-key: {{ provider: {{ type: generated }}, {Asks} }}");

    private string Mail() =>
        $"{{ type: email, host: localhost, port: {_mails.Port}, security: none, from: rotunda@example.com, "
            + "to: [team@example.com, Anna <anna@example.com>] }";

    [GeneratedRegex(
        "https://rotunda.example.com/(decide|provide)/[a-z0-9-]+#[0-9a-f]{64}",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
