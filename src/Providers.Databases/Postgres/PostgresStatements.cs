using System.Text;
using Rotunda.Postgres;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Postgres;

/// <summary>The statements about roles, as text: they take no parameters.</summary>
internal static class PostgresStatements
{
    /// <summary>Settings whose value is a list of names; each must be quoted on its own (as pg_dumpall does).</summary>
    private static readonly HashSet<string> Lists = new(StringComparer.OrdinalIgnoreCase)
    {
        "local_preload_libraries", "search_path", "session_preload_libraries",
        "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories",
    };

    public static string SetPassword(string role, string verifier) => $"ALTER ROLE {SqlText.Identifier(role)} PASSWORD '{verifier}'";

    public static string OpenWithPassword(string role, string verifier) =>
        $"ALTER ROLE {SqlText.Identifier(role)} LOGIN PASSWORD '{verifier}'";

    /// <summary>As the settings have it sent: as a verifier, or as it is, so that the server makes the verifier.</summary>
    public static IReadOnlyList<string> SetPassword(
        PostgresSetup setup,
        string account,
        PasswordForm form,
        SecretValue value,
        string? secretSalt)
    {
        var open = setup.InPlace ? "" : " LOGIN";
        return setup.SendsText
            ? [
                $"SET LOCAL password_encryption = '{PasswordForms.NameOf(form)}'",
                $"ALTER ROLE {SqlText.Identifier(account)}{open} PASSWORD {SqlText.Literal(value.RevealText())}",
            ]
            : [$"ALTER ROLE {SqlText.Identifier(account)}{open} PASSWORD '{PasswordForms.Make(form, value, account, secretSalt)}'"];
    }

    public static string Lock(string role, bool scramble) => scramble
        ? $"ALTER ROLE {SqlText.Identifier(role)} PASSWORD '{ScramVerifier.OfNobody()}'"
        : $"ALTER ROLE {SqlText.Identifier(role)} NOLOGIN PASSWORD NULL";

    /// <summary>Makes a role like another: its attributes, memberships and settings, not its direct privileges. No login yet.</summary>
    /// <param name="memberships">A statement each, without the end.</param>
    public static IEnumerable<string> CreateLike(
        string role,
        PostgresRole? model,
        IReadOnlyList<string> memberships,
        IEnumerable<(string? Database, string Name, string Value)> settings,
        string? owner)
    {
        var name = SqlText.Identifier(role);
        // What a new role has by itself is not written: not everyone may write it.
        var more = (model?.Attributes ?? []).Where(one => !one.StartsWith("NO", StringComparison.Ordinal) && one != "CONNECTION LIMIT -1");
        yield return string.Join(' ', [
            $"CREATE ROLE {name} NOLOGIN {(model is { Inherits: false } ? "NOINHERIT" : "INHERIT")}", .. more]);
        foreach (var grant in memberships)
        {
            yield return grant;
        }

        foreach (var (database, setting, value) in settings.Where(s => owner is null
            || !s.Name.Equals("role", StringComparison.OrdinalIgnoreCase)))
        {
            yield return Set(role, database, setting, value);
        }

        if (owner is not null)
        {
            yield return $"ALTER ROLE {name} SET role = {SqlText.Literal(owner)}";
        }
    }

    /// <summary>Gives a role a setting that another has, as it was read.</summary>
    public static string Set(string role, string? database, string setting, string value) =>
        $"ALTER ROLE {SqlText.Identifier(role)}{(database is null ? "" : $" IN DATABASE {SqlText.Identifier(database)}")} SET "
            + $"{SettingName(setting)} = {(Lists.Contains(setting) ? ListValue(value) : SqlText.Literal(value))}";

    /// <summary>Names with dots are two parts (extension.setting).</summary>
    private static string SettingName(string name) => string.Join('.', name.Split('.').Select(SqlText.Identifier));

    private static string ListValue(string list)
    {
        var items = new List<string>();
        var item = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < list.Length; i++)
        {
            var c = list[i];
            if (quoted && c == '"' && i + 1 < list.Length && list[i + 1] == '"')
            {
                item.Append(c);
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                items.Add(item.ToString());
                item.Clear();
            }
            else if (quoted || c != ' ')
            {
                item.Append(c);
            }
        }

        items.Add(item.ToString());
        return string.Join(", ", items.Select(SqlText.Literal));
    }
}
