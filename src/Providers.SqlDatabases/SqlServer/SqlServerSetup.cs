using Rotunda.Providers.Contract;

namespace Rotunda.Providers.SqlDatabases.SqlServer;

/// <summary>The settings of one binding, read.</summary>
/// <param name="Server">Where applications log in.</param>
/// <param name="Replicas">Each instance of an availability group; empty without one.</param>
/// <param name="Accounts">Two logins, or two users of one database.</param>
/// <param name="Contained">They are users of <paramref name="Database"/> with passwords of their own, and no logins of the server.</param>
/// <param name="Database">The one that applications log in to; null for each login's own.</param>
/// <param name="Databases">Those in which the two are compared; empty for all.</param>
/// <param name="Encrypt">As in the settings.</param>
/// <param name="Certificate">The file with the one certificate that is trusted; null for those that an authority vouches for.</param>
/// <param name="CertificateName">The name in the server's certificate; null for that of the server.</param>
internal sealed record SqlServerSetup(
    string Server,
    IReadOnlyList<string> Replicas,
    IReadOnlyList<string> Accounts,
    bool Contained,
    string? Database,
    IReadOnlyList<string> Databases,
    string User,
    string Encrypt,
    string? Certificate,
    string? CertificateName,
    bool EndSessions,
    TimeSpan Timeout)
{
    /// <summary>Of names and of passwords, in characters.</summary>
    public const int Longest = 128;

    /// <summary>The instances on which the accounts live, each to be changed by itself.</summary>
    public IReadOnlyList<string> Instances => Replicas.Count > 0 ? Replicas : [Server];

    /// <summary>What Rotunda's own sessions open.</summary>
    public string Home => Contained ? Database! : "master";

    /// <exception cref="SqlServerSetupException">The settings contradict each other, or lack something.</exception>
    public static SqlServerSetup Read(ProviderSettings settings)
    {
        var contained = settings.Text(SqlServerDescriptor.Kind) == SqlServerDescriptor.ContainedUser;
        var setup = new SqlServerSetup(
            settings.RequiredText(SqlServerDescriptor.Server),
            settings.TextList(SqlServerDescriptor.Replicas),
            settings.TextList(SqlServerDescriptor.Logins),
            contained,
            settings.Text(SqlServerDescriptor.Database),
            settings.TextList(SqlServerDescriptor.Databases),
            settings.RequiredText(SqlServerDescriptor.User),
            settings.Text(SqlServerDescriptor.Encrypt) ?? SqlServerDescriptor.Mandatory,
            settings.Text(SqlServerDescriptor.ServerCertificate),
            settings.Text(SqlServerDescriptor.CertificateName),
            settings.Flag(SqlServerDescriptor.EndSessions),
            settings.Duration(SqlServerDescriptor.ConnectTimeout, TimeSpan.FromSeconds(15)));
        var problems = setup.Problems().ToList();
        return problems.Count == 0 ? setup : throw new SqlServerSetupException(string.Join(' ', problems));
    }

    /// <summary>Only accounts that the binding names are ever touched.</summary>
    public string AccountOf(CredentialHandle credential) =>
        (credential.Account ?? credential.Id) is { } account && Accounts.Contains(account, StringComparer.Ordinal)
            ? account
            : throw new SqlServerSetupException(
                $"The credential's login '{credential.Account ?? credential.Id}' is none of those in the settings "
                    + $"({string.Join(", ", Accounts)}). Add it there, or correct what the catalog tells as current.");

    private IEnumerable<string> Problems()
    {
        var addresses = Replicas.Select(replica => (Text: replica, Setting: SqlServerDescriptor.Replicas))
            .Prepend((Text: Server, Setting: SqlServerDescriptor.Server)).ToList();
        var wrong = addresses.Select(one => SqlServerAddress.Problem(one.Text, one.Setting)).OfType<string>().Distinct().ToList();
        foreach (var problem in wrong)
        {
            yield return problem;
        }

        if (Accounts.Count != 2 || string.Equals(Accounts[0], Accounts[1], StringComparison.OrdinalIgnoreCase))
        {
            yield return "'logins' does not name two logins. Name two that differ, and not by upper and lower case alone.";
        }

        if (Accounts.Any(name => name.Length is 0 or > Longest || name.Any(char.IsControl)))
        {
            yield return $"'logins' has a name that none can have. Names have 1 to {Longest} characters, and no control characters.";
        }

        if (Accounts.Contains(User, StringComparer.OrdinalIgnoreCase))
        {
            yield return "'user' is one of the logins whose passwords are set, so Rotunda would lock itself out. Give it a login of its "
                + "own.";
        }

        if (Contained && Database is null)
        {
            yield return "'database' is missing. Users of a database log in to that one, so name it.";
        }

        if (Contained && (Replicas.Count > 0 || Databases.Count > 0))
        {
            yield return "'replicas' and 'databases' are for logins of a server. Leave them out with kind: contained-user.";
        }

        if (Encrypt == SqlServerDescriptor.Optional && wrong.Count == 0 && !addresses.All(one => SqlServerAddress.IsHere(one.Text)))
        {
            yield return "'encrypt' is optional, and the server is not on this machine: passwords would go over the network as they are. "
                + "Set it to mandatory or strict.";
        }

        if (Certificate is not null && Encrypt == SqlServerDescriptor.Optional)
        {
            yield return "'serverCertificate' is not looked at with encrypt: optional. Set 'encrypt' to mandatory.";
        }

        if (Certificate is not null && !File.Exists(Certificate))
        {
            yield return "The file of 'serverCertificate' is not there. Export the server's certificate to it (PEM or DER).";
        }
    }
}
