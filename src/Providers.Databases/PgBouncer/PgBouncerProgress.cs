namespace Rotunda.Providers.Databases.PgBouncer;

internal sealed class PgBouncerProgress
{
    public bool MayHaveChanged { get; set; }
}
