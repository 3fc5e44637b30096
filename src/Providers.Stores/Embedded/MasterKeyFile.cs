using Rotunda.Files;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Stores.Embedded;

/// <summary>The key file of a data directory. While re-keying, the next key lies beside it until the values are re-encrypted.</summary>
internal sealed class MasterKeyFile(string directory)
{
    public string Path { get; } = System.IO.Path.Combine(directory, "master.key");

    private string NextPath => Path + ".next";

    public bool Exists => File.Exists(Path);

    /// <exception cref="StoreUnavailableException">Others may read it, or it holds no key.</exception>
    public MasterKey Read() => Read(Path);

    public MasterKey? ReadNext() => File.Exists(NextPath) ? Read(NextPath) : null;

    public MasterKey Make()
    {
        var key = MasterKey.Generate();
        PrivateFile.Replace(Path, key.ToFileText());
        return key;
    }

    /// <summary>Makes the next key. It is whole, or it is not there: a file cut off half way would keep the store shut.</summary>
    public MasterKey MakeNext()
    {
        var key = MasterKey.Generate();
        PrivateFile.Replace(NextPath, key.ToFileText());
        return key;
    }

    public void TakeNext() => File.Move(NextPath, Path, overwrite: true);

    private static MasterKey Read(string path)
    {
        if (PrivateFile.IsOpenToOthers(path))
        {
            throw new StoreUnavailableException(
                $"the key file '{path}' can be read by other users. Run: chmod 600 '{path}' (and re-key if someone may have read it).");
        }

        return MasterKey.Parse(File.ReadAllText(path), $"the file '{path}'");
    }
}
