using Rotunda.Testing.RealServers;

namespace Rotunda.Server.Tests;

/// <summary>A catalog and a data directory of one test.</summary>
internal sealed class ServerFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-server-");

    public ServerFolder() => File.WriteAllText(Catalog, """
        version: 1
        secrets:
          a-key:
            strategy: dual-key
            provider: { type: generated }
            tokenLifetime: 1s
            grace: 1s
            targets:
              env: { type: dotenv, path: app.env, keys: { KEY: "{primary}", OLD_KEY: "{secondary}" } }

        """);

    public string Path => _folder.FullName;

    public string Catalog => In("catalog.yaml");

    public string Data => In("data");

    public ServerSettings Settings => new(Data, Catalog);

    public string In(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
