using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Api.Desk;
using Rotunda.Api.Views;
using Rotunda.Ledger;

namespace Rotunda.Api.Tests;

/// <summary>A clock that is not believed is told in the status and by the doctor, and a person's word on record settles it.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_told_everywhere_and_an_approver_settles_it()
    {
        var doubt = new ClockDoubt(DateTimeOffset.UtcNow, "the clock jumped ahead by 3h", 10800);
        await _host.Ledger.WriteClockAsync(new ClockRecord(DateTimeOffset.UtcNow, doubt), null, null, None);
        using var viewer = _host.Client(Role.Viewer);
        using var approver = _host.Client(Role.Approver, "petra");

        var clock = await JsonAsync(viewer, "/api/clock");
        Assert.False((bool)clock["believed"]!);
        Assert.Equal("the clock jumped ahead by 3h", (string?)clock["why"]);
        Assert.Equal("the clock jumped ahead by 3h", (string?)(await JsonAsync(viewer, "/api/secrets"))["clock"]);
        var found = (await _host.Get<DoctorDesk>().RunAsync(None)).Findings;
        Assert.Contains(found, finding => finding is { Level: FindingLevel.Problem, Area: "clock" }
            && finding.Message.Contains("rotunda clock confirm", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Forbidden, await ConfirmAsync(viewer));
        Assert.Equal(HttpStatusCode.OK, await ConfirmAsync(approver));

        Assert.True((bool)(await JsonAsync(viewer, "/api/clock"))["believed"]!);
        Assert.Null((await JsonAsync(viewer, "/api/secrets"))["clock"]);
        var row = (await _host.Ledger.ReadAuditAsync(new AuditFilter(), None)).Single(one => one.Action == AuditActions.ClockConfirmed);
        Assert.Equal("petra", row.Actor);
        Assert.Equal(HttpStatusCode.Conflict, await ConfirmAsync(approver));
    }

    private static async Task<HttpStatusCode> ConfirmAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/clock/confirm", JsonContent.Create(new { reason = "radio clock" }), None);
        return answer.StatusCode;
    }

    private static async Task<JsonObject> JsonAsync(HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(path, None))!.AsObject();
}
