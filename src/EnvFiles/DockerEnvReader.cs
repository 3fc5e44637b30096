namespace Rotunda.EnvFiles;

/// <summary><c>docker run --env-file</c> and <c>kubectl --from-env-file</c>: everything behind the equals sign is the value, quotes and
/// blanks included. https://docs.docker.com/reference/cli/docker/container/run/#env</summary>
internal sealed class DockerEnvReader : EnvReader
{
    public override string Name => "docker run --env-file";

    public override bool IsVerbatim => true;

    public override bool KnowsComments => false;

    public override bool KnowsExport => false;

    public override EnvReading Read(EnvLine line) => line.IsExported
        ? EnvReading.Not("docker run and kubectl refuse export in front of a name")
        : line.Rest.AsSpan().ContainsAny('\n', '\r')
            ? EnvReading.Not("docker run and kubectl read each line alone")
            : EnvReading.Of(line.Rest);
}
