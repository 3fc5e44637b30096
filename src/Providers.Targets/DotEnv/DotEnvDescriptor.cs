using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Targets.DotEnv;

internal static class DotEnvDescriptor
{
    public const string Path = "path";
    public const string Keys = "keys";
    public const string Mode = "mode";

    public static ProviderDescriptor Instance { get; } = new(
        "dotenv",
        ".env file",
        "A target that is some keys of an env file, as docker compose, shells, systemd and dotenv libraries read it. Comments, order, other keys, line ends, permissions and owner stay as they are.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file. Its folder exists and is writable; a symbolic link is followed; the file is made if it is missing.", Required: true),
            new(Keys, SettingType.TextMap, "The keys this secret owns, each with the template of its value, such as `DATABASE_URL: postgresql://{username}:{value:url}@db/app`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.EnvValue },
            new(Mode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
        ],
        [
            "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
            "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02",
            "https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow",
        ],
        [],
        Limits:
        [
            "Values are quoted only where needed, in single quotes where possible, so that docker compose, POSIX shells and dotenv libraries read the same. A value that no quoting makes safe (a line break; a single quote together with \" \\ $ or `) is refused.",
            "A file with a quote that is never closed is refused: readers do not agree on what follows it.",
            "If a key is assigned more than once, the last one counts for every reader; all of them are set, so that no old value stays behind.",
            "The file is replaced by a rename. A single file mounted into a container cannot be replaced that way: mount its folder. The check before a rotation finds it, as it finds a named pipe, an immutable file and a full disk.",
            "Processes read an env file at their start: add a consumer that restarts or reloads them.",
        ],
        Permissions: ["To write the file and its folder, and, where the file is another user's, to give files to that user."],
        Arrival: "The file is read again: each key has its value.",
        RollBack: "The keys get back what they had (keys that were not there go away); everything else in the file stays as it is by then.",
        Example: """
            version: 1
            secrets:
              session-secret:
                provider: { type: generated }
                strategy: overlap
                grace: 1h
                targets:
                  app-env: { type: dotenv, path: ./app.env, keys: { SESSION_SECRET: "{value}" } }
                consumers:
                  app: { type: http, instances: ["http://127.0.0.1:8080"], reloadPath: /reload, healthPath: /healthz }
            """);
}
