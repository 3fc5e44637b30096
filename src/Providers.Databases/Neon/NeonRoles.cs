using System.Security.Cryptography;
using Npgsql;
using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Providers.Vendors;
using Rotunda.Providers.Web;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.Neon;

/// <summary>The calls that one role needs, and the login that proves its password.</summary>
internal static class NeonRoles
{
    private const int MostLooks = 20;
    private const string Operations = "operations";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);

    public static VendorApi Api { get; } =
        new("Neon", NeonRoleDescriptor.Address, VendorAuth.Bearer(NeonRoleDescriptor.Token), "message")
        {
            Minted = VendorAuth.None,
        };

    public static VendorPath Place(VendorCall call, string role) => VendorPath.Of(
        $"projects/{call.Text(NeonRoleDescriptor.Project)}/branches/{call.Text(NeonRoleDescriptor.Branch)}/roles/{role}");

    /// <summary>Resets it and waits until that is in force.</summary>
    /// <returns>The new password; the caller disposes it.</returns>
    public static async Task<SecretValue> ResetAsync(VendorCall call, string role)
    {
        var made = await call.PostAsync($"{Place(call, role)}/reset_password");
        var shown = made.At("role").Has("password")
            ? made.At("role").Secret("password")
            : (await call.GetAsync($"{Place(call, role)}/reveal_password")).Secret("password");
        foreach (var operation in made.Items(Operations))
        {
            await WaitAsync(call, operation);
        }

        return shown;
    }

    /// <summary>The roles are there and may be reset, and the compute answers.</summary>
    public static async Task CheckAsync(VendorCall call, params IReadOnlyList<string> roles)
    {
        foreach (var role in roles)
        {
            try
            {
                if ((await call.GetAsync(Place(call, role))).At("role").Flag("protected"))
                {
                    throw call.Rejected($"Neon protects the role {role}: its password cannot be reset. Name another one.");
                }
            }
            catch (WebFailureException failure) when (failure.Status == 404)
            {
                throw call.Rejected($"Neon finds no role '{role}' in that branch. Check 'project', 'branch' and the role's name.");
            }
        }

        using var nobodys = SecretValue.FromText(RandomNumberGenerator.GetHexString(32, lowercase: true));
        if (await TryAsync(call, roles[0], nobodys) == Validity.Valid)
        {
            throw call.Rejected("The compute lets the role in with any password, so a login proves nothing. Check 'host'.");
        }
    }

    /// <summary>Logs in afresh.</summary>
    /// <exception cref="WebFailureException">No login could be tried.</exception>
    public static async Task<Validity> TryAsync(VendorCall call, string role, SecretValue password)
    {
        call.Register(password.Copy());
        var text = password.RevealText();
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal))
        {
            return Validity.Invalid;
        }

        var setup = new PostgresSetup(Connection(call), [role], InPlace: true, null, false, false, false, null, null, null);
        var tried = await PostgresLogin.TryAsync(setup, role, text, call.Cancellation);
        return tried.Validity == Validity.CannotTell ? throw call.Failure(StepOutcome.RetryLater(tried.Detail!)) : tried.Validity;
    }

    public static NpgsqlConnectionStringBuilder Connection(VendorCall call) => new()
    {
        Host = call.Text(NeonRoleDescriptor.Host),
        Port = call.Number(NeonRoleDescriptor.Port) ?? 5432,
        Database = call.Text(NeonRoleDescriptor.Database),
        SslMode = Enum.Parse<SslMode>(
            (call.Maybe(NeonRoleDescriptor.SslMode) ?? "verify-full").Replace("-", "", StringComparison.Ordinal),
            ignoreCase: true),
        GssEncryptionMode = GssEncryptionMode.Disable,
        Pooling = false,
        Enlist = false,
        IncludeErrorDetail = false,
        PersistSecurityInfo = false,
        LogParameters = false,
        Timeout = (int)Math.Clamp(
            call.Settings.Duration(NeonRoleDescriptor.ConnectTimeout, TimeSpan.FromSeconds(30)).TotalSeconds,
            1,
            1024),
    };

    /// <summary>Until it is over. One that takes too long is left alone: whoever tries the password looks for himself.</summary>
    private static async Task WaitAsync(VendorCall call, VendorReply operation)
    {
        var (id, project) = (operation.Text("id"), call.Text(NeonRoleDescriptor.Project));
        for (var look = 0; !IsOver(call, operation) && look < MostLooks; look++)
        {
            if (look > 0)
            {
                await Task.Delay(BetweenLooks, call.Time, call.Cancellation);
            }

            operation = (await call.GetAsync($"projects/{project}/operations/{id}")).At("operation");
        }
    }

    private static bool IsOver(VendorCall call, VendorReply operation) => operation.Text("status") switch
    {
        "finished" or "skipped" => true,
        "failed" or "cancelled" => throw call.Failure(StepOutcome.Unknown(
            $"Neon's operation {operation.Text("action")} ({operation.Text("id")}) has {operation.Text("status")}. Look at the project.")),
        _ => false,
    };
}
