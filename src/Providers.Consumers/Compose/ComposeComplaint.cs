namespace Rotunda.Providers.Consumers.Compose;

/// <summary>
/// What Docker's error output means, in words of our own. Nothing of it is quoted: Compose prints lines of env files that it cannot
/// read, interpolated settings and what hooks of images say, and any of these may hold a value.
/// </summary>
internal static class ComposeComplaint
{
    private static readonly (string Sign, string Meaning)[] Known =
    [
        (
            "cannot connect to the docker daemon",
            "the Docker daemon cannot be reached: does it run, and is 'host' (or Docker's context) right?"),
        ("error during connect", "the Docker daemon cannot be reached: does it run, and is 'host' (or Docker's context) right?"),
        (
            "permission denied while trying to connect",
            "Rotunda may not use the Docker daemon's socket: see the permissions in the provider's page"),
        ("is not a docker command", "this Docker has no Compose plugin: install it"),
        ("no such service", "the project has no such service"),
        ("no configuration file provided", "there is no Compose file in the project's folder"),
        ("unexpected character", "an env file is malformed, or the Compose file is"),
        ("failed to read", "an env file cannot be read, or is malformed"),
        ("env file", "an env file is missing, or is malformed"),
        ("yaml:", "the Compose file is no valid YAML"),
        ("validating", "the Compose file has a setting that Compose does not know"),
        ("required variable", "a variable that the Compose file requires is not set"),
        ("pull access denied", "an image is neither there nor may it be pulled"),
        ("no such image", "an image is not there"),
        ("manifest unknown", "an image is not there"),
        ("port is already allocated", "a port of the service is taken by something else"),
        ("address already in use", "a port of the service is taken by something else"),
        ("is already in use by container", "a container of that name is there that is not the project's"),
        ("no space left on device", "the disk is full"),
        ("declared as external, but could not be found", "a network or volume that the service needs is not there"),
    ];

    /// <returns>One sentence, without a full stop.</returns>
    public static string Meaning(string output) =>
        Known.FirstOrDefault(known => output.Contains(known.Sign, StringComparison.OrdinalIgnoreCase)).Meaning
        ?? "run the command by hand to see why (its words are not quoted here, as they may hold values)";
}
