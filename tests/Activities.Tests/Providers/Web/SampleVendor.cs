using System.Text;
using System.Text.Json.Nodes;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;
using Rotunda.Testing.ProviderConformance;
using Rotunda.Testing.VendorFakes;

namespace Rotunda.Activities.Tests.Providers.Web;

/// <summary>A small vendor with two slots that a delivery fills one after the other, and a target for it.</summary>
internal sealed class SampleEnvironment(FakeVendor vendor, SampleTarget provider) : VendorEnvironment(vendor)
{
    private readonly Dictionary<string, string> _slots = new(StringComparer.Ordinal);

    public override IProvider Provider => provider;

    public override JsonObject Settings => new() { ["url"] = Vendor.Address, ["token"] = "env:TOKEN" };

    public override IReadOnlyDictionary<string, string> References =>
        new Dictionary<string, string> { ["env:TOKEN"] = "sample-token-8f3a90" };

    public override void Reset() => _slots.Clear();

    public override Task<string> StateAsync() =>
        Task.FromResult(string.Join(';', _slots.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}")));

    public static async Task<SampleEnvironment> StartAsync(SampleTarget provider)
    {
        var vendor = await FakeVendor.StartAsync();
        var environment = new SampleEnvironment(vendor, provider);
        vendor.On("PUT", "/v1/slots/{name}", request =>
        {
            request.RequireHeader("Authorization", "Bearer sample-token-8f3a90");
            environment._slots[request.Part("name")] = (string)request.Json("value")["value"]!;
            return FakeReply.Json(200, new JsonObject { ["echo"] = environment._slots[request.Part("name")] });
        });
        vendor.On("DELETE", "/v1/slots/{name}", request =>
        {
            request.RequireHeader("Authorization", "Bearer sample-token-8f3a90");
            request.RequireNoBody();
            return FakeReply.Empty(environment._slots.Remove(request.Part("name")) ? 204 : 404);
        });
        return environment;
    }
}

/// <summary>Delivers as it should, or wrongly in one way that the kit must find.</summary>
internal sealed class SampleTarget(string wrong = "") : IProvider, IDeliverValues, IDisposable
{
    private readonly WebClients _clients = new();

    public ProviderDescriptor Descriptor { get; } = new(
        "sample", "Sample", "A sample.", Abilities.DeliverValues,
        [
            new("url", SettingType.Url, "Its address.", Required: true),
            new("token", SettingType.Text, "Its token.", Required: true, IsSecret: true),
        ],
        ["https://example.com/docs"],
        [],
        Permissions: [],
        Arrival: "Not confirmed.",
        RollBack: "Empties the slots.",
        Example: "type: sample");

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => Task.FromResult<SecretValue?>(null);

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var session = _clients.Begin(call, "Sample");
            await PutAsync(session, call, "one", values.Primary.Value.RevealText(), cancellationToken);
            // A provider that forgets what it has done takes a refusal for "nothing happened".
            session = wrong == "forgets" ? _clients.Begin(call, "Sample") : session;
            try
            {
                await PutAsync(session, call, "two", values.Secondary!.Value.RevealText(), cancellationToken);
            }
            catch (WebFailureException failure) when (wrong == "leaks")
            {
                return StepOutcome.Unknown($"{failure.Message} ({values.Primary.Value.RevealText()})");
            }
            catch (WebFailureException failure) when (wrong == "hasty")
            {
                return failure.Outcome with { RetryAfter = null };
            }
            catch (WebFailureException) when (wrong == "lies")
            {
                return StepOutcome.Done();
            }

            return StepOutcome.Done();
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        WebGuard.OutcomeAsync(async () =>
        {
            var session = _clients.Begin(call, "Sample");
            foreach (var slot in new[] { "one", "two" })
            {
                using var reply =
                    await session.SendAsync(await RequestAsync(call, HttpMethod.Delete, slot, null, cancellationToken), cancellationToken);
                if (!reply.IsSuccess && reply.Status != 404)
                {
                    throw session.Refusal(reply, WebHints.None);
                }
            }

            return StepOutcome.Done();
        });

    public void Dispose() => _clients.Dispose();

    private static async Task PutAsync(
        WebSession session,
        ProviderCall call,
        string slot,
        string value,
        CancellationToken cancellationToken)
    {
        using var reply = await session.SucceedAsync(
            await RequestAsync(call, HttpMethod.Put, slot, value, cancellationToken),
            WebHints.None,
            cancellationToken);
    }

    private static async Task<WebRequest> RequestAsync(
        ProviderCall call,
        HttpMethod method,
        string slot,
        string? value,
        CancellationToken cancellationToken)
    {
        using var token = await call.Settings.RequiredSecretAsync("token", cancellationToken);
        return new WebRequest(
            method,
            WebAddress.At(WebAddress.Base(call.Settings.RequiredText("url"), "url"), "v1", "slots", slot),
            Changes: true)
        {
            Authorization = new("Bearer", token.RevealText()),
            Body = value is null ? null : Encoding.UTF8.GetBytes(new JsonObject { ["value"] = value }.ToJsonString()),
            CarriesValue = value is not null,
        };
    }
}
