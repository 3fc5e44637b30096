using Microsoft.Playwright;

namespace Rotunda.Bench.Page;

/// <summary>Loads Home in Chromium again and again, each time with an empty cache.</summary>
internal static class Loads
{
    /// <summary>When what needs a person is in the document, and painted.</summary>
    private const string Watch = """
        window.meaningful = new Promise((resolve) => new MutationObserver((_, observer) => {
            if (!document.querySelector('main .rows')) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        }).observe(document, { childList: true, subtree: true }));
        """;

    public static async Task<IReadOnlyList<Load>> MeasureAsync(BenchHost host, int loads)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("ROTUNDA_CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        var signedIn = await SignInAsync(browser, host);
        var seen = new List<Load>();
        // The first one compiles the code on both sides.
        for (var load = 0; load <= loads; load++)
        {
            seen.Add(await LoadAsync(browser, host.Url, signedIn));
        }

        return seen[1..];
    }

    private static async Task<string> SignInAsync(IBrowser browser, BenchHost host)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(await host.LinkAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.Locator(".shell main h1").First.WaitForAsync();
        return await context.StorageStateAsync();
    }

    private static async Task<Load> LoadAsync(IBrowser browser, string url, string signedIn)
    {
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { StorageState = signedIn });
        var page = await context.NewPageAsync();
        var network = await context.NewCDPSessionAsync(page);
        var (bytes, requests) = (0d, 0);
        network.Event("Network.loadingFinished").OnEvent += (_, parameters) =>
            (bytes, requests) = (bytes + parameters!.Value.GetProperty("encodedDataLength").GetDouble(), requests + 1);
        await network.SendAsync("Network.enable");
        await page.AddInitScriptAsync(Watch);
        await page.GotoAsync(url);
        // Not by a function that is waited for: the page's policy lets nothing be evaluated in it.
        var meaningful = await page.EvaluateAsync<double>("window.meaningful");
        await page.Locator(".week .days").WaitForAsync();
        var first = await page.EvaluateAsync<double>(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? window.meaningful");
        return new Load(meaningful, first, (long)bytes, requests);
    }
}

/// <param name="MeaningfulMs">Until what needs a person is painted.</param>
/// <param name="Bytes">All that came, with headers, compressed as it was sent.</param>
internal sealed record Load(double MeaningfulMs, double FirstMs, long Bytes, int Requests);
