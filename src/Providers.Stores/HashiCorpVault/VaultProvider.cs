using System.Globalization;
using System.Text.Json.Nodes;
using Rotunda.Providers.Clients.Vault;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

internal sealed class VaultProvider : IProvider, IOpenStore, IDeliverValues, IConfirmSync, IValidateSetup, IDisposable
{
    private const int Rounds = 5;
    private readonly WebClients _clients = new();
    private readonly VaultTokens _tokens = new();

    public ProviderDescriptor Descriptor => VaultDescriptor.Instance;

    public ISecretStore Open(string name, ProviderSettings settings, TimeProvider time) =>
        new VaultStore(name, settings, vault => Begin(settings, time, vault));

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, path, templates) =>
        {
            await VaultChecks.TargetAsync(vault, path, cancellationToken);
            var entry = await vault.ReadAsync(path, 0, cancellationToken);
            return StepOutcome.Done(
                ("path", Shown(vault, path)),
                ("version", Number(entry.Version)),
                ("keys", string.Join(", ", templates.Keys)));
        });

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        SecretValue? captured = null;
        var outcome = await GuardAsync(call, async (vault, path, templates) =>
        {
            var entry = await vault.ReadAsync(path, 0, cancellationToken);
            captured = entry.Data is { } data ? new VaultSnapshot(Only(data, templates.Keys)).ToValue() : null;
            return StepOutcome.Done();
        });
        return outcome.Succeeded ? captured : throw new OutcomeException(outcome);
    }

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        GuardAsync(call, (vault, path, templates) =>
        {
            var rendered = templates.ToDictionary(pair => pair.Key, pair => (JsonNode?)pair.Value.Render(values), StringComparer.Ordinal);
            return ChangeAsync(vault, path, data => Set(data ?? [], rendered), cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        GuardAsync(call, (vault, path, templates) =>
        {
            var before = templates.Keys.ToDictionary(key => key, _ => (JsonNode?)null, StringComparer.Ordinal);
            foreach (var (key, value) in captured is null ? [] : VaultSnapshot.Of(captured).Keys)
            {
                before[key] = value;
            }

            return ChangeAsync(
                vault,
                path,
                data => data is null && captured is null ? null : Left(Set(data ?? [], before), captured is not null),
                cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, path, templates) =>
        {
            var entry = await vault.ReadAsync(path, 0, cancellationToken);
            if (entry.Data is not { } data)
            {
                return StepOutcome.Missing($"{Shown(vault, path)} is not there ({entry.Kind}).");
            }

            var other = templates.Where(pair => !JsonNode.DeepEquals(data[pair.Key], pair.Value.Render(expected)))
                .Select(pair => pair.Key)
                .ToList();
            return other.Count == 0
                ? StepOutcome.Done(("path", Shown(vault, path)), ("version", Number(entry.Version)))
                : StepOutcome.Differs(
                    $"{Shown(vault, path)} (version {entry.Version}) holds something other than what was delivered at "
                        + $"{string.Join(", ", other)}: an old copy, or did someone edit it?");
        });

    public void Dispose() => _clients.Dispose();

    /// <summary>Reads, changes and writes over what was read; if someone else wrote meanwhile, from the start.</summary>
    /// <param name="change">From what is there (null: nothing) to what is to be there (null: nothing).</param>
    private static async Task<StepOutcome> ChangeAsync(
        VaultClient vault,
        string path,
        Func<JsonObject?, JsonObject?> change,
        CancellationToken cancellationToken)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var entry = await vault.ReadAsync(path, 0, cancellationToken);
            var next = change(entry.Data?.DeepClone().AsObject());
            if (JsonNode.DeepEquals(next, entry.Data))
            {
                return StepOutcome.AlreadyDone(("path", Shown(vault, path)), ("version", Number(entry.Version)));
            }

            if (next is null)
            {
                await vault.DeleteAsync(path, [entry.Version], cancellationToken);
                return StepOutcome.Done(("path", Shown(vault, path)), ("deleted version", Number(entry.Version)));
            }

            if (await vault.WriteAsync(path, entry.Version, next, cancellationToken) is { } written)
            {
                return StepOutcome.Done(("path", Shown(vault, path)), ("version", Number(written.Version)));
            }
        }

        throw vault.Session.Failure(StepOutcome.RetryLater($"Others keep writing to {Shown(vault, path)} at the same time."));
    }

    private static JsonObject Only(JsonObject data, IEnumerable<string> keys) =>
        new(keys.Where(data.ContainsKey).Select(key => KeyValuePair.Create(key, data[key]?.DeepClone())));

    /// <summary>A null takes the key away.</summary>
    private static JsonObject Set(JsonObject data, IReadOnlyDictionary<string, JsonNode?> values)
    {
        foreach (var (key, value) in values)
        {
            if (value is null)
            {
                data.Remove(key);
            }
            else
            {
                data[key] = value.DeepClone();
            }
        }

        return data;
    }

    /// <summary>Nothing, if nothing is left of a secret that was not there before.</summary>
    private static JsonObject? Left(JsonObject data, bool wasThere) => data.Count == 0 && !wasThere ? null : data;

    private Task<StepOutcome> GuardAsync(
        ProviderCall call,
        Func<VaultClient, string, IReadOnlyDictionary<string, DeliveryTemplate>, Task<StepOutcome>> work) =>
        WebGuard.OutcomeAsync(() => work(
            Begin(call.Settings, call.Time, VaultSettings.Of(call.Settings)),
            PathOf(call),
            TemplatesOf(call)));

    private VaultClient Begin(ProviderSettings settings, TimeProvider time, VaultSettings vault) =>
        new(_clients.Begin(time, "Vault", vault.CaFile), vault, settings, _tokens);

    private static string PathOf(ProviderCall call) =>
        VaultSettings.PathOf(call.Settings.RequiredText(VaultDescriptor.Path), VaultDescriptor.Path);

    private static Dictionary<string, DeliveryTemplate> TemplatesOf(ProviderCall call)
    {
        var keys = call.Settings.TextMap(VaultDescriptor.Keys);
        return keys.Count > 0
            ? keys.ToDictionary(pair => pair.Key, pair => DeliveryTemplate.Parse(pair.Value), StringComparer.Ordinal)
            : throw new DeliveryException("'keys' is empty. Name at least one key with its template, such as API_KEY: \"{value}\".");
    }

    private static string Shown(VaultClient vault, string path) => $"{vault.Vault.Mount}/{path}";

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);
}
