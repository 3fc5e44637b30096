using Rotunda.Rotation.Words;
using Rotunda.Yaml;

namespace Rotunda.Rotation.Catalog;

/// <summary>Reads a provider's type and settings, wherever in the catalog one is named.</summary>
internal sealed class BindingReader(string folder, IReadOnlyDictionary<string, ProviderDescriptor> descriptors, CatalogProblems problems)
{
    private readonly SettingsReader _settings = new(folder, problems);
    private readonly Dictionary<(string Provider, string[] OwnKeys), string[]> _keys = [];

    /// <summary>Every provider there is, by id.</summary>
    public IReadOnlyDictionary<string, ProviderDescriptor> Descriptors => descriptors;

    /// <param name="ownKeys">Keys that stand beside the settings.</param>
    /// <param name="fits">Whether a provider can take this part.</param>
    /// <param name="role">What it must be able to, for the problem: "cannot …".</param>
    /// <param name="readOwn">Reads the own keys.</param>
    public (ProviderBinding? Binding, ProviderDescriptor? Descriptor) Read(
        CatalogMap parent,
        string key,
        string[] ownKeys,
        Func<ProviderDescriptor, bool> fits,
        string role,
        Action<CatalogMap>? readOwn = null)
    {
        ProviderBinding? binding = null;
        ProviderDescriptor? descriptor = null;
        parent.Track(key, () =>
        {
            if (parent.Map(key, known: null, required: true) is not { } map)
            {
                return;
            }
            readOwn?.Invoke(map);
            if (map.Text("type", required: true) is not { } type)
            {
                return;
            }
            IEnumerable<string> Fitting() => descriptors.Values.Where(fits).Select(d => d.Id);
            if (!descriptors.TryGetValue(type, out descriptor))
            {
                map.Problem("type", $"there is no provider \"{type}\". {Suggestion.For(type, Fitting())}");
                return;
            }
            if (!fits(descriptor))
            {
                map.Problem(
                    "type",
                    $"\"{type}\" cannot {role}. Those that can: {string.Join(", ", Fitting().Order(StringComparer.Ordinal))}.");
                descriptor = null;
                return;
            }
            map.CheckKeys(KeysOf(descriptor, ownKeys));
            binding = new ProviderBinding(descriptor.Id, _settings.Read(map, descriptor));
            TellProblems(map, descriptor, binding);
            if (descriptor.OperationsSetting is not { } operations || !map.Has(operations) || !map.IsGood(operations))
            {
                return;
            }
            descriptor = descriptor.For(binding.Settings);
            if (!fits(descriptor))
            {
                map.Problem(operations, $"with these, this \"{type}\" cannot {role}. Name what else it does.");
                descriptor = null;
            }
        });
        return (binding, descriptor);
    }

    /// <summary>What the provider itself finds. What is bad by its type has been told, and may not be there.</summary>
    private static void TellProblems(CatalogMap map, ProviderDescriptor descriptor, ProviderBinding binding)
    {
        if (descriptor.Check is not { } check || !descriptor.Settings.All(setting => map.IsGood(setting.Name)))
        {
            return;
        }
        foreach (var problem in check(binding.Settings))
        {
            if (problem.Key is { } key && map.Map(problem.Setting, known: null) is { } keys)
            {
                keys.Problem(key, problem.Text);
            }
            else
            {
                map.Problem(problem.Setting, problem.Text);
            }
        }
    }

    private string[] KeysOf(ProviderDescriptor descriptor, string[] ownKeys) => _keys.TryGetValue((descriptor.Id, ownKeys), out var known)
        ? known
        : _keys[(descriptor.Id, ownKeys)] = [.. ownKeys, .. descriptor.Settings.Select(s => s.Name)];

    public void CheckName(YamlNode key, string what)
    {
        if (!CatalogWords.IsName(key.Text))
        {
            problems.Add(
                key,
                $"{CatalogScalars.Echo(key)}: {what} is made of lower-case letters, digits and hyphens inside, at most "
                    + $"{CatalogWords.MaxNameLength}. Rename it.");
        }
    }
}
