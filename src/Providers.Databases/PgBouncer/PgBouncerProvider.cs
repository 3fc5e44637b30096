using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

internal sealed class PgBouncerProvider : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup
{
    /// <summary>For a login that must fail, where no user is named.</summary>
    private const string Nobody = "rotunda-nobody";

    public ProviderDescriptor Descriptor => PgBouncerDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => PgBouncerGuard.RunAsync(async _ =>
    {
        var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
        if (setup.File is { } file)
        {
            file.Check();
            UserListText.Parse(await file.ReadAsync(cancellationToken) ?? []);
        }

        foreach (var at in setup.Poolers)
        {
            if (setup.AdminUser is not null
                && await PgBouncerPoolers.CheckConsoleAsync(setup, at, call.Time, cancellationToken) is { } wrong)
            {
                return wrong;
            }

            if (await PgBouncerLogin.WhyProvesNothingAsync(
                setup,
                at,
                setup.Users is [var first, ..] ? first : Nobody,
                cancellationToken) is { } problem)
            {
                return problem;
            }
        }

        return StepOutcome.Done(("poolers", setup.ToString()), ("file", setup.File?.Location));
    });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
    {
        var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
        if (setup.File is null || await setup.File.ReadAsync(cancellationToken) is not { } bytes)
        {
            return null;
        }

        var text = UserListText.Parse(bytes);
        return new UserListSnapshot(setup.Users.ToDictionary(user => user, text.Lines, StringComparer.Ordinal)).ToValue();
    });

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async progress =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var logins = UserListLogins.Of(setup, values);
            return await PgBouncerPoolers.ChangeAsync(
                setup,
                call.Time,
                progress,
                bytes => UserListLogins.With(setup, bytes, logins, values.Salt),
                cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async progress =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var lines = captured is null ? null : UserListSnapshot.Of(captured).Users;
            return await PgBouncerPoolers.ChangeAsync(
                setup,
                call.Time,
                progress,
                bytes => UserListLogins.Without(setup, bytes, lines),
                cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async _ =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var logins = UserListLogins.Of(setup, expected);
            var limit = new WaitLimit(call.Time, setup.Timeout);
            foreach (var at in setup.Poolers)
            {
                // First: over a connection from before, a login would prove nothing of what the server takes now.
                if (setup.Reconnects && !await HasReconnectedAsync(setup, at, call.Time, limit, cancellationToken))
                {
                    return StepOutcome.RetryLater(
                        $"The pooler at {at} still has connections to the server from before: clients that hold them have not let go.");
                }

                foreach (var (user, value) in logins)
                {
                    if (await PgBouncerLogin.TryAsync(
                        setup,
                        at,
                        user,
                        value.RevealText(),
                        cancellationToken) is { Succeeded: false } problem)
                    {
                        return problem with
                        {
                            Reason = $"{problem.Reason} {await WhyAsync(setup, user, value, cancellationToken)}".TrimEnd(),
                        };
                    }
                }

                if (await PgBouncerLogin.WhyProvesNothingAsync(setup, at, logins[0].User, cancellationToken) is { } nothing)
                {
                    return nothing;
                }
            }

            return StepOutcome.Done(("poolers", setup.ToString()), ("users", string.Join(", ", logins.Select(login => login.User))));
        });

    /// <summary>What stands in the file; where the poolers ask the server, nothing of ours stands here.</summary>
    public Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async _ =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            if (setup.File is not { } file)
            {
                return StepOutcome.Done(("file", "none: the poolers ask the server"));
            }

            var text = UserListText.Parse(await file.ReadAsync(cancellationToken) ?? []);
            foreach (var (user, value) in UserListLogins.Of(setup, expected))
            {
                if (text.Secret(user) is not { } entry)
                {
                    return StepOutcome.Missing($"{file.Location} has no line for {user}: did someone edit it?");
                }

                if (!UserListEntry.IsGoodFor(entry, user, value))
                {
                    return StepOutcome.Differs($"The line of {user} in {file.Location} is for another value: did someone edit it?");
                }
            }

            return StepOutcome.Done(("file", file.Location));
        });

    private static async Task<bool> HasReconnectedAsync(
        PgBouncerSetup setup, PgBouncerEndpoint at, TimeProvider time, WaitLimit limit, CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        return await PgBouncerPoolers.HasReconnectedAsync(console, [setup.Database], limit, cancellationToken);
    }

    /// <summary>The pooler does not tell whether it refuses or the server behind it: what stands in the file does.</summary>
    private static async Task<string?> WhyAsync(PgBouncerSetup setup, string user, SecretValue value, CancellationToken cancellationToken)
    {
        if (setup.File is not { } file)
        {
            return null;
        }

        return UserListText.Parse(await file.ReadAsync(cancellationToken) ?? [])
            .Secret(user) is not { } entry ? $"{file.Location} has no line for {user}: did someone edit it?"
            : UserListEntry.IsGoodFor(entry, user, value)
                ? $"Its line in {file.Location} is good for the value. So the pooler has another file (auth_file), or the server has "
                    + "another password, or another verifier than the pooler (then use entry: plain, or auth-query)."
                : $"Its line in {file.Location} is for another value: did someone edit it?";
    }
}
