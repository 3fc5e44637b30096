using System.Text.Json.Nodes;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;
using static Rotunda.Schemas.CatalogSchema;

namespace Rotunda.Schemas;

/// <summary>The parts of the schema that do not depend on providers.</summary>
internal static class CatalogSchemaParts
{
    public static IReadOnlyDictionary<string, JsonObject> OwnKeysOfTarget => new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        ["group"] = Number("Targets of a lower group come first; those of one group side by side. Default: 0.", 0, CatalogWords.MaxGroup),
        ["confirmTimeout"] = Duration("How long arrival may take. Default: 5m."),
    };

    public static IReadOnlyDictionary<string, JsonObject> OwnKeysOfConsumer => new Dictionary<string, JsonObject>(StringComparer.Ordinal)
    {
        ["group"] = Number(
            "Restarted and checked when the targets up to this group have the value, before those of a higher one. Left out: when all "
                + "have.",
            0,
            CatalogWords.MaxGroup),
        ["checkTimeout"] = Duration(
            "How long it may take until it is well with what was delivered. Left out: what the provider's page says, else the retries."),
        ["whenDown"] = WhenDown("Left out: what the secret says."),
    };

    public static JsonObject Secret() => Closed("How one secret is rotated.", ["provider"], new JsonObject
    {
        ["description"] = Text("For people."),
        ["owner"] = Text("The team or person to ask."),
        ["was"] = new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = CatalogWords.NamePattern,
            ["description"] = "The name that it had before: its credentials, numbers and history go on under the new one.",
        },
        ["tags"] = TextList("For selecting many secrets at once."),
        ["strategy"] = Choice("How it is rotated. Default: the provider's first strategy.", CatalogWords.Strategies.Keys),
        ["provider"] = Ref("provider"),
        ["store"] = Ref("store"),
        ["value"] = Value(),
        ["interval"] = Ref(
            "frequency",
            "How often it rotates by schedule: a duration, never, or on-compromise (never by schedule, and an emergency when it leaks). "
                + "Left out: by its risk, else as the defaults say, else on request only."),
        ["cron"] = Text(
            "At which moments it rotates, instead of an interval: minute, hour, day of month, month, day of week. \"0 3 1 * *\" is 03:00 "
                + "on "
                + "the first of each month."),
        ["timeZone"] = Text("With cron: an IANA id such as Europe/Berlin. Default: UTC."),
        ["risk"] = Choice(
            "What its loss would mean; says how often where neither interval nor cron does: high 30d, database 60d, key (API keys, keys "
                + "that sign tokens) 90d, low 180d, infrastructure 365d, or what defaults.frequencies says.",
            CatalogWords.Risks.Keys),
        ["jitter"] = Duration(
            "By up to so much each run is put off, so that secrets of one interval do not all rotate at once. Default: 0s."),
        ["renewBefore"] = Duration(
            "How long before the credential in use ends by itself (at its provider) it is due, at most half of its life. Default: 7d."),
        ["window"] = Ref("window"),
        ["freezes"] = Named(
            "Times in which no scheduled rotation starts, by name; those of the defaults hold too.",
            ScheduleSchema.Freeze()),
        ["missed"] = Choice(
            "What becomes of a rotation that was due and whose window closed before it could start: it waits for the next-window, starts "
                + "at-once, or waits for a person (ask). Default: next-window.",
            CatalogWords.MissedRuns.Keys),
        ["after"] = ScheduleSchema.After(),
        ["group"] = new JsonObject
        {
            ["type"] = "string",
            ["pattern"] = CatalogWords.NamePattern,
            ["description"] = "The group that it is in: a name under \"groups\".",
        },
        ["paused"] = ScheduleSchema.Paused(),
        ["askAgain"] = Duration(
            "After how long it is due again where a person cancels or rejects a rotation and does not say (--again). Default: 1d."),
        ["grace"] = Duration("How long the old credential lives on after the new one is in use. Default: 24h."),
        ["tokenLifetime"] = Duration("With dual-key: how long a token signed with the old key lives. The grace is at least this."),
        ["verifierCache"] = Duration(
            "With dual-key: how long verifiers keep the keys that they have read. So long the new key is only accepted before it signs. "
                + "Default: none."),
        ["migration"] = Choice(
            "With re-encrypt: whether consumers run while rows are moved and read with both keys (online), or are stopped (offline). "
                + "Default: online.",
            CatalogWords.Migrations.Keys),
        ["whenDown"] = WhenDown("Default: refuse."),
        ["ask"] = Ask(),
        ["approval"] = Ref("approval"),
        ["evidence"] = Evidence(),
        ["revoke"] = Closed("How the old credential ends.", ["disableFor"], new JsonObject
        {
            ["disableFor"] = Duration(
                "For how long it is disabled, as a trial cut-off that a rollback takes back, before it is revoked for good."),
        }),
        ["onDrift"] = OnDrift(),
        ["retry"] = Ref("retry"),
        ["stepTimeout"] = Duration("For one attempt of a step. Default: 2m."),
        ["current"] = Closed("What is known of the credential in use when the secret is adopted.", [], new JsonObject
        {
            ["id"] = Text("The provider's id of it: a key id, or the account."),
            ["name"] = Text("Its name at the provider, instead of its id: it is found in the provider's list."),
            ["value"] = Ref("reference"),
        }),
        ["derived"] = Named(
            "Texts made of its values, by name, for the templates of its targets ({derived.NAME}): an address, a header.",
            Text("A template, such as postgresql://{username}:{password:uri}@db/app. It may have those above it in it.")),
        ["targets"] = Named("Where a new value is delivered, by name.", Ref("target")),
        ["consumers"] = Named("Who uses the credential, by name.", Ref("consumer")),
    });

    private static JsonObject WhenDown(string otherwise) => Choice(
        "If a consumer is down before the start: refuse the rotation, or proceed and not wait for it. " + otherwise,
        CatalogWords.WhenDowns.Keys);

    public static JsonObject Window(string description) => Closed(description, ["from", "to"], new JsonObject
    {
        ["days"] = new JsonObject
        {
            ["type"] = "array",
            ["description"] = "The days on which it opens. Left out: every day.",
            ["minItems"] = 1,
            ["uniqueItems"] = true,
            ["items"] = new JsonObject { ["enum"] = Strings(CatalogWords.Days.Keys) },
        },
        ["from"] = Time("Local time of day, inclusive."),
        ["to"] = Time("Exclusive. Before \"from\": the window runs past midnight."),
        ["timeZone"] = Text("An IANA id such as Europe/Berlin. Default: UTC."),
    });

    public static JsonObject Approval() => Closed("Asks a person.", ["before"], new JsonObject
    {
        ["before"] = Choice(
            "Before anything is touched (start), or before the old credential is revoked (revoke).",
            CatalogWords.Moments.Keys),
        ["timeout"] = Duration(
            "Without an answer for so long the rotation is cancelled (start) or stuck (revoke). Left out: waits for ever."),
        ["need"] = Number("How many people have to approve. Default: 1.", 1, 10),
        ["from"] = Closed("Who may. Left out: whoever may approve.", [], new JsonObject
        {
            ["roles"] = Names("Whoever has one of these roles: approver, admin."),
            ["people"] = Names("Owners of tokens, or ids in the directory."),
            ["teams"] = Names("Names under \"teams\"."),
        }),
        ["remind"] = Duration("How often those who have not answered are reminded. Left out: never."),
        ["escalate"] = Escalate(),
    });

    private static JsonObject Escalate() => Closed("Who is told besides, where nobody answers.", ["after", "to"], new JsonObject
    {
        ["after"] = Duration("Counted from when it was asked."),
        ["to"] = Names("The names of channels under \"notices\"."),
    });

    public static JsonObject Approvals() => Closed(
        "Asks a person about secrets of a risk class, where they do not say themselves.",
        [],
        new JsonObject(CatalogWords.Risks.Keys.Select(risk => KeyValuePair.Create(risk, (JsonNode?)Ref("approval")))));

    public static JsonObject Names(string description) => new()
    {
        ["type"] = "array",
        ["description"] = description,
        ["minItems"] = 1,
        ["items"] = new JsonObject { ["type"] = "string" },
    };

    public static JsonObject Retry() => Closed("How often and how fast a failed step is tried again.", [], new JsonObject
    {
        ["attempts"] = Number("All attempts, the first included. Default: 6.", 1, CatalogWords.MaxAttempts),
        ["first"] = Duration("The first pause; it doubles each time. Default: 5s."),
        ["max"] = Duration("The longest pause. Default: 5m."),
    });

    public static JsonObject Closed(string description, string[] required, JsonObject properties)
    {
        var schema = new JsonObject { ["type"] = "object", ["description"] = description, ["additionalProperties"] = false };
        if (required.Length > 0)
        {
            schema["required"] = Strings(required);
        }
        schema["properties"] = properties;
        return schema;
    }

    public static JsonObject Include()
    {
        static JsonObject Pattern() => new()
        {
            ["type"] = "string",
            ["description"] = "Files relative to the catalog's folder: \"*\" and \"?\" within a name, \"**\" for any folders. It has to "
                + "match one at least.",
            ["examples"] = new JsonArray("teams/*.yaml", "teams/**/*.yaml"),
        };
        static JsonArray Forms() => [Pattern(), Closed("With more to say of it.", ["files"], new JsonObject
        {
            ["files"] = Pattern(),
            ["optional"] = new JsonObject { ["type"] = "boolean", ["description"] = "It may match no file. Default: false." },
        })];

        return new JsonObject
        {
            ["description"] = "Files with more secrets, relative to the catalog's folder. All are read as one catalog.",
            ["anyOf"] = new JsonArray(
            [
                .. Forms().Select(form => form!.DeepClone()),
                new JsonObject { ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["anyOf"] = Forms() } },
            ]),
        };
    }

    public static JsonObject OnDrift() => Choice(
        "What a rotation does where a target holds what Rotunda did not put there: change nothing and end (stop), or write over it "
            + "(overwrite). Default: stop.",
        CatalogWords.DriftActions.Keys);

    private static JsonObject Value() => Closed("How a value is made where Rotunda makes it.", [], new JsonObject
    {
        ["format"] = Choice("Default: text.", CatalogWords.Formats.Keys),
        ["length"] = Number(
            $"Characters for text (to {CatalogWords.MaxTextLength}), random bytes for hex, base64 and base64url (to "
                + $"{CatalogWords.MaxBytesLength}). Default: {ValueRule.Default.Length} characters or 32 bytes.",
            CatalogWords.MinLength, CatalogWords.MaxTextLength),
        ["alphabet"] = Text($"The characters of a text, or one of {Alphabets.Names}. Default: letters-and-digits."),
        ["prefix"] = Text("Put in front, for example whsec_."),
    });

    private static JsonObject Ask() =>
        Closed("With supplied: what a person is asked for. What is left out is as the provider's page says.", [], new JsonObject
        {
            ["create"] = Text("What to make: \"a key with the role Developer\"."),
            ["link"] = Text("The page where it is made, and where the old one is ended."),
            ["scopes"] = TextList("What it has to be allowed to do."),
            ["name"] = Text("The name to give it there. Default: the rotation's."),
            ["from"] = Names("Who gets a one-time form for it by mail, of those under \"people\" of \"notices\". Left out: nobody."),
            ["due"] = Duration("By when it is to be given, from when it is asked for. Default: 7d."),
            ["remindEvery"] = Duration("How often the person is reminded. Default: 1d."),
            ["escalate"] = Escalate(),
            ["expiresAfter"] = Duration("After so long without a value the rotation ends, and nothing has changed. Default: 14d."),
            ["value"] = Closed("What the value looks like. It is checked before the value is taken.", [], new JsonObject
            {
                ["prefix"] = Text("What it begins with."),
                ["pattern"] = Text("A regular expression for the whole value."),
                ["minLength"] = Number($"Default: {ValueShape.Shortest}.", 1, ValueShape.Longest),
                ["maxLength"] = Number($"Default: {ValueShape.Longest}.", 1, ValueShape.Longest),
                ["lineEnds"] = new JsonObject
                {
                    ["type"] = "boolean", ["description"] = "It may have several lines, as a private key. Default: false.",
                },
            }),
        });

    private static JsonObject Evidence() =>
        Closed("Waits for proof that nobody uses the old credential any more.", ["quietFor", "timeout"], new JsonObject
        {
            ["quietFor"] = Duration("How long the old credential must have been unused."),
            ["timeout"] = Duration("How long to wait for that."),
            ["onTimeout"] = Choice(
                "What then: wait for a person (stuck), or go on (proceed). Default: stuck.",
                CatalogWords.TimeoutActions.Keys),
        });

    public static JsonObject Text(string description) =>
        new() { ["type"] = new JsonArray("string", "number", "boolean"), ["description"] = description };

    public static JsonObject TextList(string description) => new()
    {
        ["type"] = "array", ["description"] = description, ["uniqueItems"] = true, ["items"] = new JsonObject
        {
            ["type"] = new JsonArray("string", "number", "boolean"),
        },
    };

    public static JsonObject Choice(string description, IEnumerable<string> choices) =>
        new() { ["enum"] = Strings(choices), ["description"] = description };

    public static JsonObject Duration(string description) => Ref("duration", description);

    public static JsonObject Number(string description, int min, int max) =>
        new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max, ["description"] = description };

    public static JsonObject Time(string description) =>
        new() { ["type"] = "string", ["pattern"] = CatalogWords.TimePattern, ["description"] = description };
}
