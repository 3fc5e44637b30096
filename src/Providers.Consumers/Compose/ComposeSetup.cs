using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Consumers.Compose;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Options">All that stands before a subcommand of Compose.</param>
/// <param name="DaemonOptions">All that stands before one of Docker itself.</param>
internal sealed record ComposeSetup(
    string Docker,
    IReadOnlyList<string> Options,
    IReadOnlyList<string> DaemonOptions,
    string Folder,
    IReadOnlyList<string> Services,
    bool NeedsHealth,
    TimeSpan Timeout)
{
    /// <exception cref="DeliveryException">They cannot work.</exception>
    public static ComposeSetup Read(ProviderSettings settings)
    {
        var services = settings.TextList(ComposeDescriptor.Services);
        if (services.Count == 0 || services.FirstOrDefault(name => !IsName(name)) is not null)
        {
            throw new DeliveryException(
                "'services' has a name that no service can have. Write letters, digits, dots, hyphens and underscores, not a hyphen "
                    + "first.");
        }

        var folder = settings.Text(ComposeDescriptor.ProjectFolder)
            ?? throw new DeliveryException("'projectFolder' is missing. Give the folder of the Compose project.");
        if (!Directory.Exists(folder))
        {
            throw new DeliveryException($"The folder {folder} does not exist. Create it, or correct 'projectFolder'.");
        }

        return new(
            ProgramOf(settings.Text(ComposeDescriptor.Docker) ?? "docker"),
            OptionsOf(settings, folder),
            DaemonOptionsOf(settings),
            folder,
            services,
            settings.Text(ComposeDescriptor.WithoutHealth) == ComposeDescriptor.Refuse,
            settings.Duration(ComposeDescriptor.Timeout, ComposeDescriptor.DefaultTimeout));
    }

    private static List<string> DaemonOptionsOf(ProviderSettings settings) =>
        settings.Text(ComposeDescriptor.Host) is { } host ? ["--host", host] : [];

    private static List<string> OptionsOf(ProviderSettings settings, string folder)
    {
        List<string> options = [.. DaemonOptionsOf(settings), "compose", "--project-directory", folder];
        foreach (var file in settings.TextList(ComposeDescriptor.Files).Select(file => Path.GetFullPath(file, folder)))
        {
            options.AddRange(
            [
                "--file",
                File.Exists(file)
                    ? file
                    : throw new DeliveryException($"There is no file {file}. Correct 'files': relative to the project's folder."),
            ]);
        }

        if (settings.Text(ComposeDescriptor.Project) is { } project)
        {
            options.AddRange(["--project-name", project]);
        }

        foreach (var profile in settings.TextList(ComposeDescriptor.Profiles))
        {
            options.AddRange(["--profile", profile]);
        }

        return options;
    }

    private static string ProgramOf(string docker)
    {
        var found = Path.IsPathFullyQualified(docker) ? [docker]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, docker));
        return found.FirstOrDefault(File.Exists)
            ?? throw new DeliveryException(
                $"There is no program '{docker}'. Install Docker with its Compose plugin, or correct 'docker' (a name on PATH, or an "
                    + "absolute path).");
    }

    private static bool IsName(string name) =>
        name.Length > 0 && name[0] != '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
