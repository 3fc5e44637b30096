using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Stores.HashiCorpVault;

/// <summary>Whether a Vault is set up so that values can be kept there, found out without changing anything.</summary>
internal static class VaultChecks
{
    private const string Sample = "rotunda-check";

    /// <summary>Rights are asked for with a name that stands for every secret's.</summary>
    /// <exception cref="WebFailureException">With what is wrong and what to do.</exception>
    public static async Task StoreAsync(VaultClient vault, string prefix, CancellationToken cancellationToken)
    {
        var (mount, path, pending) = (vault.Vault.Mount, $"{prefix}/{Sample}", $"{prefix}/{Sample}-pending/{Sample}.1");
        await PlaceAsync(vault, cancellationToken);
        await RightsAsync(
            vault,
            [
                ($"{mount}/config", ["read"]),
                ($"{mount}/data/{path}", ["create", "read", "update"]),
                ($"{mount}/data/{pending}", ["create", "read"]),
                ($"{mount}/destroy/{path}", ["update"]),
                ($"{mount}/destroy/{pending}", ["update"]),
                ($"{mount}/metadata/{path}", ["read", "patch"]),
            ],
            cancellationToken);
        var deleteAfter = await vault.DeleteVersionAfterAsync(cancellationToken);
        if (deleteAfter.Any(symbol => symbol is >= '1' and <= '9'))
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"The mount {mount} deletes each version after {deleteAfter}: values would vanish while they are in use. Set vault write "
                    + $"{mount}/config delete_version_after=0s, or use another mount."));
        }
    }

    /// <exception cref="WebFailureException">With what is wrong and what to do.</exception>
    public static async Task TargetAsync(VaultClient vault, string path, CancellationToken cancellationToken)
    {
        await PlaceAsync(vault, cancellationToken);
        await RightsAsync(
            vault,
            [($"{vault.Vault.Mount}/data/{path}", ["create", "read", "update"]), ($"{vault.Vault.Mount}/delete/{path}", ["update"])],
            cancellationToken);
    }

    /// <summary>A KV engine of version 1 takes the paths of version 2 for names of secrets that are not there: without this, what is
    /// kept there would look absent, and be written beside.</summary>
    private static async Task PlaceAsync(VaultClient vault, CancellationToken cancellationToken)
    {
        if (await vault.MountAsync(cancellationToken) is not { } found)
        {
            return;
        }

        var mount = vault.Vault.Mount;
        if (found.Path != mount)
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"The engine is mounted at {found.Path}, not at {mount}. Set mount: {found.Path}, and put the rest in front of the path."));
        }

        if (found.Type != "kv" || found.Version != "2")
        {
            var (what, orElse) = found.Type == "kv"
                ? ($"a KV engine of version {found.Version}", $", or run: vault kv enable-versioning {mount}")
                : ($"an engine '{found.Type}'", "");
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"At the mount {mount} is {what}, not a KV engine of version 2. Give another mount{orElse}."));
        }
    }

    private static async Task RightsAsync(
        VaultClient vault,
        IReadOnlyList<(string Path, string[] Needed)> all,
        CancellationToken cancellationToken)
    {
        var given = await vault.CapabilitiesAsync(all.Select(one => one.Path), cancellationToken);
        var missing = all.Select(one => (one.Path, Lacks: Lacking(one.Needed, given[one.Path]))).Where(one => one.Lacks.Count > 0)
            .Select(one => $"{string.Join(", ", one.Lacks)} on {one.Path}").ToList();
        if (missing.Count > 0)
        {
            throw vault.Session.Failure(StepOutcome.Rejected(
                $"Vault's policies do not let Rotunda: {string.Join("; ", missing)}. Add them, as the provider's page shows."));
        }
    }

    private static List<string> Lacking(string[] needed, IReadOnlyList<string> given) =>
        given.Contains("root", StringComparer.Ordinal) ? [] : [.. needed.Where(one => !given.Contains(one, StringComparer.Ordinal))];
}
