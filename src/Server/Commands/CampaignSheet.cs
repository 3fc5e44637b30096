using System.Globalization;
using Rotunda.Campaigns.Views;
using Rotunda.Rotation.Words;
using Spectre.Console;

namespace Rotunda.Server.Commands;

/// <summary>Campaigns as people read them in a terminal.</summary>
internal static class CampaignSheet
{
    private const int Shown = 20;

    public static string Secrets(int count) => string.Create(
        CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "secret" : "secrets")}");

    public static void Preview(Terminal terminal, CampaignPreview preview)
    {
        var to = terminal.Pretty;
        to.MarkupLineInterpolated(
            $"[bold]{preview.Kind}[/] campaign of {Secrets(preview.Members)} ({preview.Selector ?? "all"}), about {Long(preview.Seconds)}");
        to.WriteLine(
            $"  {preview.AtOnce} at once, {preview.PerProvider} at one provider"
                + (preview.RevokeFirst ? ", old credentials are revoked first" : ""));
        to.WriteLine($"  by risk: {string.Join(", ", preview.Risks.Select(one => $"{one.Risk ?? "none"} {one.Members}"))}");
        foreach (var provider in preview.Providers.Take(Shown))
        {
            to.WriteLine($"  at {provider.Provider}: {Secrets(provider.Members)}, about {Long(provider.Seconds)}"
                + (provider.Known ? "" : " (a guess: no rotation there has ended yet)"));
        }

        foreach (var one in preview.Order.Take(Shown))
        {
            var note = one.Note is null ? "" : ": " + one.Note;
            var places = one.Exposure == 1 ? "place" : "places";
            to.MarkupLineInterpolated(
                $"  {one.Place,4}. [bold]{one.Secret}[/]  {one.Risk ?? "no risk"}, in {one.Exposure} {places}, {one.Provider}{note}");
        }

        More(to, preview.Members);
        Notes(to, "will need a person", preview.NeedPeople);
        Notes(to, "cannot rotate now", preview.CannotNow);
        Notes(to, "left out", preview.LeftOut);
        to.WriteLine($"Preview {preview.Hash}");
    }

    public static void List(Terminal terminal, CampaignList list)
    {
        if (list.Campaigns.Count == 0)
        {
            terminal.Pretty.WriteLine("There was no campaign. Look at one before it starts: rotunda campaign preview --select tag=…");
            return;
        }

        foreach (var one in list.Campaigns)
        {
            terminal.Pretty.MarkupLineInterpolated($"[bold]{one.Id}[/]  {StateOf(one)}, {one.Percent}% of {Secrets(one.Counts.Members)}");
            terminal.Pretty.WriteLine($"  {one.Kind}{(one.Incident is null ? "" : " " + one.Incident)}, {one.Selector ?? "all"}, "
                + $"started {At(one.CreatedAt)} by {one.RequestedBy}: {one.Reason}");
        }
    }

    public static void Show(Terminal terminal, CampaignView view)
    {
        var to = terminal.Pretty;
        var (one, counts) = (view.Campaign, view.Campaign.Counts);
        to.MarkupLineInterpolated($"[bold]{one.Id}[/]  {Line(view)}");
        to.WriteLine($"  {one.Kind}{(one.Incident is null ? "" : " " + one.Incident)}, {one.Selector ?? "all"}, "
            + $"started {At(one.CreatedAt)} by {one.RequestedBy}: {one.Reason}");
        if (view.ChangedBy is { } by)
        {
            to.WriteLine($"  {one.State} {At(view.ChangedAt!.Value)} by {by}: {view.ChangedWhy}");
        }

        to.WriteLine($"  to come {counts.ToCome}, moving {counts.Moving}, need a person {counts.NeedPerson}, stuck {counts.Stuck}, "
            + $"grace {counts.Grace}, done {counts.Done}, failed {counts.Failed}");
        foreach (var risk in view.Exposure)
        {
            to.WriteLine($"  {risk.Risk ?? "no risk"}: old value in use {risk.OldInUse}, old one still works {risk.OldWorks}, "
                + $"dead {risk.Dead} of {risk.Members}");
        }

        Members(to, "look at", view.Look);
        Members(to, "waits", view.Waiting);
        if (view.Can.Where(can => can.Allowed).Select(can => can.Verb).ToList() is { Count: > 0 } verbs)
        {
            to.WriteLine($"  You may {string.Join(", ", verbs)} it. How: rotunda campaign --help");
        }
    }

    /// <summary>"running: 42% done, 310 of 500 new values in use, about 3m left".</summary>
    public static string Line(CampaignView view)
    {
        var (one, counts) = (view.Campaign, view.Campaign.Counts);
        return string.Create(
            CultureInfo.InvariantCulture, $"{StateOf(one)}: {one.Percent}% done, {counts.InUse} of {counts.Members} new values in use")
            + (view.SecondsLeft is { } left ? $", about {Long(left)} left" : "");
    }

    /// <summary>A campaign is done when nothing moves any more, which is not to say that all went well.</summary>
    private static string StateOf(CampaignSummary one) =>
        one.Counts.Failed == 0 ? $"{one.State}" : string.Create(CultureInfo.InvariantCulture, $"{one.State}, {one.Counts.Failed} failed");

    private static void Members(IAnsiConsole to, string what, IReadOnlyList<MemberView> members)
    {
        foreach (var one in members.Take(Shown))
        {
            to.MarkupLineInterpolated($"  {what}: [bold]{one.Secret}[/] {one.Phase}: {one.Why}");
            if (one.RotationId is not null)
            {
                to.WriteLine($"    See: rotunda show {one.RotationId}");
            }
        }

        More(to, members.Count);
    }

    private static void Notes(IAnsiConsole to, string what, PreviewNotes notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        to.MarkupLineInterpolated($"[bold]{what}[/]: {Secrets(notes.Count)}");
        foreach (var one in notes.First.Take(Shown))
        {
            to.WriteLine($"  {one.Secret}: {one.Why}");
        }

        More(to, notes.Count);
    }

    private static void More(IAnsiConsole to, int count)
    {
        if (count > Shown)
        {
            to.WriteLine($"  and {count - Shown} more (--json has them)");
        }
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Long(long seconds) => DurationText.Format(TimeSpan.FromSeconds(seconds));
}
