using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Debian's Chromium, started once for all tests. Each test takes a context of its own: no cookie is shared.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private const int PatienceMs = 60_000;
    private IPlaywright? _playwright;

    public IBrowser Chromium { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The machine may be busy with other tests: what is waited for comes, or it never does.
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        _playwright = await Playwright.CreateAsync();
        Chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("ROTUNDA_CHROMIUM") ?? "/usr/bin/chromium",
            Args = Quiet,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Chromium is not null)
        {
            await Chromium.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
