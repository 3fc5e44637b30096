using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Channels.Teams;

internal static class TeamsDescriptor
{
    public const string Url = "url";

    public static ProviderDescriptor Instance { get; } = new(
        "teams",
        "Microsoft Teams",
        "A card in a Microsoft Teams channel or chat, by a workflow that starts when a webhook request comes.",
        Abilities.SendNotices,
        [
            new(Url, SettingType.Text, "The address that the workflow shows. Whoever knows it can write there: it is a secret.", Required: true, IsSecret: true),
        ],
        [
            "https://support.microsoft.com/en-us/office/create-incoming-webhooks-with-workflows-for-microsoft-teams-8ae491c7-0394-4861-ba59-055e33f75498",
            "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using",
            "https://learn.microsoft.com/en-us/adaptive-cards/",
        ],
        [],
        Limits:
        [
            "Teams answers that it took the request, not that the card is there: look at the workflow's runs if one is missing.",
            "A message whose answer was lost is sent again: it may be there twice, with the same id at its end.",
        ],
        Permissions: ["A workflow \"When a Teams webhook request is received\" that anyone may start, owned by an account that stays."],
        Example: """
            version: 1
            notices:
              channels:
                team: { type: teams, url: "env:TEAMS_WEBHOOK" }
              routes:
                all: { to: [team] }
            secrets:
              session-secret: { provider: { type: generated } }
            """);
}
