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
            Plays(service, $$"""{"ID":"0-{{service}}","Name":"app-{{service}}-1","Service":"{{service}}","State":"running","Health":"healthy","ExitCode":0}""");
        }

        File.WriteAllText(Program, $$"""
            #!/bin/sh
            here={{_folder.FullName}}
            env > "$here/environment"
            printf '%s\n' "$*" >> "$here/calls"
            die() { echo "$1" >&2; exit "${2:-64}"; }
            [ -e "$here/fail" ] && die "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?" 1
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
                [ -e "$here/hang" ] && sleep 1000
                grep -qx "$7" "$here/services" || die "no such service: $7" 1
                echo "$7" >> "$here/recreated" ;;
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

    public void Fails() => File.WriteAllText(In("fail"), "");

    public void Hangs() => File.WriteAllText(In("hang"), "");

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
