using System.Globalization;
using System.Text;

namespace Rotunda.Page.Tests;

/// <summary>A catalog as a small company has it: real providers and targets of this machine, and short waits where tests end
/// them.</summary>
internal static class WorldCatalog
{
    private const string Approval = "approval: { before: start, timeout: 2d }";

    /// <summary>Secrets that one test each may do with what it likes.</summary>
    public static IReadOnlyDictionary<string, string> Own { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["own-approve"] = Approval, ["own-reject"] = Approval, ["own-cancel"] = Approval, ["own-live"] = Approval, ["own-away"] = Approval,
        ["own-rollback"] = "grace: 2d", ["own-skip"] = "grace: 2d", ["own-extend"] = "grace: 2d",
        ["own-resume"] = "approval: { before: revoke, timeout: 1s }",
        ["own-fleet-quick"] = "grace: 1s", ["own-fleet-asked"] = Approval,
        ["own-rotate"] = "grace: 2d", ["own-deliver"] = "grace: 1s", ["own-leaked"] = Approval, ["own-leaked-too"] = Approval,
        ["own-two"] = "approval: { before: start, need: 2, timeout: 2d }",
        ["own-by-link"] = Approval, ["own-wordless"] = Approval, ["own-reviewed"] = Approval,
    };

    /// <summary>Secrets whose values people give, for one test each but the last two, which wait for ever.</summary>
    public static IReadOnlyList<string> Given { get; } = ["given-here", "given-by-link", "bank-feed", "payroll-key"];

    public static string Text { get; } = Write();

    /// <summary>The calendar of change freezes that one secret keeps to: one from yesterday to the day after tomorrow.</summary>
    public static string Freezes { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        BEGIN:VCALENDAR
        BEGIN:VEVENT
        UID:sale
        DTSTART;VALUE=DATE:{DateTime.UtcNow.AddDays(-1):yyyyMMdd}
        DTEND;VALUE=DATE:{DateTime.UtcNow.AddDays(3):yyyyMMdd}
        SUMMARY:Sale week
        END:VEVENT
        END:VCALENDAR
        """);

    private static string Write()
    {
        var text = new StringBuilder("version: 1\nsecrets:\n");
        Add(
            text, "orders-jwt", "Signs the tokens that the order service gives to shops", "payments", "production, pci", 90,
            Approval, "window: { days: [mon, tue, wed, thu], from: \"09:00\", to: \"16:00\", timeZone: Europe/Berlin }", "grace: 24h");
        Add(text, "webhook-signing", "Signs the webhooks that partners check", "integrations", "production", 30, "grace: 2d");
        Add(
            text, "session-cookies", "Seals the session cookies of the shop", "shop", "production", 60,
            "approval: { before: revoke, timeout: 1s }");
        Add(
            text, "search-api", "What the search front end shows to its back end", "search", "staging", 5,
            "freezes: { shop: { feed: ./freezes.ics } }");
        Add(text, "mail-relay", "Its folder is gone, so it cannot be delivered", "platform", "staging", 30);
        text.Replace("app/mail-relay.env", "gone/mail-relay.env");
        Add(text, "fleet-quick", "A key of the fleet", "platform", "fleet", 400, "risk: high");
        Add(text, "fleet-asked", "A key of the fleet", "platform", "fleet", 400, Approval, "risk: key");
        Add(text, "fleet-broken", "Its folder is gone, so it cannot be delivered", "platform", "fleet", 400);
        text.Replace("app/fleet-broken.env", "gone/fleet-broken.env");
        foreach (var (name, owner, days) in new[]
        {
            ("reports-hmac", "finance", 3), ("partner-a-webhook", "integrations", 4), ("partner-b-webhook", "integrations", 4),
            ("edge-tokens", "platform", 2), ("newsletter-links", "marketing", 6), ("image-urls", "shop", 7), ("invite-links", "shop", 2),
        })
        {
            Add(text, name, $"A key of the {owner} team", owner, "production", days);
        }

        Add(
            text, "release-signing", "Rests while a release is made", "platform", "production", 20,
            Freeze(TimeProvider.System.GetUtcNow()));
        foreach (var (name, rule) in Own)
        {
            Add(text, name, "For one test", "tests", "own", 400, rule);
        }

        foreach (var name in Given)
        {
            AddGiven(text, name);
        }

        return text.ToString();
    }

    private static string Freeze(DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"freezes: {{ release-week: {{ from: {now.AddDays(1):yyyy-MM-dd}, to: {now.AddDays(3):yyyy-MM-dd}, timeZone: UTC }} }}");

    private static void AddGiven(StringBuilder text, string name) => text.Append(
        CultureInfo.InvariantCulture,
        $$"""
              {{name}}:
                description: "A key that people make"
                owner: finance
                provider: { type: manual }
                interval: 180d
                grace: 1s
                ask:
                  create: an API key of the user rotunda
                  link: https://payroll.example.com/keys
                  scopes: [read reports, write reports]
                  value: { prefix: pay- }
                targets:
                  {{name}}-env: { type: dotenv, path: app/{{name}}.env, keys: { KEY: "{value}" } }

            """);

    private static void Add(StringBuilder text, string name, string description, string owner, string tags, int days, params string[] more)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
              {{name}}:
                description: "{{description}}"
                owner: {{owner}}
                tags: [{{tags}}]
                strategy: dual-key
                provider: { type: generated }
                value: { format: base64url, length: 32 }
                interval: {{days}}d
                tokenLifetime: 1s
                verifierCache: 0s
                targets:
                  {{name}}-env: { type: dotenv, path: app/{{name}}.env, keys: { KEY: "{primary}", KEY_OLD: "{secondary}" } }

            """);
        foreach (var line in more.Any(one => one.StartsWith("grace", StringComparison.Ordinal)) ? more : [.. more, "grace: 1s"])
        {
            text.Append(CultureInfo.InvariantCulture, $"    {line}\n");
        }
    }
}
