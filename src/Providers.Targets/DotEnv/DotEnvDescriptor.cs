using Rotunda.EnvFiles;
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
        "A target that is some keys of an env file, as docker compose, shells, dotenv libraries and whoever `dialect` names read it. Comments, order, other keys, line ends, permissions and owner stay as they are.",
        Abilities.DeliverValues | Abilities.ConfirmSync,
        [
            new(Path, SettingType.Path, "The file. Its folder exists and is writable; a symbolic link is followed; the file is made if it is missing.", Required: true),
            new(Keys, SettingType.TextMap, "The keys this secret owns, each with the template of its value, such as `DATABASE_URL: postgresql://{username}:{value:url}@db/app`. " + DeliveryTemplate.Help, Required: true) { Template = TemplateForm.EnvValue },
            new(EnvDialects.Setting, SettingType.TextList, "Who reads the file, one or several: only what all of them read alike is written. `compose`: docker compose (`.env`, `env_file`). `shell`: a shell that sources it. `docker-env`: `docker run --env-file`, `kubectl --from-env-file`, compose's `format: raw`: no quotes at all. `systemd`: EnvironmentFile=. `dotenv`: Node's package and `node --env-file`. `dotenv-expand`: where `$` is expanded behind it (Vite, Next.js). `python-dotenv`. Left out: compose, shell, dotenv and python-dotenv.", Choices: EnvDialects.Names),
            new(Mode, SettingType.Text, "The permissions of a file that is not there yet, as octal digits. An existing file keeps its own, and its owner.", Default: "0600"),
            FileWriting.Setting,
        ],
        [
            "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax",
            "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02",
            "https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow",
        ],
        [],
        Limits:
        [
            "A line keeps its way of quoting, also none, where every reader named in `dialect` reads the new value so; else values are quoted in single quotes where possible. Where no way of writing is read alike by all of them, the catalog check refuses the alphabet. With nothing named that is: a line break; `${…}` (Python's dotenv takes it for a variable in every kind of quotes); a single quote, or two backslashes in a row, together with one of \" \\ $ `.",
            "`docker-env` takes quotes and a comment behind a value for a part of it, `systemd` such a comment too, and neither knows `export`: where such a line is one of ours, or where `docker-env` has to read a value of several lines, it is refused with its line, before anything is changed.",
            "A file with a quote that is never closed is refused: readers do not agree on what follows it.",
            "A key of ours whose line not every reader finds (`K: v`, blanks around the `=`, a tab behind `export`, a byte order mark in front) is refused with its line. `file:PATH#KEY` references and `current:` read env files by the same rules: where a shell, Node and Python do not agree, they are refused and say on which line.",
            "If a key is assigned more than once, the last one counts for every reader; all of them are set, so that no old value stays behind.",
            "The file is replaced by a rename. A single file mounted into a container cannot be replaced that way, and a container that has it mounted from here goes on to see the old one: mount the folder, or set `write: in-place`. The check before a rotation finds it, as it finds a named pipe, an immutable file and a full disk.",
            "Mode, owner, access control lists, labels of SELinux and other extended attributes are carried over when the file is replaced. Where this process may not set one, the check refuses and says which. Of several hard links only this name gets the value: the check tells them.",
            "With `write: in-place` mode, owner, access lists and hard links stay, as it is the same file; a reader may see half of it. While it is written, a copy of what stood there (`.NAME.rotunda-half`, Rotunda's alone) lies beside it: by it a half that a crash left is taken back, the lines of others with it, when the step is tried again or undone.",
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
            """)
    {
        Costs = [FileWriting.Cost],
        Check = settings => TargetFile.CheckMode(settings, Mode),
    };
}
