namespace Rotunda.Activities.Tests.Providers.Compose;

/// <summary>
/// A strict stand-in for the program `docker` with its Compose plugin, by its command line's reference: it knows the commands that a
/// restart needs with exactly these options, plays containers from files, and fails at anything else.
/// https://docs.docker.com/reference/cli/docker/compose/
/// </summary>
internal sealed class FakeDocker : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-test-");

    public FakeDocker(params string[] services)
    {
        Directory.CreateDirectory(Project);
        File.WriteAllText(Path.Combine(Project, "compose.yaml"), "services: {}\n");
        File.WriteAllLines(In("services"), services);
        foreach (var service in services)
        {
            Plays(
                service,
                $$"""{"ID":"0-{{service}}","Name":"app-{{service}}-1","Service":"{{service}}","""
                    + """ "State":"running","Health":"healthy","ExitCode":0}""");
        }

        File.WriteAllText(Program, $$$"""
            #!/bin/sh
            here={{{_folder.FullName}}}
            env > "$here/environment"
            printf '%s\n' "$*" >> "$here/calls"
            die() { echo "$1" >&2; exit "${2:-64}"; }
            # As Compose does, which starts its plugins and they their own.
            hang() { trap '' TERM; sleep 1000 & echo $! > "$here/child"; wait; exit 130; }
            [ -e "$here/fail" ] && { cat "$here/fail" >&2; exit 1; }
            now=$(( $(date +%s) + $(cat "$here/clock" 2>/dev/null || echo 0) ))
            [ "$*" = "info --format {{.SystemTime}}" ] && { date -u -d "@$now" +%Y-%m-%dT%H:%M:%S.123456789Z; exit 0; }
            [ "$1" = compose ] && [ "$2" = --project-directory ] && [ "$3" = "$here/project" ] || die "unknown docker command: $*"
            shift 3
            while :; do
              case "$1" in
                --file) [ -f "$2" ] || die "no such file $2" 14; shift 2 ;;
                --project-name|--profile) shift 2 ;;
                *) break ;;
              esac
            done
            command=$1; shift
            case "$command $*" in
              "version --short") echo 2.29.1 ;;
              "config --services") cat "$here/services" ;;
              "ps --all --format json "*)
                shift 3
                for service in "$@"; do
                  grep -qx "$service" "$here/services" || die "no such service: $service" 1
                  [ ! -e "$here/play-$service" ] || cat "$here/play-$service"
                done ;;
              "up --detach --no-deps --no-build --pull missing --force-recreate "*)
                [ $# -eq 7 ] || die "one service at a time is expected: $*"
                if [ "$(cat "$here/hang" 2>/dev/null)" = "before $7" ]; then hang; fi
                grep -qx "$7" "$here/services" || die "no such service: $7" 1
                echo "$7" >> "$here/recreated"
                printf '{"ID":"%s","Name":"app-%s-1","Service":"%s","State":"running","Health":"healthy","ExitCode":0,"CreatedAt":"%s"}\n' \
                  "$now" "$7" "$7" "$(TZ=UTC-2 date -d "@$now" '+%Y-%m-%d %H:%M:%S +0200 CEST')" > "$here/play-$7"
                if [ "$(cat "$here/hang" 2>/dev/null)" = "after $7" ]; then hang; fi ;;
              *) die "unknown: $command $*" ;;
            esac
            """.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Program, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    public string Program => In("docker");

    public string Project => In("project");

    public IReadOnlyList<string> Calls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    public IReadOnlyList<string> Recreated => File.Exists(In("recreated")) ? File.ReadAllLines(In("recreated")) : [];

    public string Environment => File.ReadAllText(In("environment"));

    /// <summary>What `ps` says of a service from now on; null for no container.</summary>
    public void Plays(string service, string? json)
    {
        if (json is null)
        {
            File.Delete(In("play-" + service));
        }
        else
        {
            File.WriteAllText(In("play-" + service), json + "\n");
        }
    }

    /// <summary>Every command ends with an error and says this.</summary>
    public void Fails(string saying = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
        + "running?") =>
        File.WriteAllText(In("fail"), saying + "\n");

    /// <summary>Making a service anew does not end, with a child of its own, "before SERVICE" is made or "after SERVICE" is.</summary>
    public void Hangs(string when) => File.WriteAllText(In("hang"), when);

    public void Recovers()
    {
        File.Delete(In("hang"));
        File.Delete(In("fail"));
    }

    /// <summary>The daemon's clock is off by so many seconds.</summary>
    public void ClockIsOff(int seconds) => File.WriteAllText(In("clock"), $"{seconds}");

    /// <summary>True while the child of a command that did not end is there.</summary>
    public bool HasChild =>
        Directory.Exists($"/proc/{File.ReadAllText(In("child")).Trim()}")
            && !File.ReadAllText($"/proc/{File.ReadAllText(In("child")).Trim()}/stat").Contains(") Z ", StringComparison.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
