using Rotunda.Api.Views;
using Rotunda.Rotation.Planning;
using Rotunda.Rotation.Words;
using Rotunda.Server.Hosting;
using Spectre.Console;

namespace Rotunda.Server.Commands.Demo;

/// <summary>Tells the demo, and checks each thing it tells.</summary>
internal sealed class DemoStory(Terminal terminal, DemoWorld world)
{
    private readonly IAnsiConsole _console = terminal.Pretty;
    private bool _allTrue = true;

    /// <returns>True if everything really happened.</returns>
    public async Task<bool> TellAsync(CancellationToken cancellationToken)
    {
        Say(
            $"A Rotunda server runs at [bold]{world.Url}[/]. A service with two instances signs tokens with one key: {world.Newer.Url} "
                + $"and {world.Older.Url}.");
        Say("From here on, users show each instance the tokens of the other, all the time.");
        await using var traffic = new DemoTraffic(world.Newer, world.Older);
        var first = await SucceedAsync(cancellationToken);
        await RollBackAsync(first, cancellationToken);

        Chapter("What is left");
        Check(
            traffic is { Accepted: > 0, Refused: 0 },
            $"{traffic.Accepted} tokens were shown during all this; {traffic.Refused} were refused");
        using var ledger = Parts.OpenLedger(world.Data, null);
        var audit = await ledger.VerifyAuditAsync(cancellationToken);
        Check(audit.Intact, $"the audit's chain of {audit.Rows} rows is intact");
        return _allTrue;
    }

    /// <returns>The fingerprint of the key now in use.</returns>
    private async Task<string?> SucceedAsync(CancellationToken cancellationToken)
    {
        Chapter("1. A rotation, with an approval and a grace period");
        var before = await world.Newer.PrimaryAsync(cancellationToken);
        var oldToken = await world.Newer.TokenAsync(cancellationToken);
        Say("A user holds a token that is signed with the old key. You ask for a rotation:");
        var id = await RotateAsync("a demo", cancellationToken);
        var follower = new RotationFollower(world.You, terminal);
        await follower.UntilAsync(
            id,
            v => v.Rotation.State == RotationState.WaitingForApproval || v.Rotation.State.IsFinal(),
            quiet: false,
            cancellationToken);

        Say("You asked for it, so you may not approve it yourself:");
        Check(await RefusesOwnApprovalAsync(id, cancellationToken), "your own approval is refused");
        Say("Alice approves:");
        await ApproveAsync(id, cancellationToken);
        await follower.UntilAsync(
            id,
            v => v.Rotation.State == RotationState.Grace || v.Rotation.State.IsFinal(),
            quiet: false,
            cancellationToken);

        Say("The new key signs. The old token must still be good until the grace period is over:");
        Check(
            await world.Newer.AcceptsAsync(oldToken, cancellationToken) && await world.Older.AcceptsAsync(oldToken, cancellationToken),
            "both instances still take the old token");
        var done = await follower.UntilAsync(
            id,
            v => v.Rotation.State.IsFinal() || v.Rotation.State == RotationState.Stuck,
            quiet: false,
            cancellationToken);
        Check(done.Rotation.State == RotationState.Succeeded, "the rotation succeeded");
        var after = await world.Newer.PrimaryAsync(cancellationToken);
        Check(
            after != before && after == await world.Older.PrimaryAsync(cancellationToken),
            $"both instances sign with the new key (fingerprint {after})");
        Check(!await world.Newer.AcceptsAsync(oldToken, cancellationToken), "the old key is refused now");
        return after;
    }

    private async Task RollBackAsync(string? inUse, CancellationToken cancellationToken)
    {
        Chapter("2. A rotation that fails and goes back");
        Say("Someone changes the catalog: longer keys from now on. Instance two is older and cannot work with them.");
        var before = await PlanAsync(cancellationToken);
        await world.TightenRuleAsync(cancellationToken);
        while ((await PlanAsync(cancellationToken)).CatalogHash == before.CatalogHash)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }

        var id = await RotateAsync("longer keys", cancellationToken);
        var follower = new RotationFollower(world.You, terminal);
        await follower.UntilAsync(
            id,
            v => v.Rotation.State == RotationState.WaitingForApproval || v.Rotation.State.IsFinal(),
            quiet: true,
            cancellationToken);
        await ApproveAsync(id, cancellationToken);
        var done = await follower.UntilAsync(
            id,
            v => v.Rotation.State.IsFinal() || v.Rotation.State == RotationState.Stuck,
            quiet: false,
            cancellationToken);
        Check(done.Rotation.State == RotationState.RolledBack, "the rotation was rolled back");
        Check(
            inUse == await world.Newer.PrimaryAsync(cancellationToken) && inUse == await world.Older.PrimaryAsync(cancellationToken),
            $"both instances sign with the key from before (fingerprint {inUse})");
        var token = await world.Newer.TokenAsync(cancellationToken);
        Check(await world.Older.AcceptsAsync(token, cancellationToken), "tokens are good");
    }

    private async Task<string> RotateAsync(string reason, CancellationToken cancellationToken)
    {
        var body = new StartBody(DemoWorld.Secret, reason, RotationTrigger.Manual);
        return (await world.You.PostAsync(
            "api/rotations",
            body,
            ApiJson.Default.StartBody,
            ApiJson.Default.StartedView,
            null,
            cancellationToken)).RotationId;
    }

    private Task<RotationPlan> PlanAsync(CancellationToken cancellationToken) =>
        world.You.GetAsync($"api/secrets/{DemoWorld.Secret}/plan", ApiJson.Default.RotationPlan, cancellationToken);

    private async Task<bool> RefusesOwnApprovalAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await ApproveAsync(world.You, id, cancellationToken);
            return false;
        }
        catch (CommandException refused)
        {
            return refused.ExitCode == ExitCodes.Refused;
        }
    }

    private Task<ControlView> ApproveAsync(string id, CancellationToken cancellationToken) =>
        ApproveAsync(world.Alice, id, cancellationToken);

    private static Task<ControlView> ApproveAsync(ApiClient who, string id, CancellationToken cancellationToken) =>
        who.PostAsync(
            $"api/rotations/{id}/approve",
            new ControlBody("looks good"),
            ApiJson.Default.ControlBody,
            ApiJson.Default.ControlView,
            null,
            cancellationToken);

    private void Chapter(string title)
    {
        _console.WriteLine();
        _console.Write(new Rule($"[bold]{Markup.Escape(title)}[/]").LeftJustified());
    }

    /// <param name="markup">Constant texts and addresses only.</param>
    private void Say(string markup) => _console.MarkupLine(markup);

    private void Check(bool holds, string what)
    {
        _allTrue &= holds;
        _console.MarkupLine(holds ? $"  [green]✓[/] {Markup.Escape(what)}" : $"  [red]✗ not so:[/] {Markup.Escape(what)}");
    }
}
