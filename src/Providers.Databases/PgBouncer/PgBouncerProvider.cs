using Rotunda.Providers.Contract;
using Rotunda.Providers.Databases.Postgres;
using Rotunda.Providers.Delivery;
using Rotunda.Rotation.Words;

namespace Rotunda.Providers.Databases.PgBouncer;

internal sealed class PgBouncerProvider : IProvider, IDeliverValues, IConfirmSync, ILookAtTarget, IValidateSetup
{
    /// <summary>For a login that must fail, where no user is named.</summary>
    private const string Nobody = "rotunda-nobody";

    public ProviderDescriptor Descriptor => PgBouncerDescriptor.Instance;

    public Task<StepOutcome> ValidateAsync(ProviderCall call, CancellationToken cancellationToken) => GuardAsync(async _ =>
    {
        var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
        if (setup.File is { } file)
        {
            file.Check();
            UserListText.Parse(await file.ReadAsync(cancellationToken) ?? []);
        }

        foreach (var at in setup.Poolers)
        {
            if (setup.AdminUser is not null && await CheckConsoleAsync(setup, at, call.Time, cancellationToken) is { } wrong)
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
        GuardAsync(async progress =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var logins = LoginsOf(setup, values);
            return await ChangeAsync(setup, call.Time, progress, bytes => With(setup, bytes, logins, values.Salt), cancellationToken);
        });

    public Task<StepOutcome> RestoreAsync(ProviderCall call, SecretValue? captured, CancellationToken cancellationToken) =>
        GuardAsync(async progress =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var lines = captured is null ? null : UserListSnapshot.Of(captured).Users;
            return await ChangeAsync(setup, call.Time, progress, bytes => Without(setup, bytes, lines), cancellationToken);
        });

    public Task<StepOutcome> ConfirmAsync(ProviderCall call, DeliveredValues expected, CancellationToken cancellationToken) =>
        GuardAsync(async _ =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            var logins = LoginsOf(setup, expected);
            foreach (var at in setup.Poolers)
            {
                // First: over a connection from before, a login would prove nothing of what the server takes now.
                if (setup.Reconnects && !await HasReconnectedAsync(setup, at, call.Time, cancellationToken))
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
        GuardAsync(async _ =>
        {
            var setup = await PgBouncerSetup.ReadAsync(call.Settings, cancellationToken);
            if (setup.File is not { } file)
            {
                return StepOutcome.Done(("file", "none: the poolers ask the server"));
            }

            var text = UserListText.Parse(await file.ReadAsync(cancellationToken) ?? []);
            foreach (var (user, value) in LoginsOf(setup, expected))
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

    private static async Task<StepOutcome?> CheckConsoleAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        var databases = await console.ShowAsync("DATABASES", cancellationToken);
        return databases.FirstOrDefault(row => row.GetValueOrDefault("name") == setup.Database)?.GetValueOrDefault(
            "force_user") is { Length: > 0 } forced
            ? StepOutcome.Rejected(
                $"The pooler at {at} logs everyone in to {setup.Database} as {forced} (user= in its [databases]), so no login reaches "
                    + "the server as itself. Take user= away there.")
            : null;
    }

    /// <summary>
    /// The consoles are entered before the file is touched: whoever is refused there has changed nothing. RELOAD is said also if
    /// the file was right already, as an earlier attempt may have come no further.
    /// </summary>
    private static async Task<StepOutcome> ChangeAsync(
        PgBouncerSetup setup,
        TimeProvider time,
        Progress progress,
        Func<byte[]?, byte[]?> change,
        CancellationToken cancellationToken)
    {
        var consoles = new List<PgBouncerClient>();
        try
        {
            if (setup.File is not null || setup.Reconnects)
            {
                foreach (var at in setup.Poolers)
                {
                    consoles.Add(await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken));
                }
            }

            progress.MayHaveChanged = setup.File is not null && await setup.File.ChangeAsync(change, cancellationToken);
            foreach (var console in consoles)
            {
                await (setup.File is null ? Task.CompletedTask : console.ReloadAsync(cancellationToken));
                await (setup.Reconnects ? console.ReconnectAsync(setup.Database, cancellationToken) : Task.CompletedTask);
            }

            (string, string?)[] facts =
                [("poolers", setup.ToString()), ("file", setup.File?.Location ?? "none: the poolers ask the server")];
            return progress.MayHaveChanged ? StepOutcome.Done(facts) : StepOutcome.AlreadyDone(facts);
        }
        finally
        {
            foreach (var console in consoles)
            {
                await console.DisposeAsync();
            }
        }
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

    private static async Task<bool> HasReconnectedAsync(
        PgBouncerSetup setup,
        PgBouncerEndpoint at,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        await using var console = await PgBouncerClient.OpenAsync(setup, at, time, cancellationToken);
        return await console.WaitCloseAsync(setup.Database, cancellationToken);
    }

    private static byte[] With(PgBouncerSetup setup, byte[]? bytes, List<(string User, SecretValue Value)> logins, string salt)
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
    private static byte[]? Without(PgBouncerSetup setup, byte[]? bytes, IReadOnlyDictionary<string, IReadOnlyList<string>>? lines)
    {
        var text = UserListText.Parse(bytes ?? []);
        foreach (var user in setup.Users)
        {
            text.Restore(user, lines?.GetValueOrDefault(user) ?? []);
        }

        var restored = text.ToBytes();
        return restored.Length == 0 && (lines is null || bytes is null) ? null : restored;
    }

    private static List<(string User, SecretValue Value)> LoginsOf(PgBouncerSetup setup, DeliveredValues values)
    {
        var logins = new List<(string User, SecretValue Value)>();
        foreach (var credential in new[] { values.Primary, values.Secondary }.OfType<DeliveredCredential>())
        {
            var user = credential.Username
                ?? throw new DeliveryException("This secret's credentials have no user name, so there is no user whose line it could be.");
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
                throw new DeliveryException($"The user '{user}' has one password: two values cannot stand for it.");
            }

            logins.Add((user, credential.Value));
        }

        return logins;
    }

    private static Task<StepOutcome> GuardAsync(Func<Progress, Task<StepOutcome>> work)
    {
        var progress = new Progress();
        return DeliveryFailures.GuardAsync(async () =>
        {
            try
            {
                return await work(progress);
            }
            catch (PgBouncerException problem)
            {
                // Once the file is written, a refusal no longer means that nothing happened. Doing it again is harmless.
                return problem.Outcome.Kind == StepOutcomeKind.Rejected && progress.MayHaveChanged
                    ? StepOutcome.Unknown($"The file is written, but not every pooler has read it. {problem.Message}") : problem.Outcome;
            }
        });
    }

    private sealed class Progress
    {
        public bool MayHaveChanged { get; set; }
    }
}
