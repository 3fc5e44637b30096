using System.Globalization;
using System.Net;
using MySqlConnector;
using Rotunda.Providers.Contract;

namespace Rotunda.Providers.SqlDatabases.MySql;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Admin">Rotunda's own connection, with its password.</param>
/// <param name="Accounts">The users whose passwords are set: two, or one.</param>
/// <param name="Hosts">Of each of them; at least one.</param>
/// <param name="Places">Where logins are tried; empty for the server alone.</param>
internal sealed record MySqlSetup(
    MySqlConnectionStringBuilder Admin,
    IReadOnlyList<string> Accounts,
    IReadOnlyList<string> Hosts,
    IReadOnlyList<(string Host, uint Port)> Places,
    string? Database,
    bool EndSessions)
{
    private const int LongestWait = 300;

    /// <summary>For people.</summary>
    public string Address => AddressOf(Admin.Server, Admin.Port);

    /// <summary>What is said there crosses no network.</summary>
    public bool IsLocal => IsHere(Admin.Server);

    /// <param name="two">Two users in turn; else one.</param>
    /// <exception cref="MySqlSetupException">The settings contradict each other, or lack something.</exception>
    public static async Task<MySqlSetup> ReadAsync(ProviderSettings settings, bool two, CancellationToken cancellationToken)
    {
        var accounts = two
            ? settings.TextList(MySqlUsersDescriptor.Accounts)
            : [settings.RequiredText(MySqlPasswordDescriptor.Account)];
        var hosts = settings.TextList(MySqlSharedDescriptor.Hosts) is { Count: > 0 } named ? named : [MySqlSharedDescriptor.AnyHost];
        var places = settings.TextList(MySqlSharedDescriptor.VerifyAt).Select(PlaceOf).ToList();
        var admin = await AdminAsync(settings, cancellationToken);
        var problems = new[]
        {
            two && (accounts.Count != 2 || accounts[0] == accounts[1]) ? "'accounts' does not name two users. Name two that differ." : null,
            accounts.FirstOrDefault(name => name.Contains('@', StringComparison.Ordinal)) is { } hosted
                ? $"'{hosted}' is more than a user's name. Give its host in 'hosts'." : null,
            accounts.FirstOrDefault(name => !MySqlText.IsUser(name)) is not null
                ? "A user's name is empty, longer than 80 characters, or has spaces around it or control characters. Correct it." : null,
            hosts.FirstOrDefault(host => !MySqlText.IsHost(host)) is { } wrong
                ? $"'{wrong}' in 'hosts' is no host of an account. Write a name, an address, a network or a pattern such as 10.0.%." : null,
            hosts.Distinct(StringComparer.OrdinalIgnoreCase).Count() == hosts.Count ? null : "'hosts' names one twice. Name each once.",
            accounts.Contains(admin.UserID, StringComparer.Ordinal)
                ? $"Rotunda logs in as {admin.UserID}, whose password is to be set, so it would lock itself out. Give it a user of its own."
                : null,
        }.OfType<string>().ToList();
        return problems.Count == 0
            ? new(
                admin,
                accounts,
                hosts,
                places,
                settings.Text(MySqlSharedDescriptor.Database),
                settings.Flag(MySqlSharedDescriptor.EndSessions))
            : throw new MySqlSetupException(string.Join(' ', problems));
    }

    /// <summary>Only users that the binding names are ever touched.</summary>
    public string AccountOf(CredentialHandle credential)
    {
        var account = credential.Account ?? credential.Id ?? (Accounts.Count == 1 ? Accounts[0] : null);
        return account is not null && Accounts.Contains(account, StringComparer.Ordinal)
            ? account
            : throw new MySqlSetupException(
                $"The credential's user '{account}' is none of those in the settings ({string.Join(", ", Accounts)}). Add it there, or "
                    + "correct what the catalog tells as current.");
    }

    /// <summary>Logins as the user, at each address where applications log in; the server itself first.</summary>
    public IEnumerable<MySqlConnectionStringBuilder> Logins(string user, string password)
    {
        foreach (var (host, port) in Places.Count == 0 ? [(Admin.Server, Admin.Port)] : Places)
        {
            yield return Guarded(
                new()
                {
                    Server = host,
                    Port = port,
                    UserID = user,
                    Password = password,
                    Database = Database ?? "",
                    SslMode = Admin.SslMode,
                    SslCa = Admin.SslCa,
                    ApplicationName = "rotunda verification",
                },
                Admin.ConnectionTimeout);
        }
    }

    public static string AddressOf(string host, uint port) =>
        host.StartsWith('/') ? host : $"{host}:{port.ToString(CultureInfo.InvariantCulture)}";

    private static async Task<MySqlConnectionStringBuilder> AdminAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        MySqlConnectionStringBuilder admin;
        using (var connection = await settings.SecretAsync(MySqlSharedDescriptor.Connection, cancellationToken))
        {
            admin = connection is null
                ? await FromPartsAsync(settings, cancellationToken)
                : MySqlConnectionText.Read(connection.RevealText().Trim());
        }

        if (string.IsNullOrEmpty(admin.Server) || string.IsNullOrEmpty(admin.UserID))
        {
            throw new MySqlSetupException(
                "The server or the login is not named. Set 'connection', or 'host' with 'user' and 'password'.");
        }

        if (settings.Text(MySqlSharedDescriptor.SslMode) is { } mode)
        {
            admin.SslMode = MySqlConnectionText.Mode(mode);
        }

        admin.SslCa = settings.Text(MySqlSharedDescriptor.RootCertificate) ?? admin.SslCa;
        admin.Database = "";
        admin.ApplicationName = "rotunda";
        var wait = settings.Duration(MySqlSharedDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15)).TotalSeconds;
        return Guarded(admin, (uint)Math.Clamp(wait, 1, LongestWait));
    }

    /// <summary>Nothing is pooled: each login is a fresh one, and no session outlives its step.</summary>
    private static MySqlConnectionStringBuilder Guarded(MySqlConnectionStringBuilder login, uint wait)
    {
        login.Pooling = false;
        login.AutoEnlist = false;
        login.PersistSecurityInfo = false;
        login.AllowLoadLocalInfile = false;
        // The driver takes what stands behind the @ of an account for a parameter otherwise.
        login.AllowUserVariables = true;
        login.NoBackslashEscapes = true;
        login.CharacterSet = "utf8mb4";
        login.ConnectionTimeout = wait;
        login.DefaultCommandTimeout = wait;

        // The key by which a password is sent without TLS could be anybody's where there is a network between.
        login.AllowPublicKeyRetrieval = IsHere(login.Server);
        if (login.Server.StartsWith('/'))
        {
            login.ConnectionProtocol = MySqlConnectionProtocol.UnixSocket;
        }

        return login;
    }

    private static async Task<MySqlConnectionStringBuilder> FromPartsAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        using var password = await settings.SecretAsync(MySqlSharedDescriptor.Password, cancellationToken);
        return new()
        {
            Server = settings.Text(MySqlSharedDescriptor.Host) ?? "",
            Port = (uint)Math.Clamp(settings.Number(MySqlSharedDescriptor.Port, 3306), 1, ushort.MaxValue),
            UserID = settings.Text(MySqlSharedDescriptor.User) ?? "",
            Password = password?.RevealText() ?? "",
        };
    }

    private static (string Host, uint Port) PlaceOf(string text)
    {
        var at = text.LastIndexOf(':');
        return at > 0 && ushort.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            && !text.AsSpan(0, at).ContainsAny("/@ ") && !(text.AsSpan(0, at).Contains(':') && text[0] != '[')
            ? (text[..at].Trim('[', ']'), port)
            : throw new MySqlSetupException("An entry of 'verifyAt' is no address. Write host:port.");
    }

    private static bool IsHere(string host) => host.StartsWith('/')
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
