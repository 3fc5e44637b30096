using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

/// <summary>
/// The entry <c>*</c> beside the auth_user of [pgbouncer]. PgBouncer remembers that user in each database that it has opened by
/// <c>*</c>, and RELOAD clears it only if the text of that entry has changed: the look-ups of those databases would go on by the old
/// user, and fail once that one is locked.
/// </summary>
internal static class PoolerLoginFallback
{
    private const int DeepestInclude = 8;

    /// <summary>Null if no such entry is in the file, nor in those that it includes and that can be read here.</summary>
    public static async Task<StepOutcome?> WhyRefusedAsync(
        PoolerLoginSetup setup, byte[]? bytes, CancellationToken cancellationToken)
    {
        if (!setup.IsAuthUser || !setup.IsOfAll || bytes is null)
        {
            return null;
        }

        return await WhereAsync(setup.Ini.Location, bytes, "pgbouncer", DeepestInclude, cancellationToken) is not { } where ? null
            : StepOutcome.Rejected(
                $"{where} has the entry '{PoolerLoginSetup.Fallback}' in [databases] without auth_user=. PgBouncer keeps the auth_user of "
                    + "[pgbouncer] in the databases that it has opened by that entry, also after RELOAD, so they would go on by the old "
                    + "user. Write auth_user= there and in the other entries that are looked up, and name all of them in 'databases'.");
    }

    private static async Task<string?> WhereAsync(
        string location, byte[] bytes, string section, int deeper, CancellationToken cancellationToken)
    {
        var ini = IniText.Parse(bytes, section);
        var fallbacks = ini.Items.Where(item => item.Section == "databases" && item.Key == PoolerLoginSetup.Fallback);
        if (fallbacks.Any(item => ConnectText.Parse(ini.ValueOf(item), item.Key).Value("auth_user") is null))
        {
            return location;
        }

        foreach (var included in deeper == 0 ? [] : ini.Includes.Where(File.Exists))
        {
            try
            {
                var text = await File.ReadAllBytesAsync(included, cancellationToken);
                if (await WhereAsync(included, text, "databases", deeper - 1, cancellationToken) is { } where)
                {
                    return where;
                }
            }
            catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException or DeliveryException)
            {
                // What cannot be read here is the pooler's affair, as the page says.
            }
        }

        return null;
    }
}
