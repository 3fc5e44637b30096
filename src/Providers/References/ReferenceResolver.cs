using Rotunda.Files;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.EnvFiles;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.References;

/// <summary>Resolves env:, file:, store: and key-vault: references. Relative paths are relative to the catalog's folder.</summary>
public sealed class ReferenceResolver(
    StoreRegistry stores,
    string folder,
    Func<string, string?> environment,
    IReadKeyVault? keyVault = null,
    string? dataDirectory = null) : IReferenceResolver
{
    private const int LargestFile = 1024 * 1024;
    private readonly OwnSecrets _own = new(dataDirectory);

    public async Task<SecretValue> ResolveAsync(string reference, CancellationToken cancellationToken)
    {
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        var rest = reference[(colon + 1)..];
        return (colon < 0 ? "" : reference[..colon]) switch
        {
            "env" => FromEnvironment(reference, rest),
            "file" => await FromFileAsync(reference, rest, cancellationToken),
            "store" => await FromStoreAsync(reference, rest, cancellationToken),
            "key-vault" when keyVault is not null => await keyVault.ReadAsync(reference, rest, cancellationToken),
            "key-vault" =>
                throw new ReferenceUnresolvedException(
                    reference,
                    "Azure Key Vault is not available in this head. Use env:, file: or store:."),
            // What stands there may be a value by mistake: it is not repeated.
            _ =>
                throw new ReferenceUnresolvedException(
                    "***",
                    "it leads nowhere. Write one of env:NAME, file:PATH, file:PATH#KEY, store:NAME, key-vault:NAME, key-vault:VAULT/NAME."),
        };
    }

    private SecretValue FromEnvironment(string reference, string name) =>
        OwnSecrets.IsVariable(name)
            ? throw new ReferenceUnresolvedException(reference, "that is Rotunda's own key or token. Keep the secret elsewhere, and give "
                + "a reference to that.")
            : environment(name) is { Length: > 0 } value ? SecretValue.FromText(value)
            : throw new ReferenceUnresolvedException(
                reference,
                $"the environment variable {name} is not set. Set it for the process that Rotunda runs in.");

    private async Task<SecretValue> FromStoreAsync(string reference, string name, CancellationToken cancellationToken)
    {
        var store = stores.Default
            ?? throw new ReferenceUnresolvedException(reference, "this head has no store of its own. Use env:, file: or key-vault:.");
        var current = await store.CurrentAsync(name, cancellationToken)
            ?? throw new ReferenceUnresolvedException(
                reference,
                $"the {store.Name} store has no current value '{name}'."
                    + (store.Name == StoreNames.Embedded
                        ? " It holds what Rotunda rotates: name a secret of the catalog that has been rotated, or adopted with a value, or "
                            + "give this value by env: or file:."
                        : ""));
        return await store.GetAsync(current, cancellationToken);
    }

    private async Task<SecretValue> FromFileAsync(string reference, string rest, CancellationToken cancellationToken)
    {
        var hash = rest.LastIndexOf('#');
        var path = Path.Combine(folder, hash < 0 ? rest : rest[..hash]);
        var bytes = await ReadAsync(reference, path, cancellationToken);
        if (hash >= 0)
        {
            return FromEnvFile(reference, path, rest[(hash + 1)..], bytes);
        }

        var length = bytes is [.., (byte)'\n'] ? bytes.Length - 1 : bytes.Length;
        length -= length < bytes.Length && length > 0 && bytes[length - 1] == '\r' ? 1 : 0;
        return length > 0
            ? SecretValue.FromBytes(bytes.AsSpan(0, length))
            : throw new ReferenceUnresolvedException(reference, "the file is empty. Write the value into it.");
    }

    private async Task<byte[]> ReadAsync(string reference, string path, CancellationToken cancellationToken)
    {
        try
        {
            if (_own.IsFile(path))
            {
                throw new ReferenceUnresolvedException(
                    reference,
                    "that file holds Rotunda's own keys. Keep the secret elsewhere, and give a reference to that.");
            }

            var file = FileFacts.Of(path);
            return file.Kind is FileKind.Pipe or FileKind.Socket or FileKind.Device
                ? throw new ReferenceUnresolvedException(
                    reference,
                    $"'{path}' is no file but a {file.Kind.ToString().ToLowerInvariant()}, and reading that may never end. Give a file.")
                : file.Length > LargestFile && file.Kind == FileKind.File
                ? throw new ReferenceUnresolvedException(reference, "the file is larger than 1 MB. Give one that holds the value alone.")
                : await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReferenceUnresolvedException(reference, $"there is no file '{path}'. Make it, or correct the path.");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ReferenceUnresolvedException(
                reference,
                $"the file '{path}' cannot be read ({exception.GetType().Name}). Check that the user Rotunda runs as may read it.");
        }
    }

    private static SecretValue FromEnvFile(string reference, string path, string key, byte[] bytes)
    {
        try
        {
            return EnvFileText.Parse(bytes).Read(key) is { Length: > 0 } value
                ? SecretValue.FromBytes(value)
                : throw new ReferenceUnresolvedException(reference, $"'{path}' has no value for {key}. Add it, or correct the name.");
        }
        catch (DeliveryException problem)
        {
            throw new ReferenceUnresolvedException(reference, $"'{path}': {problem.Message}");
        }
    }
}
