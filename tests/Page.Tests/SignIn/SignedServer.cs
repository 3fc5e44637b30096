using Rotunda.Testing.RealServers;

namespace Rotunda.Page.Tests.SignIn;

/// <summary>A real server whose people sign in at a provider, and that provider.</summary>
public sealed class SignedServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rotunda-oidc-");

    public IdentityProvider Provider { get; private set; } = null!;

    public ServerProcess Process { get; private set; } = null!;

    public string Url => Process.Url;

    public async ValueTask InitializeAsync()
    {
        Provider = await IdentityProvider.StartAsync();
        var catalog = Path.Combine(_folder.FullName, "catalog.yaml");
        await File.WriteAllTextAsync(catalog, """
            version: 1
            secrets:
              a-key: { strategy: dual-key, provider: { type: generated } }

            """);
        Process = await ServerProcess.StartAsync(new ServerSettings(
            Path.Combine(_folder.FullName, "data"),
            catalog,
            Environment: new Dictionary<string, string?> { ["OIDC_SECRET"] = IdentityProvider.ClientSecret })
        {
            Options =
            [
                "--oidc-authority", Provider.Url, "--oidc-client-id", IdentityProvider.ClientId, "--oidc-client-secret",
                "env:OIDC_SECRET", "--oidc-roles-claim", "groups", "--oidc-role", "approver=g-approve", "--oidc-role", "operator=g-run",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        await Provider.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
