using System.DirectoryServices.Protocols;
using System.Runtime.InteropServices;

namespace Rotunda.Providers.Databases.Ldap;

/// <summary>
/// libldap takes a signal that arrives while it waits for an answer (a child process of Rotunda that ends sends one) for a lost
/// connection, unless it is told to wait on. <see cref="LdapSessionOptions"/> has no such option, so it is set here, once, for every
/// connection that is opened afterwards. Source: LDAP_OPT_RESTART in ldap_set_option(3).
/// </summary>
internal static class LdapLibrary
{
    private const int Restart = 9;

    // The names under which System.DirectoryServices.Protocols looks for it, in its order.
    private static readonly string[] Names = ["libldap.so.2", "libldap-2.6.so.0", "libldap-2.5.so.0", "libldap-2.4.so.2"];
    private static readonly Lazy<bool> Told = new(Tell);

    private delegate int SetOption(nint connection, int option, nint value);

    /// <summary>Before a connection is made. Does nothing where there is no libldap: making the connection says so.</summary>
    public static void WaitOn() => _ = Told.Value;

    private static bool Tell()
    {
        foreach (var name in OperatingSystem.IsLinux() ? Names : [])
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                // Never unloaded: connections live in it. No connection stands for all that follow; any pointer but null for "on".
                return NativeLibrary.TryGetExport(library, "ldap_set_option", out var function)
                    && Marshal.GetDelegateForFunctionPointer<SetOption>(function)(0, Restart, 1) == 0;
            }
        }

        return false;
    }
}
