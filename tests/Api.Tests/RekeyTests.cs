using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rotunda.Access;
using Rotunda.Ledger;
using Rotunda.Providers.Stores.Embedded;
using Rotunda.Rotation.Words;

namespace Rotunda.Api.Tests;

/// <summary>An administrator moves a running server's values to another master key, a few at each call.</summary>
public sealed class RekeyTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Each_call_moves_some_until_all_are_moved_and_it_is_on_record_once()
    {
        await using var host = await ApiHost.StartAsync(ApiHost.Policy("a-key"));
        var store = host.Get<EmbeddedStore>();
        using var value = SecretValue.FromText("a-value");
        for (var index = 0; index < 60; index++)
        {
            await store.PutPendingAsync($"app-{index}", "a", value, fingerprint: null, None);
        }

        using var admin = host.Client(Role.Admin, "ada");

        var half = await MoveAsync(admin);
        Assert.Equal((false, 50, 60), ((bool)half["done"]!, (int)half["moved"]!, (int)half["total"]!));
        var whole = await MoveAsync(admin);
        Assert.True((bool)whole["done"]!);

        Assert.Equal((string?)half["newKey"], host.Get<EmbeddedStore>().KeyId);
        var rows = (await host.Ledger.ReadAuditAsync(new AuditFilter(), None))
            .Where(row => row.Action.StartsWith("store.", StringComparison.Ordinal));
        Assert.Equal([("store.rekey-begun", "ada"), ("store.rekeyed", "ada")], rows.Select(row => (row.Action, row.Actor)));
    }

    private static async Task<JsonObject> MoveAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/store/rekey", JsonContent.Create(new { reason = "once a year" }), None);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(None))!.AsObject();
    }
}
