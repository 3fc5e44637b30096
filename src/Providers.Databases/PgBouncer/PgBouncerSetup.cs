using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>The settings of one binding, read. Holds the administrator's password: keep it local.</summary>
/// <param name="File">Null with auth-query.</param>
internal sealed record PgBouncerSetup(
    TargetFile? File,
    IReadOnlyList<string> Users,
    bool WritesPasswords,
    IReadOnlyList<PgBouncerEndpoint> Poolers,
    string? AdminUser,
    string? AdminPassword,
    string Database,
    bool Reconnects,
    string SslMode,
    string? RootCertificate,
    TimeSpan Timeout)
{
    private const int LongestUser = 127;

    /// <exception cref="DeliveryException">The settings contradict each other, or lack something.</exception>
    public static async Task<PgBouncerSetup> ReadAsync(ProviderSettings settings, CancellationToken cancellationToken)
    {
        var setup = new PgBouncerSetup(
            settings.Text(PgBouncerDescriptor.Mode) == PgBouncerDescriptor.AuthQuery ? null : FileOf(settings),
            settings.TextList(PgBouncerDescriptor.Users),
            settings.Text(PgBouncerDescriptor.Entry) == PgBouncerDescriptor.Plain,
            [.. settings.TextList(PgBouncerDescriptor.Poolers).Select(PgBouncerEndpoint.Parse)],
            settings.Text(PgBouncerDescriptor.AdminUser),
            null,
            settings.RequiredText(PgBouncerDescriptor.Database),
            settings.Flag(PgBouncerDescriptor.Reconnect),
            settings.Text(PgBouncerDescriptor.SslMode) ?? "prefer",
            settings.Text(PgBouncerDescriptor.RootCertificate),
            settings.Duration(PgBouncerDescriptor.Timeout, TimeSpan.FromSeconds(15)));
        setup.Check();
        using var password = await settings.SecretAsync(PgBouncerDescriptor.AdminPassword, cancellationToken);
        return setup with { AdminPassword = password?.RevealText() };
    }

    private void Check()
    {
        if (Poolers.Count == 0)
        {
            throw new DeliveryException("'poolers' is empty. Give the address of each pooler, such as 127.0.0.1:6432.");
        }

        if (File is not null && Users.Count == 0)
        {
            throw new DeliveryException("'users' is empty. Name the users whose lines this secret owns; with alternate, both accounts.");
        }

        if (Users.FirstOrDefault(user => user.Length == 0
            || user.Any(char.IsControl)
            || System.Text.Encoding.UTF8.GetByteCount(user) > LongestUser) is { } wrong)
        {
            throw new DeliveryException(
                $"'{wrong}' cannot be a user of PgBouncer. Write 1 to {LongestUser} bytes without control "
                    + "characters.");
        }

        if (AdminUser is null && (File is not null || Reconnects))
        {
            throw new DeliveryException("'adminUser' is missing. Give a user of the poolers' admin_users: RELOAD and RECONNECT need one.");
        }
    }

    private static TargetFile FileOf(ProviderSettings settings) => new(
        settings.Text(PgBouncerDescriptor.Path)
            ?? throw new DeliveryException("'path' is missing. Give the file that the poolers' auth_file names, or set mode: auth-query."),
        settings.Text(PgBouncerDescriptor.FileMode) ?? "0600");

    /// <summary>Without the password.</summary>
    public override string ToString() => string.Join(", ", Poolers);
}
