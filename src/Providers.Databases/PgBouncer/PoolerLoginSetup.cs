using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>The settings of one binding, read. Holds passwords: keep it local.</summary>
/// <param name="UserList">Null if the password stands in the entries.</param>
/// <param name="Databases">Empty: the auth_user of all.</param>
/// <param name="Console">How the poolers are reached.</param>
/// <param name="ProvedWith">Databases that the proving login is made to.</param>
internal sealed record PoolerLoginSetup(
    TargetFile Ini,
    TargetFile? UserList,
    IReadOnlyList<string> Users,
    IReadOnlyList<string> Databases,
    bool IsAuthUser,
    PgBouncerSetup Console,
    string ClientUser,
    string? ClientPassword,
    IReadOnlyList<string> ProvedWith)
{
    /// <summary>The entry that stands for every database without one of its own.</summary>
    public const string Fallback = "*";

    private const string ModeIfNew = "0600";

    /// <summary>The key of an entry that names the login.</summary>
    public string NameKey => IsAuthUser ? "auth_user" : "user";

    /// <summary>The entries' password counts, not one of the userlist.</summary>
    public bool WritesPassword => UserList is null;

    public bool HasFallback => Databases.Contains(Fallback, StringComparer.Ordinal);

    /// <summary>No database is named: the auth_user of all.</summary>
    public bool IsOfAll => Databases.Count == 0;

    public string Location => UserList is null ? Ini.Location : $"{Ini.Location}, {UserList.Location}";

    /// <exception cref="DeliveryException">The settings contradict each other, or lack something.</exception>
    public static async Task<PoolerLoginSetup> ReadAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        var databases = settings.TextList(PoolerLoginDescriptor.Databases);
        var isAuthUser = settings.Text(PoolerLoginDescriptor.Login) == PoolerLoginDescriptor.AuthUser;
        var userList = settings.Text(PoolerLoginDescriptor.UserList);
        var users = settings.TextList(PoolerLoginDescriptor.Users);
        var client = settings.Text(PoolerLoginDescriptor.ClientUser);
        Check(databases, isAuthUser, userList, users);
        if (isAuthUser && client is null)
        {
            throw new DeliveryException(
                "'clientUser' is missing. Name a role of the server that clients log in by, and that has no line in 'userlist': with "
                    + "auth-user, the pooler is made to look it up.");
        }

        var console = await ConsoleAsync(settings, cancellationToken);
        using var password = await settings.SecretAsync(PoolerLoginDescriptor.ClientPassword, cancellationToken);
        var database = settings.Text(PgBouncerDescriptor.Database);
        if (database is null && (databases.Count == 0 || databases.Contains(Fallback, StringComparer.Ordinal)))
        {
            throw new DeliveryException("'database' is missing. Name one, as clients do: the login that proves the arrival is made to it.");
        }

        return new(
            new TargetFile(settings.RequiredText(PoolerLoginDescriptor.Path), ModeIfNew),
            userList is null ? null : new TargetFile(userList, ModeIfNew),
            users,
            databases,
            isAuthUser,
            console,
            client ?? console.AdminUser!,
            client is null ? console.AdminPassword : password?.RevealText(),
            database is null ? databases : [database]);
    }

    private static void Check(IReadOnlyList<string> databases, bool isAuthUser, string? userList, IReadOnlyList<string> users)
    {
        if (databases.Count == 0 && !isAuthUser)
        {
            throw new DeliveryException("'databases' is empty. Name the entries of [databases] whose login this secret is.");
        }

        if (databases.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new DeliveryException($"'databases' names '{twice}' twice. Take one away.");
        }

        if (isAuthUser && userList is null)
        {
            throw new DeliveryException(
                "'userlist' is missing. The password of auth_user stands in the file that auth_file names: give that file.");
        }

        if (userList is not null && users.Count == 0)
        {
            throw new DeliveryException(
                "'users' is empty. Name the users whose lines in 'userlist' this secret owns; with alternate, both accounts.");
        }
    }

    private static async Task<PgBouncerSetup> ConsoleAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<PgBouncerEndpoint> poolers =
            [.. settings.TextList(PgBouncerDescriptor.Poolers).Select(PgBouncerEndpoint.Parse)];
        if (poolers.Count == 0)
        {
            throw new DeliveryException("'poolers' is empty. Give the address of each pooler, such as 127.0.0.1:6432.");
        }

        using var password = await settings.SecretAsync(PgBouncerDescriptor.AdminPassword, cancellationToken);
        return new(
            null,
            [],
            WritesPasswords: true,
            poolers,
            settings.RequiredText(PgBouncerDescriptor.AdminUser),
            password?.RevealText(),
            "",
            Reconnects: true,
            settings.Text(PgBouncerDescriptor.SslMode) ?? "prefer",
            settings.Text(PgBouncerDescriptor.RootCertificate),
            settings.Duration(PgBouncerDescriptor.Timeout, TimeSpan.FromSeconds(15)));
    }

    /// <summary>Without passwords.</summary>
    public override string ToString() => Console.ToString();
}
