using System.Security.Cryptography;
using System.Text;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>Reads and changes the places of a login in pgbouncer.ini and in the userlist.</summary>
internal static class PoolerLoginFiles
{
    private const string DatabasesSection = "databases";
    private const string MainSection = "pgbouncer";
    private const string Password = "password";

    /// <summary>The login that stands there: of all entries, the first's; null where the file names none.</summary>
    /// <exception cref="DeliveryException">An entry is not there, or is of another kind.</exception>
    public static IReadOnlyList<PoolerLogin> Standing(PoolerLoginSetup setup, byte[]? bytes)
    {
        var ini = Read(setup, bytes);
        if (setup.IsOfAll)
        {
            return [new("", Encoded(ini.ValueOf(Main(setup, ini))), null)];
        }

        return [.. setup.Databases.Select(name =>
        {
            var connect = Connect(setup, ini, name).Connect;
            return new PoolerLogin(name, connect.Value(setup.NameKey)!, setup.WritesPassword ? connect.Value(Password) : null);
        })];
    }

    /// <param name="user">Null: the name stays as it is.</param>
    public static byte[] With(PoolerLoginSetup setup, byte[]? bytes, string? user, SecretValue value)
    {
        var ini = Read(setup, bytes);
        if (setup.IsOfAll)
        {
            var main = Main(setup, ini);
            return user is null || Encoded(ini.ValueOf(main)) == user ? bytes! : ini.With([(main, Plain(user))]);
        }

        return ini.With(setup.Databases.Select(name =>
        {
            var (item, connect) = Connect(setup, ini, name);
            var text = ini.ValueOf(item);
            if (user is not null && connect.Value(setup.NameKey) != user)
            {
                text = connect.With(setup.NameKey, user);
            }

            return (item, setup.WritesPassword && connect.Value(Password) != value.RevealText()
                ? ConnectText.Parse(text, name).With(Password, value.RevealText())
                : text);
        }));
    }

    public static PoolerLoginSnapshot Snapshot(PoolerLoginSetup setup, byte[]? bytes, byte[]? userList)
    {
        var ini = Read(setup, bytes);
        var entries = setup.IsOfAll
            ? new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>
            {
                [""] = new Dictionary<string, IReadOnlyList<string>> { [setup.NameKey] = [ini.ValueOf(Main(setup, ini))] },
            }
            : setup.Databases.ToDictionary(
                name => name,
                IReadOnlyDictionary<string, IReadOnlyList<string>> (name) =>
                {
                    var connect = Connect(setup, ini, name).Connect;
                    string[] keys = setup.WritesPassword ? [setup.NameKey, Password] : [setup.NameKey];
                    return keys.ToDictionary(key => key, connect.Raw, StringComparer.Ordinal);
                },
                StringComparer.Ordinal);
        return new(
            entries,
            setup.UserList is null ? null : setup.Users.ToDictionary(
                user => user, UserListText.Parse(userList ?? []).Lines, StringComparer.Ordinal));
    }

    /// <summary>An entry that somebody has taken away meanwhile stays away.</summary>
    public static byte[]? Without(PoolerLoginSetup setup, byte[]? bytes, PoolerLoginSnapshot captured)
    {
        if (bytes is null)
        {
            return null;
        }

        var ini = IniText.Parse(bytes, SectionOf(setup));
        var changes = new List<(IniItem, string)>();
        foreach (var (name, keys) in captured.Entries)
        {
            if (name.Length == 0)
            {
                changes.AddRange(
                    ini.Find(MainSection, setup.NameKey) is { } main ? [(main, keys[setup.NameKey][0])] : []);
            }
            else if (ini.Find(DatabasesSection, name) is { } item)
            {
                changes.Add((item, keys.Aggregate(
                    ini.ValueOf(item),
                    (text, key) => ConnectText.Parse(text, name).WithRaw(key.Key, key.Value))));
            }
        }

        return ini.With(changes);
    }

    /// <summary>Every user's own line; the password as it is, as PgBouncer logs in with it.</summary>
    public static byte[] WithLine(byte[]? bytes, string user, SecretValue value)
    {
        var text = UserListText.Parse(bytes ?? []);
        if (text.Secret(user) is not { } before || !Same(before, value))
        {
            text.Set(user, value.RevealText());
        }

        return text.ToBytes();
    }

    public static bool Same(string? text, SecretValue value) =>
        text is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), value.RevealBytes());

    /// <summary>The value, and its user if it has one.</summary>
    /// <exception cref="DeliveryException">PgBouncer could not take them.</exception>
    public static (string? User, SecretValue Value) LoginOf(PoolerLoginSetup setup, DeliveredValues values)
    {
        var (user, value) = (values.Primary.Username, values.Primary.Value);
        if (!ScramVerifier.Takes(value, out var whyNot))
        {
            throw new DeliveryException(whyNot);
        }

        if (setup.UserList is not null && (user is null || !setup.Users.Contains(user, StringComparer.Ordinal)))
        {
            throw new DeliveryException(
                user is null
                    ? "This secret's credentials have no user name, so no line of 'userlist' could be theirs. Let a provider with "
                        + "accounts make the value."
                    : $"The credential's user '{user}' is none of 'users' ({string.Join(", ", setup.Users)}). Name it there if this "
                        + "secret owns its line.");
        }

        return user is not null && (user.Length == 0 || user.Any(char.IsControl) || user != user.Trim())
            ? throw new DeliveryException(
                $"The credential's user has control characters, or blanks at its ends, which {setup.Ini.Location} cannot hold. Give "
                    + "the role another name.")
            : (user, value);
    }

    private static IniText Read(PoolerLoginSetup setup, byte[]? bytes) => IniText.Parse(
        bytes ?? throw new DeliveryException($"{setup.Ini.Location} is not there. Correct 'path'."),
        SectionOf(setup));

    /// <summary>A file that is included has no section of its own, but that of the line that includes it.</summary>
    private static string SectionOf(PoolerLoginSetup setup) => setup.IsOfAll ? MainSection : DatabasesSection;

    private static IniItem Main(PoolerLoginSetup setup, IniText ini) =>
        ini.Find(MainSection, setup.NameKey)
            ?? throw new DeliveryException(
                $"{setup.Ini.Location} has no auth_user in [pgbouncer]. Write it there, or give the file that has it as 'path'"
                    + $"{Included(ini)}.");

    private static (IniItem Item, ConnectText Connect) Connect(PoolerLoginSetup setup, IniText ini, string name)
    {
        var item = ini.Find(DatabasesSection, name)
            ?? throw new DeliveryException(
                $"{setup.Ini.Location} has no entry '{name}' in [databases]. Correct 'databases', or give the file that has it as "
                    + $"'path'{Included(ini)}.");
        var connect = ConnectText.Parse(ini.ValueOf(item), name);
        if (connect.Value(setup.NameKey) is null)
        {
            throw new DeliveryException(setup.IsAuthUser
                ? $"The entry '{name}' has no auth_user=. Leave 'databases' out if it is the one of [pgbouncer]."
                : $"The entry '{name}' has no user=: clients log in to the server as themselves, and their lines are those of the target "
                    + "'pgbouncer'. Write user= there if the pooler is to have a login of its own.");
        }

        var hasPassword = connect.Value(Password) is not null;
        return setup.IsAuthUser || hasPassword == setup.WritesPassword ? (item, connect) : throw new DeliveryException(
            hasPassword
                ? $"The entry '{name}' has a password=, which counts before the userlist. Take it away there, or leave 'userlist' out."
                : $"The entry '{name}' has no password=: PgBouncer takes it from its auth_file. Give that file as 'userlist', or write "
                    + "password= there.");
    }

    private static string Included(IniText ini) =>
        ini.Includes.Count == 0 ? "" : $" (it includes {string.Join(", ", ini.Includes)})";

    private static string Encoded(string value) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(value));

    private static string Plain(string value) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(value));
}
