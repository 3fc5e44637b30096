using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.GitHub;

internal static class GitHubDescriptor
{
    public const string Organization = "organization";
    public const string Repository = "repository";
    public const string Environment = "environment";
    public const string Area = "area";
    public const string Keys = "keys";
    public const string Visibility = "visibility";
    public const string Token = "token";
    public const string AppId = "appId";
    public const string InstallationId = "installationId";
    public const string PrivateKey = "privateKey";
    public const string ApiUrl = "apiUrl";
    public const string SyncRepository = "syncRepository";
    public const string SyncWorkflow = "syncWorkflow";
    public const string SyncRef = "syncRef";
    public const string SyncInputs = "syncInputs";
    public const string SyncMark = "syncMark";
    public const string DefaultApiUrl = "https://api.github.com";
    public const string DefaultArea = "actions";
    public const string DefaultVisibility = "private";
    public const string DefaultRef = "main";

    public static ProviderDescriptor Instance { get; } = new(
        "github-secret",
        "GitHub secret",
        "A target that is some secrets of a GitHub organisation, repository or environment. After a delivery it can start a workflow that carries the values on, and follow its run to its end.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Organization, SettingType.Text, "The organisation whose secrets these are. Either this or `repository`."),
            new(Repository, SettingType.Text, "The repository whose secrets these are, as `owner/name`."),
            new(Environment, SettingType.Text, "With `repository`: the environment whose secrets these are."),
            new(Area, SettingType.Choice, "Whose secrets: those that workflows read, or those of Dependabot or Codespaces. Environments have those of workflows only.", Default: DefaultArea, Choices: ["actions", "dependabot", "codespaces"]),
            new(Keys, SettingType.TextMap, "The secrets this target owns, each with the template of its value, such as `API_KEY: \"{value}\"`; with dual keys, `API_KEY: \"{primary}\"` and `API_KEY_NEXT: \"{secondary}\"`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.Text },
            new(Visibility, SettingType.Choice, "Who sees an organisation's secret that is not there yet. One that exists keeps its visibility and its selected repositories; to have selected ones, make it by hand first, with any value.", Default: DefaultVisibility, Choices: ["private", "all"]),
            new(Token, SettingType.Text, "A personal access token, fine-grained at best. Either this or a GitHub App.", IsSecret: true),
            new(AppId, SettingType.Text, "The GitHub App's id or client id, in quotes."),
            new(InstallationId, SettingType.Text, "The id of its installation in the organisation or account, in quotes."),
            new(PrivateKey, SettingType.Text, "The GitHub App's private key (PEM).", IsSecret: true),
            new(ApiUrl, SettingType.Url, "For GitHub Enterprise Server: `https://HOST/api/v3`.", Default: DefaultApiUrl),
            new(SyncRepository, SettingType.Text, "The repository of a workflow to start after each delivery, as `owner/name`. Left out: none is started."),
            new(SyncWorkflow, SettingType.Text, "The workflow's file name, such as `sync-secrets.yml`. It has the trigger `workflow_dispatch`."),
            new(SyncRef, SettingType.Text, "The branch or tag to run it on.", Default: DefaultRef),
            new(SyncInputs, SettingType.TextMap, "Inputs of the workflow."),
            new(SyncMark, SettingType.Text, "The name of an input that takes a mark of this very delivery, which the workflow shows in its `run-name`, as in `run-name: Sync ${{ inputs.rotunda }}`. By it a run is found where the server does not tell its id (older GitHub Enterprise Server), and where its answer was lost, to cancel it before anything else is delivered. Left out: the server must tell."),
        ],
        [
            "https://docs.github.com/en/rest/actions/secrets",
            "https://docs.github.com/en/rest/dependabot/secrets",
            "https://docs.github.com/en/rest/codespaces/organization-secrets",
            "https://docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api",
            "https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event",
            "https://docs.github.com/en/rest/actions/workflow-runs",
            "https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app",
            "https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api",
            "https://doc.libsodium.org/public-key_cryptography/sealed_boxes",
        ],
        [],
        Limits:
        [
            "A value is at most 48 KB. A name has letters, digits and underscores, no digit first, and does not begin with GITHUB_.",
            "Where `{secondary}` is empty because there is one value only, the secret becomes empty, which a workflow reads as one that is not there. (That GitHub takes an empty value by its API is not verified.)",
            "GitHub fixes the values of organisation and repository secrets when a run is queued, so the run that is followed is always one that was started after the delivery.",
            "Only 100 secrets of an organisation reach one workflow, the first by name; a repository's secret of the same name comes before the organisation's, and an environment's before both.",
            "Before values are delivered again, on the way there or back, the runs that earlier deliveries have started are cancelled (from the fourth attempt on by force, which also ends steps with `if: always()`), and nothing is delivered until GitHub says that they have ended: a run that was left waiting for a runner must not write an outdated value later. They are known by the ids that are on record, and by the mark: set `syncMark`. Without it, where the answer to a start was lost, any run of the workflow that was started since is waited for.",
            "GitHub gives a cancelled run five minutes. Leave the secret's `retry` at least its six attempts, which wait longer than that together.",
            "A concurrency group of this secret alone, with `cancel-in-progress: true`, is a second belt: runs that people start by hand end each other, too.",
            "A delivery that is tried again starts the workflow again: it must do no harm to run it twice.",
            "GitHub answers 404 also for what a token may not see.",
        ],
        Permissions:
        [
            "Organisation secrets: the organisation permission *Secrets: read and write*. Classic tokens: `admin:org`.",
            "Repository secrets: the repository permission *Secrets: read and write*, for this repository only. Classic tokens: `repo`.",
            "Environment secrets: the repository permission *Environments: read and write*.",
            "Dependabot and Codespaces secrets: *Dependabot secrets* or *Codespaces secrets: read and write*, of the organisation or the repository.",
            "With a sync workflow: *Actions: read and write* on its repository, and nothing else there.",
            "A GitHub App has these permissions; each token that Rotunda takes from it is narrowed to one of them, and to the one repository where it can be. Its private key stays behind the reference.",
        ],
        Arrival: "With a sync workflow: the run that the delivery started has concluded with success. Any other conclusion (failure, cancelled, timed out, skipped) refuses the value, with the run's link, and the rotation goes back. Without one: GitHub shows the secrets as written since; that consumers got them, it does not tell.",
        RollBack: "Secrets cannot be read back from GitHub. What runs of the sync workflow are under way is cancelled and waited for. Then the value in use is delivered from the store again, the workflow is started again, and its run is followed before anything else is undone.",
        Example: """
            version: 1
            secrets:
              deploy-key:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  github:
                    type: github-secret
                    organization: acme
                    keys: { DEPLOY_KEY: "{value}" }
                    appId: "123456"
                    installationId: "7654321"
                    privateKey: file:./github-app.pem
                    syncRepository: acme/platform
                    syncWorkflow: sync-secrets.yml
                    syncMark: rotunda
                    confirmTimeout: 20m
            """,
        IsWriteOnly: true,
        IsEventual: true)
    {
        WritesSingly = true,
    };
}
