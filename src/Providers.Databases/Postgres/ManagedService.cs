namespace Rotunda.Providers.Databases.Postgres;

/// <summary>A service that runs PostgreSQL for others and keeps the superuser to itself.</summary>
/// <param name="Mark">The role by which it is recognised.</param>
/// <param name="Grantor">Who there may run what a superuser runs elsewhere, as a message says it.</param>
/// <param name="TokenGroups">Roles whose members log in by a token of the service, and by no password.</param>
internal sealed record ManagedService(string Name, string Mark, string Grantor, params string[] TokenGroups)
{
    public const string NeonMark = "neon_superuser";

    /// <summary>The more special ones first: some bear the mark of another one too.</summary>
    public static IReadOnlyList<ManagedService> All { get; } =
    [
        new("Neon", NeonMark, "a role made in Neon's console (a member of neon_superuser)"),
        new("Supabase", "supabase_admin", "postgres"),
        new("Amazon RDS or Aurora", "rds_superuser", "the master user (a member of rds_superuser)", "rds_iam"),
        new("Azure Database for PostgreSQL", "azure_pg_admin", "the server's administrator (a member of azure_pg_admin)"),
        new("AlloyDB", "alloydbsuperuser", "postgres (a member of alloydbsuperuser)", "alloydbiamuser"),
        new(
            "Google Cloud SQL",
            "cloudsqlsuperuser",
            "postgres (a member of cloudsqlsuperuser)",
            "cloudsqliamuser",
            "cloudsqliamserviceaccount",
            "cloudsqliamgroupuser",
            "cloudsqliamgroupserviceaccount"),
        new("Aiven", "avnadmin", "avnadmin"),
        new("DigitalOcean", "doadmin", "doadmin"),
    ];
}
