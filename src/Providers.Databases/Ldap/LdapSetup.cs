using System.Globalization;
using System.Net;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.Databases.Ldap;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Accounts">With alternate, two; with in-place, one.</param>
internal sealed record LdapSetup(
    string Host,
    int Port,
    string Tls,
    string? Authorities,
    string BindDn,
    IReadOnlyList<string> Accounts,
    bool InPlace,
    string Method,
    TimeSpan Timeout)
{
    private const int LdapsPort = 636;
    private const int LdapPort = 389;

    public string Address => $"{Host}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <exception cref="LdapSetupException">The settings contradict each other, or lack something.</exception>
    public static LdapSetup Read(ProviderSettings settings)
    {
        var accounts = settings.TextList(LdapDescriptor.Accounts);
        var account = settings.Text(LdapDescriptor.Account);
        if ((accounts.Count == 0) == (account is null))
        {
            throw new LdapSetupException(
                "Set either 'accounts' (two accounts, strategy alternate) or 'account' (one, strategy in-place).");
        }

        if (account is null && (accounts.Count != 2 || Same(accounts[0], accounts[1])))
        {
            throw new LdapSetupException("'accounts' does not name two different accounts. Name exactly two.");
        }

        IReadOnlyList<string> names = account is null ? accounts : [account];
        var bindDn = settings.RequiredText(LdapDescriptor.BindDn);
        if (names.Any(name => Same(name, bindDn)))
        {
            throw new LdapSetupException(
                "'bindDn' is one of the accounts whose passwords are set, so Rotunda would lock itself out. Give it another one.");
        }

        if (names.Append(bindDn).FirstOrDefault(name => !name.Contains('=', StringComparison.Ordinal) && !Same(name, bindDn)) is { } wrong)
        {
            throw new LdapSetupException($"'{wrong}' is no distinguished name. Write it as cn=…,ou=…,dc=….");
        }

        var tls = settings.Text(LdapDescriptor.Tls) ?? LdapDescriptor.Ldaps;
        var (host, port) = AddressOf(settings.RequiredText(LdapDescriptor.Server), tls == LdapDescriptor.Ldaps ? LdapsPort : LdapPort);
        if (tls == LdapDescriptor.Clear && !IsLoopback(host))
        {
            throw new LdapSetupException("'tls' is none, so passwords would cross the network in the clear. Set ldaps or starttls.");
        }

        return new(
            host,
            port,
            tls,
            settings.Text(LdapDescriptor.Authorities),
            bindDn,
            names,
            account is not null,
            settings.Text(LdapDescriptor.Method) ?? LdapDescriptor.Extended,
            settings.Duration(LdapDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15)));
    }

    /// <summary>Only accounts that the binding names are ever touched.</summary>
    public string AccountOf(CredentialHandle credential)
    {
        var account = credential.Account ?? credential.Id ?? (InPlace ? Accounts[0] : null);
        return Accounts.FirstOrDefault(name => account is not null && Same(name, account)) ?? throw new LdapSetupException(
            $"The credential's account '{account}' is none of those in the settings ({string.Join("; ", Accounts)}). Add it there, or "
                + "correct what the catalog tells as current.");
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static (string Host, int Port) AddressOf(string server, int usual)
    {
        var colon = server.LastIndexOf(':');
        if (server.Contains("//", StringComparison.Ordinal) || server.Length == 0)
        {
            throw new LdapSetupException($"'server' is no name of a server: '{server}'. Write it without ldap://, and say 'tls'.");
        }

        // Of IPv6, only an address in brackets has a port behind it.
        if (colon < 0 || (server.IndexOf(':') != colon && !server.Contains("]:", StringComparison.Ordinal)))
        {
            return (server.Trim('[', ']'), usual);
        }

        return int.TryParse(server[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (server[..colon].Trim('[', ']'), port)
            : throw new LdapSetupException($"'server' has no port behind its colon: '{server}'. Correct it.");
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
