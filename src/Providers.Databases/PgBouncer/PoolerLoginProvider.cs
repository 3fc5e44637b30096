using Rotunda.Providers.Contract;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

internal sealed class PoolerLoginProvider : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup
{
    public ProviderDescriptor Descriptor => PoolerLoginDescriptor.Instance;

    /// <summary>That the pooler has this very login now, and gets through by it: else nothing could be proved later.</summary>
    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => PgBouncerGuard.RunAsync(async _ =>
    {
        var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
        setup.Ini.Check();
        var ini = await setup.Ini.ReadAsync(cancellationToken);
        var standing = PoolerLoginFiles.Standing(setup, ini);
        if (await PoolerLoginFallback.WhyRefusedAsync(setup, ini, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (setup.UserList is { } list)
        {
            list.Check();
            UserListText.Parse(await list.ReadAsync(cancellationToken) ?? []);
        }

        if (standing.FirstOrDefault(login => login.User != standing[0].User) is { } other)
        {
            return StepOutcome.Rejected(
                $"The entries have different logins: {standing[0].Database} has {standing[0].User}, {other.Database} has {other.User}. One "
                    + "secret is one login: name those entries of another one in another secret.");
        }

        foreach (var at in setup.Console.Poolers)
        {
            if ((await PoolerLoginPoolers.WhyOtherAsync(setup, at, call.Time, standing[0].User, cancellationToken)
                ?? await PoolerLoginPoolers.ProveAsync(setup, at, call.Time, standing[0].User, cancellationToken)) is
                { Succeeded: false } problem)
            {
                return problem;
            }
        }

        return StepOutcome.Done(("poolers", setup.ToString()), ("file", setup.Location), ("login", standing[0].User));
    });

    public Task<SecretValue?> CaptureAsync(ProviderCall call, CancellationToken cancellationToken) => DeliveryFailures.LookAsync(async () =>
    {
        var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
        var list = setup.UserList is null ? null : await setup.UserList.ReadAsync(cancellationToken);
        return PoolerLoginFiles.Snapshot(setup, await setup.Ini.ReadAsync(cancellationToken), list).ToValue();
    });

    public Task<StepOutcome> DeliverAsync(ProviderCall call, DeliveredValues values, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async progress =>
        {
            var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
            var (user, value) = PoolerLoginFiles.LoginOf(setup, values);
            var standing = await setup.Ini.ReadAsync(cancellationToken);
            var name = user ?? PoolerLoginFiles.Standing(setup, standing)[0].User;
            PoolerLoginFiles.With(setup, standing, user, value);
            await using var change = await PoolerLoginChange.BeginAsync(setup, call.Time, progress, cancellationToken);
            return await change.DeliverAsync(
                name,
                async () => setup.UserList is not null
                    && await setup.UserList.ChangeAsync(bytes => PoolerLoginFiles.WithLine(bytes, user!, value), cancellationToken),
                () => setup.Ini.ChangeAsync(bytes => PoolerLoginFiles.With(setup, bytes, user, value), cancellationToken),
                cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async progress =>
        {
            var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
            if (captured is null)
            {
                return StepOutcome.AlreadyDone();
            }

            var before = PoolerLoginSnapshot.Of(captured);
            await using var change = await PoolerLoginChange.BeginAsync(setup, call.Time, progress, cancellationToken);
            return await change.RestoreAsync(
                before.NameOf(setup.NameKey),
                () => setup.Ini.ChangeAsync(bytes => PoolerLoginFiles.Without(setup, bytes, before), cancellationToken),
                async () => setup.UserList is not null && before.Lines is not null
                    && await setup.UserList.ChangeAsync(bytes => LinesBack(setup, bytes, before), cancellationToken),
                cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async _ =>
        {
            var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
            var (user, value) = PoolerLoginFiles.LoginOf(setup, expected);
            var (standing, problem) = await StandsAsync(setup, user, value, cancellationToken);
            if (problem is not null)
            {
                return StepOutcome.RetryLater(problem.Reason!);
            }

            var limit = new WaitLimit(call.Time, setup.Console.Timeout);
            foreach (var at in setup.Console.Poolers)
            {
                if (await PoolerLoginPoolers.WhyOtherAsync(setup, at, call.Time, standing, cancellationToken) is { } stale)
                {
                    return stale;
                }

                // First: a connection from before proves nothing of what the server takes now.
                if (!setup.IsAuthUser
                    && !await PoolerLoginPoolers.HasReconnectedAsync(setup, at, call.Time, limit, standing, cancellationToken))
                {
                    return StepOutcome.RetryLater(
                        $"The pooler at {at} still has connections to the server from before: clients that hold them have not let go.");
                }

                if (await PoolerLoginPoolers.ProveAsync(setup, at, call.Time, standing, cancellationToken) is
                    { Succeeded: false } unproved)
                {
                    return unproved;
                }
            }

            return StepOutcome.Done(("poolers", setup.ToString()), ("reaches the server as", standing));
        });

    public Task<StepOutcome> LookAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        PgBouncerGuard.RunAsync(async _ =>
        {
            var setup = await PoolerLoginSetup.ReadAsync(call.Settings, cancellationToken);
            var (user, value) = PoolerLoginFiles.LoginOf(setup, expected);
            return (await StandsAsync(setup, user, value, cancellationToken)).Problem ?? StepOutcome.Done(("file", setup.Location));
        });

    /// <summary>The name that stands in the files, and what is wrong with them if they have another login than the expected.</summary>
    private static async Task<(string User, StepOutcome? Problem)> StandsAsync(
        PoolerLoginSetup setup,
        string? user,
        SecretValue value,
        CancellationToken cancellationToken)
    {
        var standing = PoolerLoginFiles.Standing(setup, await setup.Ini.ReadAsync(cancellationToken));
        var name = user ?? standing[0].User;
        if (standing.FirstOrDefault(login => login.User != name) is { } other)
        {
            return (name, StepOutcome.Differs(
                $"{setup.Ini.Location} has {other.User} as the login{Of(other)}, not {name}: did someone edit it?"));
        }

        if (setup.WritesPassword)
        {
            return (name, standing.FirstOrDefault(login => !PoolerLoginFiles.Same(login.Password, value)) is { } wrong
                ? StepOutcome.Differs($"The password{Of(wrong)} in {setup.Ini.Location} is another value: did someone edit it?")
                : null);
        }

        var line = UserListText.Parse(await setup.UserList!.ReadAsync(cancellationToken) ?? []).Secret(name);
        return (name, line is null ? StepOutcome.Missing($"{setup.UserList.Location} has no line for {name}: did someone edit it?")
            : PoolerLoginFiles.Same(line, value) ? null
            : StepOutcome.Differs($"The line of {name} in {setup.UserList.Location} is for another value: did someone edit it?"));
    }

    private static byte[]? LinesBack(PoolerLoginSetup setup, byte[]? bytes, PoolerLoginSnapshot before)
    {
        var text = UserListText.Parse(bytes ?? []);
        foreach (var user in setup.Users)
        {
            text.Restore(user, before.Lines!.GetValueOrDefault(user) ?? []);
        }

        return bytes is null && text.ToBytes().Length == 0 ? null : text.ToBytes();
    }

    private static string Of(PoolerLogin login) => login.Database.Length == 0 ? "" : $" of {login.Database}";
}
