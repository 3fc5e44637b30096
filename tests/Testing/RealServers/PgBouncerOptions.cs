namespace Rotunda.Testing.RealServers;

/// <summary>How a pooler of the tests differs from the others.</summary>
/// <param name="DatabaseLine">Put behind the database's own settings.</param>
/// <param name="More">Lines of the section [pgbouncer].</param>
public sealed record PgBouncerOptions(
    string AuthType = "scram-sha-256",
    string PoolMode = "transaction",
    string DatabaseLine = "",
    string More = "")
{
    /// <summary>Passwords are looked up in the server, by a user "pooler" with this password and a function that PostgreSQL's
    /// superuser made.</summary>
    public static PgBouncerOptions AskingTheServer { get; } = new(More: """
        auth_user = pooler
        auth_query = SELECT usename, passwd FROM public.pooler_lookup($1)
        """);

    /// <summary>What <see cref="AskingTheServer"/> needs in the server.</summary>
    public static string Lookup(string password) => $"""
        CREATE ROLE pooler LOGIN PASSWORD '{password}';
        CREATE FUNCTION public.pooler_lookup(name text) RETURNS TABLE (usename name, passwd text) LANGUAGE sql SECURITY DEFINER SET
            search_path = pg_catalog
            AS 'SELECT rolname, rolpassword FROM pg_authid WHERE rolname = $1 AND rolcanlogin';
        REVOKE ALL ON FUNCTION public.pooler_lookup(text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION public.pooler_lookup(text) TO pooler;
        """;
}
