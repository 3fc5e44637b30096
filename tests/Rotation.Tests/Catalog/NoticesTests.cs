using System.Runtime.CompilerServices;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Rotation.Tests.Catalog;

/// <summary>Who is told what, as the catalog says it.</summary>
public sealed class NoticesTests
{
    private const string Full = """
        version: 1
        notices:
          link: https://rotunda.example.com/
          before: 24h
          contact: platform@example.com
          channels:
            on-call: { type: pager, key: env:PAGER }
            team:
              type: pager
              key: env:TEAM
              quietHours: { from: "20:00", to: "07:00", timeZone: Europe/Berlin }
              digest: { at: "09:00", timeZone: Europe/Berlin }
          routes:
            urgent: { to: [on-call], severity: urgent }
            payments: { to: [team], owner: payments, tags: [prod, stage] }
            drift: { to: [team, on-call], kinds: [drifted, stuck] }
        secrets:
          a-key: { provider: { type: generated }, owner: payments, tags: [prod, stage] }
          b-key: { provider: { type: generated }, owner: payments }
        """;

    [Fact]
    public void Channels_and_routes_are_read_with_everything_in_its_place()
    {
        var read = CatalogReaderTests.Read(Full);

        Assert.Empty(read.Problems);
        Assert.Empty(read.Warnings);
        var notices = read.Catalog!.Notices!;
        Assert.Equal("https://rotunda.example.com", notices.Link);
        Assert.Equal((TimeSpan.FromDays(1), "platform@example.com"), (notices.Before, notices.Contact));
        var team = notices.Channels["team"];
        Assert.Equal(("pager", "env:TEAM"), (team.Provider.Type, (string?)team.Provider.Settings["key"]));
        Assert.Equal(new NoticeDigest(new TimeOnly(9, 0), "Europe/Berlin"), team.Digest);
        Assert.Equal((new TimeOnly(20, 0), new TimeOnly(7, 0)), (team.QuietHours!.From, team.QuietHours.To));
        Assert.Null(notices.Channels["on-call"].QuietHours);
    }

    [Fact]
    public void Own_words_are_filled_with_facts_once_and_a_title_stays_one_line()
    {
        var texts = CatalogReaderTests.Read(Full.Replace(
            "  contact:",
            "  texts: { stuck: { title: \"{severity}: {secret} of {owner}, {title}\", text: \"{text} See {link}. {rotation}\" }, "
                + "failed: { text: x } }\n  contact:",
            StringComparison.Ordinal)).Catalog!.Notices!.Texts;
        var message = new NoticeMessage("id", NoticeKind.Stuck, NoticeSeverity.Urgent, "It is\nstuck", "{secret} is text.", default)
        {
            Secret = "a-key", Owner = "payments", Link = "https://rotunda.example.com/x",
        };

        var told = texts[NoticeKind.Stuck].Fill(message);

        Assert.Equal("urgent: a-key of payments, It is stuck", told.Title);
        Assert.Equal("{secret} is text. See https://rotunda.example.com/x.", told.Text);
        Assert.Equal(message with { Text = "x" }, texts[NoticeKind.Failed].Fill(message));
    }

    [Theory]
    [InlineData("stuk: { text: x }", "there is no notice \"stuk\"")]
    [InlineData("stuck: { text: \"{value}\" }", "nothing is called {value}")]
    [InlineData("stuck: { text: \"{Secret}\" }", "Did you mean \"secret\"?")]
    [InlineData("stuck: {}", "has neither title nor text")]
    [InlineData("stuck: { title: \"a\\nb\" }", "a title is one")]
    [InlineData("stuck: { words: x }", "words")]
    public void Own_words_that_say_nothing_or_name_what_is_not_there_are_refused(string texts, string problem)
    {
        var read = CatalogReaderTests.Read(Full.Replace("  contact:", $"  texts: {{ {texts} }}\n  contact:", StringComparison.Ordinal));

        Assert.Contains(read.Problems, one => one.ToString().Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(NoticeKind.Stuck, "a-key", "on-call team")]
    [InlineData(NoticeKind.Stuck, "b-key", "on-call team")]
    [InlineData(NoticeKind.Failed, "a-key", "on-call team")]
    [InlineData(NoticeKind.Failed, "b-key", "on-call")]
    [InlineData(NoticeKind.Succeeded, "a-key", "team")]
    [InlineData(NoticeKind.Succeeded, "b-key", "")]
    [InlineData(NoticeKind.Drifted, "b-key", "on-call team")]
    [InlineData(NoticeKind.NotInCatalog, "gone-key", "")]
    public void A_notice_goes_to_the_channels_of_each_route_that_takes_it(NoticeKind kind, string secret, string channels)
    {
        var catalog = CatalogReaderTests.Read(Full).Catalog!;

        var to = catalog.Notices!.ChannelsFor(kind, catalog.Policies.GetValueOrDefault(secret)).Select(channel => channel.Name);

        Assert.Equal(channels, string.Join(' ', to.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("{ to: [on-cal], kinds: [stuck] }", "there is no channel \"on-cal\". Did you mean \"on-call\"?")]
    [InlineData("{ to: [] }", "names no channel")]
    [InlineData("{ severity: urgent }", "names no channel")]
    [InlineData("{ to: [on-call], kinds: [stuk] }", "there is no notice \"stuk\"")]
    [InlineData("{ to: [on-call], kinds: [digest] }", "there is no notice \"digest\"")]
    [InlineData("{ to: [on-call], kinds: [succeeded], severity: urgent }", "none of its kinds presses so much")]
    [InlineData("{ to: [on-call], severity: loud }", "loud")]
    [InlineData("{ to: [on-call], owners: [a] }", "unknown key \"owners\"")]
    public void A_route_that_is_wrong_is_told(string route, string expected) => Assert.Contains(
        expected,
        Problems($"channels: {{ on-call: {{ type: pager, key: env:K }} }}\n  routes: {{ all: {route} }}"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("{ type: pager, key: a-literal-key }", "env:NAME")]
    [InlineData("{ type: pager }", "the key \"key\" is missing")]
    [InlineData("{ type: generated }", "cannot send notices (a channel)")]
    [InlineData("{ type: page }", "Did you mean \"pager\"?")]
    [InlineData("{ type: pager, key: env:K, digest: { at: \"9\" } }", "digest.at")]
    [InlineData("{ type: pager, key: env:K, quietHours: { from: \"07:00\", to: \"07:00\" } }", "quietHours.to")]
    public void A_channel_that_is_wrong_is_told(string channel, string expected)
    {
        var problems = Problems($"channels: {{ on-call: {channel} }}\n  routes: {{ all: {{ to: [on-call] }} }}");

        Assert.Contains(expected, problems, StringComparison.Ordinal);
        Assert.DoesNotContain("a-literal-key", problems, StringComparison.Ordinal);
        Assert.DoesNotContain("routes", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_with_a_password_in_it_is_refused_and_not_repeated()
    {
        var problems = Problems(
            "link: https://ada:hunter2@rotunda.example.com\n  channels: { a: { type: pager, key: env:K } }\n"
                + "  routes: { all: { to: [a] } }");

        Assert.Contains("notices.link", problems, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("link: https://r.example.com", "{ anna: anna@example.com, Anna: other@example.com }", "upper and lower case are one")]
    [InlineData("link: https://r.example.com", "{ anna: a@example.com, ben: A@example.com }", "has the address of anna")]
    [InlineData("link: https://r.example.com", "{ anna: \"a@example.com, b@example.com\" }", "is not one mail address")]
    [InlineData("link: https://r.example.com", "{ \"anna [x]\": a@example.com }", "is no name of a person")]
    [InlineData("link: http://r.example.com", "{ anna: a@example.com }", "must start with https://")]
    [InlineData("contact: ada", "{ anna: a@example.com }", "has no effect without \"link\"")]
    public void A_persons_address_is_one_that_only_they_read(string link, string people, string problem) => Assert.Contains(
        problem,
        Problems($"{link}\n  people: {people}\n  channels: {{ a: {{ type: post, to: [x] }} }}\n  routes: {{ all: {{ to: [a] }} }}"),
        StringComparison.Ordinal);

    [Fact]
    public void People_whom_no_channel_reaches_are_warned_of()
    {
        var read = CatalogReaderTests.Read(Of(
            "link: https://r.example.com\n  people: { anna: a@example.com }\n"
                + "  channels: { a: { type: pager, key: env:K } }\n  routes: { all: { to: [a] } }"));

        Assert.Contains("no channel can write to one person", Assert.Single(read.Warnings).ToString(), StringComparison.Ordinal);
        Assert.Equal("a@example.com", read.Catalog!.Notices!.People["ANNA"]);
        Assert.False(read.Catalog.Notices.Channels["a"].ReachesPeople);
    }

    [Fact]
    public void A_digest_in_the_quiet_hours_is_warned_of_and_a_contact_that_nobody_reads_is_refused()
    {
        const string Channel = "channels: { a: { type: pager, key: env:K, quietHours: { from: \"20:00\", to: \"07:00\" }, "
            + "digest: { at: \"06:00\" } } }\n  routes: { all: { to: [a] } }";

        Assert.Contains(
            CatalogReaderTests.Read(Of(Channel)).Warnings,
            warning => warning.ToString().Contains("lies in the quiet hours", StringComparison.Ordinal));
        Assert.Contains("no effect without \"before\"", Problems("contact: ada\n  " + Channel), StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_take_nothing_is_warned_of()
    {
        var warnings = CatalogReaderTests.Read(Of(
            "channels: { a: { type: pager, key: env:K }, b: { type: pager, key: env:K } }\n"
                + "  routes: { all: { to: [a], owner: nobody, tags: [none] } }")).Warnings.Select(warning => warning.ToString());

        Assert.Equal(3, warnings.Count());
        Assert.Contains(warnings, warning => warning.Contains("no route leads to b", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("no secret has the owner \"nobody\"", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("no secret has the tag \"none\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_and_key_is_in_the_docs_with_its_severity()
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/notices.md"));

        Assert.All(NoticeKinds.All, facts => Assert.Contains(
            $"| `{facts.Name}` | {NoticeKinds.NameOf(facts.Severity)} | {facts.Meaning} |", page, StringComparison.Ordinal));
        string[][] keys = [CatalogWords.Notices, CatalogWords.Channel, CatalogWords.Digest, CatalogWords.Route];
        Assert.All(keys.SelectMany(key => key), key => Assert.Contains($"`{key}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_kind_has_one_name_and_one_row()
    {
        var routed = Enum.GetValues<NoticeKind>().Except([NoticeKind.Digest, NoticeKind.Test]);

        Assert.Equal(routed.Order(), NoticeKinds.All.Select(facts => facts.Kind).Order());
        Assert.Equal(NoticeKinds.All.Count, NoticeKinds.All.Select(facts => facts.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(NoticeKinds.All, facts => Assert.Equal(facts.Kind, NoticeKinds.Of(NoticeKinds.Prefix + facts.Name)));
    }

    private static string Problems(string notices) => string.Join('\n', CatalogReaderTests.Read(Of(notices)).Problems);

    private static string Of(string notices) =>
        $"version: 1\nnotices:\n  {notices}\nsecrets:\n  a-key: {{ provider: {{ type: generated }} }}\n";

    private static string Here([CallerFilePath] string path = "") => path;
}
