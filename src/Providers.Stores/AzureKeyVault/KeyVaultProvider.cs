using Azure.Security.KeyVault.Secrets;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.AzureKeyVault;

internal sealed class KeyVaultProvider(KeyVaultClients clients) : IProvider, IOpenStore, IDeliverValues, IConfirmSync, IValidateSetup
{
    /// <summary>On a version that stands for "nothing": there was no secret before ours.</summary>
    private const string Withdrawn = "rotunda-withdrawn";
    private const string Rotation = "rotunda-rotation";

    public ProviderDescriptor Descriptor => KeyVaultDescriptor.Instance;

    public ISecretStore Open(string name, ProviderSettings settings, TimeProvider time) => new KeyVaultStore(
        name,
        () => new KeyVaultSession(clients.For(KeyVaultPlace.Of(settings)), time),
        settings.Text(KeyVaultDescriptor.Prefix) ?? "",
        settings.Text(KeyVaultDescriptor.Expires) is null ? null : settings.Duration(KeyVaultDescriptor.Expires, TimeSpan.Zero));

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, name, _) =>
        {
            var newest = await NewestAsync(vault, name, cancellationToken);
            return StepOutcome.Done(("secret", Shown(vault, name)), ("version", newest?.Properties.Version));
        });

    public async Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken)
    {
        SecretValue? captured = null;
        var outcome = await GuardAsync(call, async (vault, name, _) =>
        {
            captured = await NewestAsync(vault, name, cancellationToken) is { } newest ? KeyVaultSnapshot.Of(newest).ToValue() : null;
            return StepOutcome.Done();
        });
        return outcome.Succeeded ? captured : throw new OutcomeException(outcome);
    }

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, name, template) =>
        {
            using var value = SecretValue.FromText(template.Render(values));
            var newest = await NewestAsync(vault, name, cancellationToken);
            if (newest?.Value == value.RevealText())
            {
                return StepOutcome.AlreadyDone(("secret", Shown(vault, name)), ("version", newest.Properties.Version));
            }

            var next =
                new KeyVaultSecret(name, KeyVaultValue.Write(value).Text) { Properties = { ContentType = newest?.Properties.ContentType } };
            Tag(next, newest, call.RotationId, values.Primary.Fingerprint);
            SetTimes(next, newest, call);
            return await SetAsync(vault, next, cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, name, _) =>
        {
            var newest = await NewestAsync(vault, name, cancellationToken);
            if (captured is null)
            {
                return newest is null
                    ? StepOutcome.AlreadyDone(("secret", Shown(vault, name)))
                    : await WithdrawAsync(vault, newest.Properties, cancellationToken);
            }

            var before = KeyVaultSnapshot.Of(captured);
            return newest is not null && KeyVaultSnapshot.Of(newest).Is(before)
                ? StepOutcome.AlreadyDone(("secret", Shown(vault, name)), ("version", newest.Properties.Version))
                : await SetAsync(vault, before.ToSecret(name), cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        GuardAsync(call, async (vault, name, template) =>
        {
            var newest = await NewestAsync(vault, name, cancellationToken);
            return newest is null ? StepOutcome.Missing($"{Shown(vault, name)} is not there, or its newest version is disabled.")
                : newest.Value == template.Render(expected) ? StepOutcome.Done(
                    ("secret", Shown(vault, name)),
                    ("version", newest.Properties.Version))
                : StepOutcome.Differs(
                    $"The newest version of {Shown(vault, name)} ({newest.Properties.Version}) is something other than what was "
                        + "delivered: did someone set it?");
        });

    /// <summary>The tags that are there, and, as far as Key Vault takes more, whose value this is.</summary>
    private static void Tag(KeyVaultSecret next, KeyVaultSecret? newest, string rotation, string fingerprint)
    {
        foreach (var (tag, text) in newest?.Properties.Tags ?? new Dictionary<string, string>())
        {
            if (tag is not (Rotation or KeyVaultStore.Fingerprint or Withdrawn))
            {
                next.Properties.Tags[tag] = text;
            }
        }

        foreach (var (tag, text) in new[] { (Rotation, rotation), (KeyVaultStore.Fingerprint, fingerprint) })
        {
            if (next.Properties.Tags.Count < KeyVaultValue.MostTags)
            {
                next.Properties.Tags[tag] = text;
            }
        }
    }

    /// <summary>A version that expires is followed by one that lives as long from now on: whoever waits for the vault's events
    /// goes on getting them.</summary>
    private static void SetTimes(KeyVaultSecret next, KeyVaultSecret? newest, ProviderCall call)
    {
        var now = call.Time.GetUtcNow();
        var before = newest?.Properties;
        var lived = before?.ExpiresOn - (before?.NotBefore ?? before?.CreatedOn);
        next.Properties.NotBefore = before?.NotBefore is null ? null : now;
        next.Properties.ExpiresOn = call.Settings.Text(
            KeyVaultDescriptor.Expires) is not null ? now + call.Settings.Duration(KeyVaultDescriptor.Expires, TimeSpan.Zero)
            : lived > TimeSpan.Zero ? now + lived : null;
    }

    private static async Task<StepOutcome> SetAsync(KeyVaultSession vault, KeyVaultSecret next, CancellationToken cancellationToken)
    {
        var set = await vault.SetAsync(next, cancellationToken);
        return StepOutcome.Done(("secret", Shown(vault, next.Name)), ("version", set.Properties.Version));
    }

    /// <summary>Disables the newest version: Key Vault takes no single version away.</summary>
    private static async Task<StepOutcome> WithdrawAsync(
        KeyVaultSession vault,
        SecretProperties newest,
        CancellationToken cancellationToken)
    {
        newest.Enabled = false;
        if (newest.Tags.Count < KeyVaultValue.MostTags)
        {
            newest.Tags[Withdrawn] = "true";
        }

        await vault.UpdateAsync(newest, cancellationToken);
        return StepOutcome.Done(("secret", Shown(vault, newest.Name)), ("disabled version", newest.Version));
    }

    /// <summary>What readers get; null for nothing.</summary>
    private static async Task<KeyVaultSecret?> NewestAsync(KeyVaultSession vault, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await vault.GetAsync(name, null, cancellationToken);
        }
        catch (KeyVaultDisabledException)
        {
            return null;
        }
    }

    private async Task<StepOutcome> GuardAsync(ProviderCall call, Func<KeyVaultSession, string, DeliveryTemplate, Task<StepOutcome>> work)
    {
        try
        {
            return await work(
                new KeyVaultSession(clients.For(KeyVaultPlace.Of(call.Settings)), call.Time),
                KeyVaultValue.NameOf(call.Settings.RequiredText(KeyVaultDescriptor.Secret)),
                DeliveryTemplate.Parse(call.Settings.Text(KeyVaultDescriptor.Template) ?? "{value}"));
        }
        catch (OutcomeException failure)
        {
            return failure.Outcome;
        }
    }

    private static string Shown(KeyVaultSession vault, string name) => $"{vault.Vault}/{name}";
}
