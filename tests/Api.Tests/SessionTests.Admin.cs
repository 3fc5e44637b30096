using System.Net;
using Rotunda.Access;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

public sealed partial class SessionTests
{
    [Fact]
    public async Task An_admin_sees_who_is_signed_in_and_signs_them_out_one_by_one_or_all_each_on_record()
    {
        await using var host = await ApiHost.StartAsync();
        var (one, two) = (await SignInAsync(host, Role.Viewer, "vera"), await SignInAsync(host, Role.Viewer, "vera"));
        var three = await SignInAsync(host, Role.Viewer, "vic");
        var own = await SignInAsync(host, Role.Admin, "ada");
        using var browser = host.Client(null);
        using var listed = await browser.SendAsync(Get("/api/sessions", own), Cancelled);
        var sessions = (await BodyAsync(listed))["sessions"]!.AsArray();
        var first = sessions.First(session => (string?)session!["person"] == "vera")!;

        using var ended = await browser.SendAsync(Post("/api/sessions/end", $$"""{"id":"{{first["id"]}}"}""", own), Cancelled);
        HttpStatusCode[] left = [await StatusAsync(browser, one), await StatusAsync(browser, two)];
        using var rest = await browser.SendAsync(Post("/api/sessions/end", """{"person":"VERA"}""", own), Cancelled);
        using var none = await browser.SendAsync(Post("/api/sessions/end", """{"person":"vera"}""", own), Cancelled);
        using var both = await browser.SendAsync(Post("/api/sessions/end", """{"person":"vic","id":"x"}""", own), Cancelled);

        Assert.Equal(4, sessions.Count);
        Assert.Equal("ada", (string?)sessions.Single(session => (bool)session!["isYours"]!)!["person"]);
        Assert.Equal(1, (int)(await BodyAsync(ended))["ended"]!);
        Assert.Equal(1, (int)(await BodyAsync(rest))["ended"]!);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Unauthorized], left.Order());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.BadRequest), (none.StatusCode, both.StatusCode));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser, three));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, two));
        var rows = await host.Ledger.ReadAuditAsync(new AuditFilter(0, null, null, 100), Cancelled);
        Assert.Equal(2, rows.Count(row => row is { Action: "session.end", Actor: "ada" }));
        Assert.Single(rows, row => row is { Action: "session.list", Actor: "ada" });
        // What names a session lets nobody in.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(browser, $"__Host-rotunda={first["id"]}"));
    }
}
