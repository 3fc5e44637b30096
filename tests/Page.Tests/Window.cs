using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>A window of the browser: what it wrote, what it asked for and what it got is kept, and has to be clean.</summary>
public sealed class Window : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string _url;
    private readonly bool _isKept;
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly ConcurrentQueue<Task> _reading = new();

    private Window(IPage page, string url, bool isKept)
    {
        (Page, _url, _isKept) = (page, url, isKept);
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsExpected(message))
            {
                _problems.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, problem) => _problems.Enqueue($"script: {problem}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _problems.Enqueue($"another host: {request.Url}");
            }
        };
        page.Response += (_, answer) =>
        {
            if (answer.Url.Contains("/api/", StringComparison.Ordinal) && !answer.Url.EndsWith("/events", StringComparison.Ordinal))
            {
                _reading.Enqueue(KeepAsync(answer));
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the browser itself says of a network that a test took away, or of a refusal that a test asked for.</summary>
    public Func<string, bool> Expected { get; set; } = _ => false;

    /// <param name="isKept">Its end puts it back into the state of a new one; else it is closed.</param>
    public static async Task<Window> OpenAsync(IBrowserContext context, string url, bool isKept) =>
        new(await context.NewPageAsync(), url, isKept);

    /// <summary>Goes to an address and waits until the page shows it.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(_url + path);
        await ReadyAsync();
    }

    /// <summary>Until the page of somebody who is signed in is shown.</summary>
    public Task ReadyAsync() => Page.Locator(".shell main h1").First.WaitForAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Text(string text) => Page.GetByText(text);

    /// <summary>The words of all buttons and links that act on what is shown.</summary>
    public async Task<IReadOnlyList<string>> ActionsAsync() =>
        [.. (await Page.Locator("main .head .buttons > *, main .answer .buttons > *").AllInnerTextsAsync()).Order(StringComparer.Ordinal)];

    /// <summary>Fills the dialog that is open and sends it.</summary>
    public async Task AnswerAsync(string button, params (string Label, string Text)[] fields)
    {
        var dialog = Page.GetByRole(AriaRole.Dialog);
        foreach (var (label, text) in fields)
        {
            await dialog.GetByLabel(label).FillAsync(text);
        }

        await dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    /// <summary>Everything that the window has: its document, its storage, and all that the API sent to it.</summary>
    public async Task<string> EverythingAsync()
    {
        await Task.WhenAll(_reading);
        var page = await Page.EvaluateAsync<string>("""
            () => document.documentElement.outerHTML + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })
                + document.cookie + JSON.stringify(history.state)
            """);
        return string.Concat([page, .. _bodies]);
    }

    /// <summary>Nothing was wrong: no script failed, nothing was written to the console, no other host was asked.</summary>
    public void AssertClean() => Assert.Empty(_problems);

    /// <summary>No barrier, and nothing that is wider than the screen.</summary>
    public async Task AssertAccessibleAsync()
    {
        var result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.Empty(result.Violations.SelectMany(one => one.Nodes.Select(node => $"{Page.Url} {one.Id}: {node.Html}")));
        Assert.True(
            await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
            $"{Page.Url} is wider than the screen");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isKept)
        {
            await Page.Context.DisposeAsync();
            return;
        }

        await Page.UnrouteAllAsync();
        await Page.Context.SetOfflineAsync(false);
        // What the next one is shown must not be answered by this one.
        await Page.GotoAsync("about:blank");
        await Task.WhenAll(_reading);
        Expected = _ => false;
        _problems.Clear();
        _bodies.Clear();
        _reading.Clear();
    }

    private bool IsExpected(IConsoleMessage message) => Expected(message.Text);

    private async Task KeepAsync(IResponse answer)
    {
        try
        {
            // Of an answer that the page left before its end, Playwright may wait for ever.
            _bodies.Enqueue(await answer.TextAsync().WaitAsync(Patience));
        }
        catch (Exception gone) when (gone is PlaywrightException or TimeoutException)
        {
            // The page went on before it was read.
        }
    }
}
