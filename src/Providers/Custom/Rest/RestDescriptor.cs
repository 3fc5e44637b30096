using Rotunda.Providers.Vendors;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom.Rest;

internal static class RestDescriptor
{
    public const string Token = "token";
    public const string Parameters = "parameters";
    public const string Issue = "issue";
    public const string List = "list";
    public const string Verify = "verify";
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string Revoke = "revoke";
    public const string Check = "check";

    /// <summary>Where the settings do not say what the system is called.</summary>
    public const string Unnamed = "The API";

    /// <summary>What each call's templates may name besides the parameters.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Placeholders = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [Issue] = ["label"],
        [List] = ["next"],
        [Verify] = ["id", "value"],
        [Disable] = ["id"],
        [Enable] = ["id"],
        [Revoke] = ["id"],
        [Check] = [],
    };

    /// <summary>The fields that hold pointers.</summary>
    public static readonly string[] Pointers =
        ["id", "value", "expiresAt", "items", "label", "createdAt", "lastUsedAt", "hint", "next"];

    public static ProviderDescriptor Instance { get; } = new(
        "rest",
        "REST API of your own choice",
        "Issues and revokes credentials at any system with a JSON API: each call is a template in the catalog, and JSON pointers say where in the answers things stand. No code, no loops; what Rotunda does around it (labels, lost answers, pages, pace, redaction) is the same as for every vendor.",
        Abilities.IssueCredentials | Abilities.VerifyCredentials | Abilities.RevokeCredentials | Abilities.DisableCredentials | Abilities.ListCredentials | Abilities.ReportUse,
        [
            new(VendorApi.Url, SettingType.Url, "The API's address; all paths are below it. https, or this machine.", Required: true),
            new("system", SettingType.Text, "What it is called, in messages."),
            new("auth", SettingType.Choice, "How Rotunda's own credential shows itself: as bearer token, bare in the header that `header` names, or as password of `user`.", Default: "bearer", Choices: ["bearer", "header", "basic"]),
            new("header", SettingType.Text, "With `auth: header`: the header."),
            new("user", SettingType.Text, "With `auth: basic`: the user."),
            new(Token, SettingType.Text, "The credential by which Rotunda issues the others.", Required: true, IsSecret: true),
            new("headers", SettingType.TextMap, "Other headers of every request, such as the API's version. No secrets."),
            new(Parameters, SettingType.TextMap, "Names that paths and bodies may use, as {name}. No secrets."),
            new("perMinute", SettingType.Integer, "The most calls in a minute, by all rotations together. Left out: no limit of its own."),
            new(Issue, SettingType.Map, "Makes a credential. {label} must go where the list shows it again.", Required: true)
            {
                Fields =
                [
                    Method("POST", "PUT"), Path("label"), Body("label"), Form(),
                    Pointer("id", "The new one's id.", required: true),
                    Pointer("value", "Its value.", required: true),
                    Pointer("expiresAt", "When it ends by itself (a moment, or seconds since 1970)."),
                ],
            },
            new(List, SettingType.Map, "Lists all of them. Without it a lost answer cannot be looked for, and `check` is required.")
            {
                Fields =
                [
                    Path(),
                    Pointer("items", "The list. Left out: the answer is the list."),
                    Pointer("id", "In each entry: its id.", required: true),
                    Pointer("label", "In each entry: what was sent as {label}."),
                    Pointer("createdAt", "In each entry: when it was made."),
                    Pointer("lastUsedAt", "In each entry: when it was last used. With it the gate of `evidence` works."),
                    Pointer("expiresAt", "In each entry: when it ends by itself."),
                    Pointer("hint", "In each entry: what is shown of its value, such as `sk-...3f9a`."),
                    Pointer("next", "What leads to the next page: its address, or with `nextPath` a cursor. Empty or missing on the last page."),
                    new("nextPath", SettingType.Text, "The path of the next page, with {next}."),
                ],
            },
            new(Verify, SettingType.Map, "A call that a credential makes by itself: a GET, or with a body a POST.")
            {
                Fields =
                [
                    Path("id"), Body("id", "value"), Form(),
                    new("auth", SettingType.Choice, "How it shows itself, where not as Rotunda's own does: `basic` with its id as user, `none` where the body has it.", Choices: ["bearer", "header", "basic", "none"]),
                    new("header", SettingType.Text, "With `auth: header`: the header."),
                    new("valid", SettingType.TextList, "The statuses that only one that works is answered with. Left out: 200."),
                    new("invalid", SettingType.TextList, "The statuses that tell that it does not. Left out: 401. Any other tells nothing."),
                ],
            },
            new(Disable, SettingType.Map, "Makes one stop working, in a way that `enable` takes back.") { Fields = [Method("PATCH", "PUT", "POST"), Path("id"), Body("id")] },
            new(Enable, SettingType.Map, "Takes `disable` back.") { Fields = [Method("PATCH", "PUT", "POST"), Path("id"), Body("id")] },
            new(Revoke, SettingType.Map, "Ends one for good. 404 is looked into.") { Fields = [Method("DELETE", "POST", "PUT", "PATCH"), Path("id"), Body("id")] },
            new(Check, SettingType.Map, "Without `list`: a GET that only works if Rotunda's own credential does.") { Fields = [Path()] },
        ],
        [
            "https://www.rfc-editor.org/rfc/rfc6901",
            "https://www.rfc-editor.org/rfc/rfc9110#name-retry-after",
        ],
        [Strategy.Overlap],
        Limits:
        [
            "What a name in braces stands for is escaped in paths, and stays a text in bodies: it can lead nowhere else. `{{` and `}}` are single braces. {value} is for the body of `verify` only.",
            "Nothing is carried over from the credential in use: what a new one may do is written in `issue`.",
            "Labels have at most 60 characters; a longer one is shortened, the same way each time.",
            "Templates and pointers are looked at before the first call of each step: `rotunda catalog validate --live` tells what is wrong with them.",
            "Where an answer needs more than this (a login first, two calls in a row), write a program for `exec`.",
        ],
        Permissions: ["Whatever the calls need, and no more."],
        RollBack: "The new credential is revoked, if `revoke` is there; else it is listed as to be revoked by hand.",
        Example: """
            version: 1
            secrets:
              shop-key:
                provider:
                  type: rest
                  system: Acme Shop
                  url: https://api.shop.example/v2
                  token: env:SHOP_ADMIN_TOKEN
                  parameters: { team: payments }
                  issue:
                    path: teams/{team}/keys
                    body: '{ "name": "{label}", "scopes": ["orders:read"] }'
                    id: /key/id
                    value: /key/secret
                  list:
                    path: teams/{team}/keys?limit=100
                    items: /keys
                    id: /id
                    label: /name
                    createdAt: /created
                    lastUsedAt: /last_used
                    next: /next
                    nextPath: teams/{team}/keys?limit=100&after={next}
                  verify: { path: me }
                  disable: { path: "keys/{id}", body: '{ "active": false }' }
                  enable: { path: "keys/{id}", body: '{ "active": true }' }
                  revoke: { path: "keys/{id}" }
                interval: 60d
                grace: 24h
                revoke: { disableFor: 12h }
                current: { name: "made by hand" }
                targets:
                  app: { type: dotenv, path: app.env, keys: { SHOP_KEY: "{value}" } }
            """)
    {
        Labels = new LabelRule(60),
        NeedsSetting =
        [
            new(List, Abilities.ListCredentials), new($"{List}.lastUsedAt", Abilities.ReportUse), new(Verify, Abilities.VerifyCredentials),
            new(Revoke, Abilities.RevokeCredentials), new(Disable, Abilities.DisableCredentials), new(Enable, Abilities.DisableCredentials),
        ],
    };

    private static SettingDescriptor Method(params string[] choices) =>
        new("method", SettingType.Choice, $"Left out: {choices[0]}.", Choices: choices);

    private static SettingDescriptor Path(params string[] names) =>
        new("path", SettingType.Text, $"Below the address, with a query if one is needed.{May(names)}", Required: true);

    private static SettingDescriptor Body(params string[] names) => new("body", SettingType.Text, $"A JSON object, as a text.{May(names)}");

    private static SettingDescriptor Form() => new("form", SettingType.Boolean, "The body's members are sent as a form's fields.");

    private static SettingDescriptor Pointer(string name, string what, bool required = false) =>
        new(name, SettingType.Text, $"Pointer. {what}", Required: required);

    private static string May(string[] names) =>
        names.Length == 0 ? "" : $" May name {string.Join(" and ", names.Select(name => $"{{{name}}}"))} and the parameters.";
}
