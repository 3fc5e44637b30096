using Microsoft.Playwright;

namespace Rotunda.Page.Tests;

/// <summary>Values that people make: given by those who are signed in, and by a link that works once.</summary>
[Collection(WorldCollection.Name)]
public sealed class ProvideTests(PageWorld world)
{
    private const string First = "pay-the-first-value-of-all";
    private const string Second = "pay-the-second-value-of-all";

    [Fact]
    public async Task An_operator_gives_a_value_and_sees_what_becomes_of_it()
    {
        var id = await world.StartAsync("given-here", "waiting-for-value");
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync("/");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Give it" }).First.WaitForAsync();
        await window.GoAsync($"/rotations/{id}");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Give the value" }).ClickAsync();
        await window.Text("an API key of the user rotunda").First.WaitForAsync();
        await window.Button("Give this value").ClickAsync();
        await window.Text("There is no value in the field yet").WaitForAsync();
        await GiveAsync(window, "no-key-of-this-kind");
        await window.Text("This cannot be the value that is asked for").WaitForAsync();
        await GiveAsync(window, First);
        await window.Text("The value works").WaitForAsync();
        await world.UntilAsync(id, "succeeded");

        var again = await world.StartAsync("given-here", "waiting-for-value");
        await window.GoAsync($"/provide/{again}");
        await GiveAsync(window, First);
        await window.Text("it is the value that is in use already").First.WaitForAsync();
        await GiveAsync(window, Second);
        await world.UntilAsync(again, "waiting-for-revoke");
        await window.GoAsync($"/rotations/{again}");
        await window.Button("It is revoked").ClickAsync();
        await window.AnswerAsync("It is revoked", ("Reason", "deleted on their page"));
        await world.UntilAsync(again, "succeeded");
        await AssertNowhereAsync(window);
    }

    [Fact]
    public async Task A_link_lets_one_value_in_without_a_sign_in()
    {
        var id = await world.StartAsync("given-by-link", "waiting-for-value");
        await using var window = await world.OpenAsync("operator");
        await window.GoAsync($"/provide/{id}");
        await window.Button("Make a one-time link").ClickAsync();
        var link = new Uri(await window.Page.Locator("pre code").InnerTextAsync());

        await using var stranger = await world.OpenStrangerAsync("dark", 360);
        await stranger.Page.GotoAsync(link.PathAndQuery + link.Fragment);
        await stranger.Text("A new value for given-by-link").WaitForAsync();
        Assert.DoesNotContain(link.Fragment, stranger.Page.Url);
        await GiveAsync(stranger, First);
        await stranger.Text("The value works").WaitForAsync();
        await AssertNowhereAsync(stranger);

        await stranger.Page.GotoAsync("/login");
        await stranger.Page.GotoAsync(link.PathAndQuery + link.Fragment);
        await stranger.Text("This link lets nothing in").WaitForAsync();
        await world.UntilAsync(id, "succeeded");
    }

    /// <summary>The same words twice change nothing of what is shown, so the form itself has to come back.</summary>
    [Fact]
    public async Task A_value_that_is_refused_twice_leaves_the_form_as_it_was()
    {
        const string Asked = """{"rotationId":"x-1","secret":"x","create":"a key","scopes":[],"lineEnds":false,"state":""";
        var state = "open";
        await using var stranger = await world.OpenStrangerAsync("light", 360);
        await stranger.Page.RouteAsync("**/api/forms/look", route => route.FulfillAsync(new()
        {
            ContentType = "application/json", Body = $"{Asked}\"{state}\"{(state == "open" ? ",\"problem\":\"It is refused.\"" : "")}}}",
        }));
        await stranger.Page.RouteAsync("**/api/forms/provide", async route =>
        {
            state = "checking";
            await route.FulfillAsync(new() { ContentType = "application/json", Body = """{"state":"taken","next":"another"}""" });
        });
        await stranger.Page.GotoAsync("/provide/x-1#0123");

        for (var time = 0; time < 2; time++)
        {
            await GiveAsync(stranger, First);
            await stranger.Text("It is tried now").WaitForAsync();
            Assert.True(await stranger.Button("Give this value").IsDisabledAsync());
            state = "open";
            await Assertions.Expect(stranger.Button("Give this value")).ToBeEnabledAsync();
            await stranger.Text("It is refused.").WaitForAsync();
            Assert.Equal(0, await stranger.Text("It is tried now").CountAsync());
        }

        stranger.AssertClean();
    }

    [Fact]
    public async Task Who_only_reads_may_not_give_one()
    {
        var id = await world.OpenRotationAsync("payroll-key");
        await using var window = await world.OpenAsync("viewer");
        await window.GoAsync($"/provide/{id}");

        await window.Text("A new value for payroll-key").WaitForAsync();
        Assert.True(await window.Button("Give this value").IsDisabledAsync());
    }

    private static async Task GiveAsync(Window window, string value)
    {
        await window.Page.GetByLabel("The new value").FillAsync(value);
        await window.Button("Give this value").ClickAsync();
    }

    /// <summary>What was given is in no field, page or storage of the browser.</summary>
    private static async Task AssertNowhereAsync(Window window)
    {
        var all = await window.Page.EvaluateAsync<string>(
            "() => [document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage), "
            + "JSON.stringify(history.state), ...[...document.querySelectorAll('input, textarea')].map((one) => one.value)].join('\\n')");
        Assert.DoesNotContain(First, all);
        Assert.DoesNotContain(Second, all);
    }
}
