using Rotunda.Files;

namespace Rotunda.Engine.Storage;

/// <summary>One process, and in it one engine, owns a hub. The operating system holds the lock, so that it ends with its owner.</summary>
internal sealed class HubLock : IDisposable
{
    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <exception cref="TaskHubException">Another process or engine has the hub open, or its folder is missing.</exception>
    public static HubLock Take(string hubPath)
    {
        var path = hubPath + ".lock";
        if (Path.GetDirectoryName(Path.GetFullPath(hubPath)) is { } folder && !Directory.Exists(folder))
        {
            throw new TaskHubException($"The folder '{folder}' of the task hub does not exist. Create it, or give another path.");
        }

        try
        {
            return new HubLock(PrivateFile.Open(path, FileMode.OpenOrCreate));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TaskHubException(
                $"The task hub '{hubPath}' is in use: another process (or engine) holds '{path}', or this one may not write there. One "
                    + $"process owns a hub; stop the other one first. ({exception.Message})",
                exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
