using Rotunda.Testing.RealServers;

namespace Rotunda.Activities.Tests.Providers.LocalAccounts;

public sealed class LinuxHostFixture : IAsyncLifetime
{
    private int _names;

    /// <summary>Null where none can be had.</summary>
    public string? WhyNot { get; } = LinuxHost.WhyUnavailable;

    public LinuxHost Host { get; private set; } = null!;

    /// <summary>A name of an account that no other test uses.</summary>
    public string NewName() => $"app-{Interlocked.Increment(ref _names)}";

    public async ValueTask InitializeAsync()
    {
        if (WhyNot is null)
        {
            Host = await LinuxHost.StartAsync();
        }
    }

    public ValueTask DisposeAsync() => Host?.DisposeAsync() ?? ValueTask.CompletedTask;
}
