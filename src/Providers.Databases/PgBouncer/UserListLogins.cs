using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>Which users a delivery is for, and what their lines in the file say before and after it.</summary>
internal static class UserListLogins
{
    public static List<(string User, SecretValue Value)> Of(PgBouncerSetup setup, DeliveredValues values)
    {
        var logins = new List<(string User, SecretValue Value)>();
        foreach (var credential in new[] { values.Primary, values.Secondary }.OfType<DeliveredCredential>())
        {
            var user = credential.Username
                ?? throw new DeliveryException(
                    "This secret's credentials have no user name, so no line of PgBouncer's file could be "
                        + "theirs. Take the target out, or let a provider with accounts make the value.");
            if (setup.File is not null && !setup.Users.Contains(user, StringComparer.Ordinal))
            {
                throw new DeliveryException(
                    $"The credential's user '{user}' is none of 'users' ({string.Join(", ", setup.Users)}). Name it there if this secret "
                        + "owns its line.");
            }

            if (!ScramVerifier.Takes(credential.Value, out var whyNot))
            {
                throw new DeliveryException(whyNot);
            }

            if (logins.Exists(login => login.User == user))
            {
                throw new DeliveryException(
                    $"The user '{user}' has one password in PgBouncer, and two values are delivered for it. Use "
                        + "the strategy alternate, which has an account for each.");
            }

            logins.Add((user, credential.Value));
        }

        return logins;
    }

    public static byte[] With(PgBouncerSetup setup, byte[]? bytes, List<(string User, SecretValue Value)> logins, string salt)
    {
        var text = UserListText.Parse(bytes ?? []);
        foreach (var (user, value) in logins)
        {
            var before = text.Secret(user);
            if (before is null || (setup.WritesPasswords ? before != value.RevealText() : !UserListEntry.IsGoodFor(before, user, value)))
            {
                text.Set(user, setup.WritesPasswords ? value.RevealText() : ScramVerifier.Of(value, user, salt));
            }
        }

        return text.ToBytes();
    }

    /// <summary>Null (no file) if there was none before us and nobody else has written anything since.</summary>
    public static byte[]? Without(PgBouncerSetup setup, byte[]? bytes, IReadOnlyDictionary<string, IReadOnlyList<string>>? lines)
    {
        var text = UserListText.Parse(bytes ?? []);
        foreach (var user in setup.Users)
        {
            text.Restore(user, lines?.GetValueOrDefault(user) ?? []);
        }

        var restored = text.ToBytes();
        return restored.Length == 0 && (lines is null || bytes is null) ? null : restored;
    }
}
