using Rotunda.Providers.Clients.Pulumi;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.PulumiEsc;

internal static class PulumiEscDescriptor
{
    public const string Organization = "organization";
    public const string Project = "project";
    public const string Environment = "environment";
    public const string Mode = "mode";
    public const string Keys = "keys";
    public const string Tag = "tag";
    public const string Token = "token";
    public const string Url = "url";
    public const string Confirm = "confirm";
    public const string DefaultProject = "default";

    public static ProviderDescriptor Instance { get; } = new(
        "pulumi-esc",
        "Pulumi ESC",
        "A target that is some values of a Pulumi ESC environment: written there as secrets, or only waited for, where another target brings them there.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Organization, SettingType.Text, "The Pulumi Cloud organisation.", Required: true),
            new(Project, SettingType.Text, "The project of the environment.", Default: DefaultProject),
            new(Environment, SettingType.Text, "The environment.", Required: true),
            new(Keys, SettingType.TextMap, "The values this target owns: each path below `values`, as ESC writes paths, with the template of its value, such as `environmentVariables.API_KEY: \"{value}\"` or `'pulumiConfig[\"app:key\"]': \"{value}\"`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.Text },
            new(Mode, SettingType.Choice, "`write`: the values are written into the environment's definition. `confirm`: nothing is written; the rotation waits until the values are there, by way of a target of a lower group (a GitHub secret with a sync workflow, say), and on the way back until the old ones are there again.", Default: "write", Choices: ["write", Confirm]),
            new(Tag, SettingType.Text, "The revision tag that consumers open. Written values are given out by moving it to the new revision; in mode `confirm` its revision is looked at. Left out: the latest revision."),
            new(Token, SettingType.Text, "A Pulumi access token.", Required: true, IsSecret: true),
            new(Url, SettingType.Url, "Of a self-hosted Pulumi Cloud.", Default: PulumiApi.DefaultUrl),
        ],
        [
            "https://www.pulumi.com/docs/reference/cloud-rest-api/environments/",
            "https://www.pulumi.com/docs/esc/environments/versioning/",
            "https://www.pulumi.com/docs/esc/reference/#fnsecret",
            "https://github.com/pulumi/esc-sdk/blob/main/sdk/swagger.yaml",
        ],
        [],
        Limits:
        [
            "ESC takes a definition as a whole. Rotunda changes the values' own characters and nothing else (comments, order and other ciphertexts stay), and writes only if nobody else has written since it read; else it reads again. ESC itself lays the text out anew when it stores it.",
            "A value may not contain `${`, which ESC takes for a reference.",
            "At a path must stand a single value, or nothing. What is imported from another environment, or opened from a store (`fn::open`), is not overwritten.",
            "A moved tag points to the newest revision: changes that others have made since the tag was set are given out with it.",
            "In mode `confirm` give it a higher `group` than the target that brings the values, and a `confirmTimeout` with room for the way.",
        ],
        Permissions:
        [
            "Mode `confirm`: *open* on the environment (`environment:open`).",
            "Mode `write`: *write* on the environment (`environment:write`), which includes reading its secrets.",
            "With `tag` in mode `write`: to manage the environment's revision tags.",
        ],
        Arrival: "The revision that consumers get (of the tag, else the latest) is opened, with its imports, and each value compared by fingerprint. The revision is in the timeline.",
        RollBack: "Mode `write`: if the revision that the delivery made is the newest and the only one since, the definition from before is restored as it was; else only the values are put back, as the ciphertexts that stood there. The tag is moved back if it points to the delivery's revision. If others have moved it, it stays where they put it, unless the new values are given out there: then it is moved to the newest revision. Mode `confirm`: nothing is written; it is waited for that the values in use are there again.",
        Example: """
            version: 1
            secrets:
              app-key:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  esc:
                    type: pulumi-esc
                    organization: acme
                    project: shop
                    environment: production
                    tag: stable
                    keys: { environmentVariables.APP_KEY: "{value}" }
                    token: env:PULUMI_ACCESS_TOKEN
            """,
        IsEventual: true,
        FollowsWhen: new SettingValue(Mode, Confirm));
}
