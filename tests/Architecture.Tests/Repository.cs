namespace Rotunda.Architecture.Tests;

internal static class Repository
{
    /// <summary>The folder with Rotunda.slnx, found upwards from the test's own.</summary>
    public static string Root { get; } = Find();

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
