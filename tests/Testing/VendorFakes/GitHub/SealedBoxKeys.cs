using System.Security.Cryptography;
using Sodium;

namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>A key pair, to open what was sealed for it. https://doc.libsodium.org/public-key_cryptography/sealed_boxes</summary>
public sealed class SealedBoxKeys
{
    private readonly KeyPair _keys = PublicKeyBox.GenerateKeyPair();

    public byte[] Public => _keys.PublicKey;

    /// <exception cref="FakeVendorException">It was not sealed for this pair.</exception>
    public byte[] Unseal(byte[] box)
    {
        try
        {
            return SealedPublicKeyBox.Open(box, _keys);
        }
        catch (CryptographicException)
        {
            throw new FakeVendorException("The box cannot be opened with this key.");
        }
    }
}
