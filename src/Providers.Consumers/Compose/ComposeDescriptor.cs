using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Consumers.Compose;

internal static class ComposeDescriptor
{
    public const string Files = "files";
    public const string ProjectFolder = "projectFolder";
    public const string Project = "project";
    public const string Services = "services";
    public const string Profiles = "profiles";
    public const string Docker = "docker";
    public const string Host = "host";
    public const string Timeout = "timeout";
    public const string WithoutHealth = "withoutHealth";

    /// <summary>Less than the two minutes of a step, so that a command that takes too long is named.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    public const string Running = "running";
    public const string Refuse = "refuse";

    public static ProviderDescriptor Instance { get; } = new(
        "compose",
        "Docker Compose services",
        "A consumer that is services of a Docker Compose project: their containers are made anew, so that they read env files and mounted secrets again, one service after the other, and their health is followed. Deliver the values themselves with the target `dotenv` or `file`.",
        Abilities.RestartConsumers | Abilities.CheckConsumers,
        [
            new(Services, SettingType.TextList, "The services, in the order in which they are made anew.", Required: true),
            new(ProjectFolder, SettingType.Path, "The project's folder (`--project-directory`).", Required: true),
            new(Files, SettingType.TextList, "The Compose files (`--file`), relative to the project's folder. Left out: those that Docker Compose finds there."),
            new(Project, SettingType.Text, "The project's name (`--project-name`). Left out: as Docker Compose finds it."),
            new(Profiles, SettingType.TextList, "Profiles to enable."),
            new(WithoutHealth, SettingType.Choice, "What a container without a healthcheck counts as: `running` is enough, or `refuse` it.", Default: Running, Choices: [Running, Refuse]),
            new(Docker, SettingType.Text, "The program: a name that is found on PATH, or an absolute path.", Default: "docker"),
            new(Host, SettingType.Text, "The daemon (`--host`), as `unix:///var/run/docker.sock` or `ssh://deploy@app-1`. Left out: Docker's own context."),
            new(Timeout, SettingType.Duration, "For one command. Making a service anew waits for its old container to stop, so let it be longer than `stop_grace_period`; and let the secret's `stepTimeout` be longer still.", Default: "100s"),
        ],
        [
            "https://docs.docker.com/reference/cli/docker/compose/up/",
            "https://docs.docker.com/reference/cli/docker/compose/ps/",
            "https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/",
            "https://docs.docker.com/reference/compose-file/services/#healthcheck",
        ],
        [],
        Limits:
        [
            "Docker Compose version 2 or later. `restart` would keep the old environment, so services are made anew: `up --detach --no-deps --force-recreate`. One service with one container is gone for as long as that takes.",
            "What a service depends on is left alone, and images are neither pulled nor built.",
            "A step that is tried again goes on where it was: services whose containers all run and were made since the step was begun first (by the daemon's clock) are left alone. Only the one whose command was cut off may be made anew twice.",
            "What Docker writes when it fails is not quoted: it may hold lines of env files. The reason says what it means, where that is known.",
            "Give containers a healthcheck: without one, only that the container runs is known, not that it works with the new value.",
            "A container that ends, or is unhealthy, is waited for until `checkTimeout` is spent: Docker may be restarting it.",
        ],
        Permissions: ["To use the Docker daemon (its socket, or the group `docker`): that is as much as root on its machine."],
        Arrival: "The containers of each service run and are healthy. Which value they use, Docker does not tell: let the healthcheck fail where the credential is refused, or add a consumer of the type http.",
        RollBack: "When the targets have the old value again, the services are made anew once more, one after the other, and their health is followed as on the way there.",
        Example: """
            version: 1
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                targets:
                  app-env: { type: dotenv, path: ./app/app.env, keys: { SESSION_SECRET: "{value}" } }
                consumers:
                  app: { type: compose, projectFolder: ./app, services: [web, worker] }
            """)
    {
        CheckTimeout = TimeSpan.FromMinutes(5),
    };
}
