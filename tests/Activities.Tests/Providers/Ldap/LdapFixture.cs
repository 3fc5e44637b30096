using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.Ldap;

public sealed class LdapFixture : IAsyncLifetime
{
    private int _names;

    public LdapServer Server { get; private set; } = null!;

    /// <summary>A name of an account that no other test uses.</summary>
    public string NewName() => $"mail-{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync() => Server = await LdapServer.StartAsync();

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
