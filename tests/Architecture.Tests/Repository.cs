namespace Rotunda.Architecture.Tests;

internal static class Repository
{
    /// <summary>The folder with Rotunda.slnx, found upwards from the test's own.</summary>
    public static string Root { get; } = Find();

    /// <summary>What the project of src was built to, in the configuration that these tests were built in.</summary>
    public static string AssemblyOf(string project)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Root, "src", project, "bin", framework.Parent!.Name, framework.Name, $"Rotunda.{project}.dll");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Rotunda.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Rotunda.slnx was not found above " + AppContext.BaseDirectory);
    }
}
