using Rotunda.Providers.Contract;
using Rotunda.Rotation.Words;

namespace Rotunda.Testing.ProviderConformance;

/// <summary>The values of one fault run: the same name is the same value.</summary>
internal sealed class VendorValues(VendorEnvironment environment, Func<string> newValue)
{
    private const string Salt = "00112233445566778899aabbccddeeff";
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    public SecretValue? Captured { get; set; }

    public SecretValue Secret(string name)
    {
        if (!_texts.TryGetValue(name, out var text))
        {
            _texts[name] = text = newValue();
        }

        return SecretValue.FromText(text);
    }

    /// <summary>With a second value, as dual keys have, where the target takes one.</summary>
    public async Task<StepOutcome> WithAsync(string name, Func<DeliveredValues, Task<StepOutcome>> work)
    {
        using var primary = Secret(name);
        using var secondary = environment.TakesSecondary ? Secret(name + "-secondary") : null;
        return await work(new(
            new(primary, "app_a", Fingerprint.Of(primary, Salt)),
            secondary is null ? null : new(secondary, "app_b", Fingerprint.Of(secondary, Salt)),
            Salt));
    }
}
