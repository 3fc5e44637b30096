namespace Rotunda.Files;

/// <summary>What stands at a path.</summary>
public enum FileKind
{
    Missing,
    File,
    Folder,
    Pipe,
    Socket,
    Device,
    /// <summary>The system does not tell.</summary>
    Unknown,
}
