using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Custom;

/// <summary>The settings that programs and webhooks have in common.</summary>
internal static class ContractSettings
{
    public const string Operations = "operations";
    public const string Parameters = "parameters";
    public const string Credentials = "credentials";
    public const string Accounts = "accounts";
    public const string Account = "account";

    public static IReadOnlyList<SettingDescriptor> All { get; } =
    [
        new(
            Operations,
            SettingType.TextList,
            "What it can do: the plan only has steps for these. A provider issues or applies (and verifies, revokes, disables and enables, lists, reports use), "
                + "a target delivers (and confirms, captures, restores), a consumer restarts or checks.",
            Required: true,
            Choices: Rotation.Words.Operations.Names),
        new(Parameters, SettingType.TextMap, "Told with each request, for whatever it needs to know. No secrets."),
        new(Credentials, SettingType.TextMap, "Values told with each request, by name: what it needs to log in somewhere.", IsSecret: true),
        new(Accounts, SettingType.TextList, "With alternate: the two accounts that are taken in turn."),
        new(Account, SettingType.Text, "With in-place: the one account."),
    ];

    public static IReadOnlyList<string> Limits { get; } =
    [
        "Each operation may be asked for again, after a crash or a lost answer, with `attempt` counted up: the same once more must be "
            + "harmless. Issue is asked for again only after the label was looked for (list) and what was found was revoked.",
        "`rejected` is a promise that nothing happened. When in doubt: `unknown`, or no answer at all.",
        "Without `capture` and `restore` what stands at the target cannot be kept: the way back delivers the value in use again, and "
            + "where that is not in the store, there is none.",
        "Reasons and facts are shown to people, shortened, and with every value of the request taken out.",
    ];
}
