using System.Runtime.InteropServices;

namespace Rotunda.Testing.VendorFakes.GitHub;

/// <summary>A key pair of libsodium's, to open what was sealed for it. https://doc.libsodium.org/public-key_cryptography/sealed_boxes</summary>
public sealed class SealedBoxKeys
{
    private const int KeyBytes = 32;
    private const int Overhead = 48;
    private static readonly IntPtr Library = NativeLibrary.Load("libsodium.so.23");
    private readonly byte[] _secret = new byte[KeyBytes];

    public SealedBoxKeys()
    {
        Of<Initialize>("sodium_init")();
        Require(Of<KeyPair>("crypto_box_keypair")(Public, _secret) == 0, "libsodium makes no key pair.");
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Initialize();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int KeyPair(byte[] publicKey, byte[] secretKey);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Open(byte[] message, byte[] sealedText, ulong length, byte[] publicKey, byte[] secretKey);

    public byte[] Public { get; } = new byte[KeyBytes];

    /// <exception cref="FakeVendorException">It was not sealed for this pair.</exception>
    public byte[] Unseal(byte[] box)
    {
        Require(box.Length >= Overhead, "That is no sealed box.");
        var message = new byte[box.Length - Overhead];
        Require(Of<Open>("crypto_box_seal_open")(message, box, (ulong)box.Length, Public, _secret) == 0, "The box cannot be opened with this key.");
        return message;
    }

    private static T Of<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(Library, name));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new FakeVendorException(otherwise);
        }
    }
}
