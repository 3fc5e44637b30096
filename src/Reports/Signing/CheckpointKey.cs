using System.Security.Cryptography;
using Rotunda.Ledger;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Registry;
using Rotunda.Rotation.Catalog;
using Rotunda.Rotation.Words;

namespace Rotunda.Reports.Signing;

/// <summary>
/// The key that signs checkpoints: ECDSA over P-256, made at first use and kept in the head's own store like any value. That it was made,
/// and the digest of its public half, is in the audit.
/// </summary>
public sealed class CheckpointKey(StoreRegistry stores, ILedger ledger) : IDisposable
{
    /// <summary>As the store has it.</summary>
    public const string Name = ReservedNames.CheckpointKey;

    /// <summary>In the audit: the detail is the SHA-256 of the public key (DER).</summary>
    public const string KeyMade = "checkpoint.key-made";

    private readonly SemaphoreSlim _gate = new(1);

    /// <exception cref="StoreUnavailableException">There is no store, or it cannot be used now.</exception>
    public async Task<SignedText> SignAsync(byte[] text, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var store = stores.Default
                ?? throw new StoreUnavailableException(
                    "This head has no store of its own, so no key to sign with can be kept. Give it one (docs/stores.md).");
            var current = await store.CurrentAsync(Name, cancellationToken) ?? await MakeAsync(store, cancellationToken);
            using var value = await store.GetAsync(current, cancellationToken);
            using var key = ECDsa.Create();
            key.ImportFromPem(value.RevealText());
            return new SignedText(
                key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
                key.ExportSubjectPublicKeyInfoPem() + "\n",
                DigestOf(key));
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static string DigestOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private async Task<SecretRef> MakeAsync(ISecretStore store, CancellationToken cancellationToken)
    {
        if (await ledger.GetSecretAsync(Name, cancellationToken) is not null)
        {
            throw new StoreUnavailableException(
                $"A secret is called '{Name}', which is the name of the key that signs. Give the secret another name in the catalog.");
        }

        using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var value = SecretValue.FromText(made.ExportPkcs8PrivateKeyPem());
        await ledger.AuditAsync(
            new AuditEntry(AuditActions.System, KeyMade, null, null, null, DigestOf(made)), cancellationToken);
        var kept = await store.PutPendingAsync(Name, "checkpoints", value, cancellationToken);
        await store.PromoteAsync(kept, cancellationToken);

        // Another instance may have come first: the one that is current signs.
        return await store.CurrentAsync(Name, cancellationToken) ?? kept;
    }
}

/// <param name="Signature">DER, as openssl takes it.</param>
/// <param name="PublicKey">PEM.</param>
/// <param name="KeyDigest">SHA-256 of the public key (DER), hex; as the audit has it.</param>
public sealed record SignedText(byte[] Signature, string PublicKey, string KeyDigest);
