using System.Runtime.InteropServices;

namespace Rotunda.Providers.Targets.GitHub;

/// <summary>libsodium's sealed box (X25519, XSalsa20-Poly1305): anyone can close it with the public key, only the key's owner can open it.</summary>
internal static class SealedBox
{
    public const int KeyBytes = 32;
    private const int Overhead = 48;
    private static readonly Lazy<Seal> Closing = new(Load);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Initialize();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Seal(byte[] sealedText, byte[] message, ulong length, byte[] publicKey);

    /// <exception cref="DllNotFoundException">libsodium is missing; the message says what to install.</exception>
    public static void Check() => _ = Closing.Value;

    /// <exception cref="DllNotFoundException">libsodium is missing; the message says what to install.</exception>
    /// <exception cref="ArgumentException">It is no public key.</exception>
    public static byte[] Close(byte[] message, byte[] publicKey)
    {
        if (publicKey.Length != KeyBytes)
        {
            throw new ArgumentException($"A public key has {KeyBytes} bytes, this one {publicKey.Length}.", nameof(publicKey));
        }

        var closed = new byte[message.Length + Overhead];
        return Closing.Value(closed, message, (ulong)message.Length, publicKey) == 0 ? closed : throw new ArgumentException("libsodium refuses the public key.", nameof(publicKey));
    }

    private static Seal Load()
    {
        // By its versioned name as the system's package has it; by its plain name where a package brought it along.
        string[] candidates = OperatingSystem.IsWindows() ? ["libsodium"]
            : OperatingSystem.IsMacOS() ? ["libsodium", "/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib"]
            : ["libsodium.so.23", "libsodium.so.26", "libsodium"];
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(SealedBox).Assembly, null, out var library))
            {
                return Marshal.GetDelegateForFunctionPointer<Initialize>(NativeLibrary.GetExport(library, "sodium_init"))() < 0
                    ? throw new DllNotFoundException("libsodium cannot be initialized on this machine.")
                    : Marshal.GetDelegateForFunctionPointer<Seal>(NativeLibrary.GetExport(library, "crypto_box_seal"));
            }
        }

        throw new DllNotFoundException("libsodium, which encrypts GitHub secrets, was not found. On Debian or Ubuntu: apt-get install libsodium23; on macOS: brew install libsodium.");
    }
}
